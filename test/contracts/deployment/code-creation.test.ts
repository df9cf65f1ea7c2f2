import { expect } from "chai";
import { getBytes } from "ethers";
import { nameOf, PLAN } from "../../../scripts/deployment/plan.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { ethers } from "../support/chain.ts";
import { town } from "../support/participants.ts";
import { implementationOf } from "../support/platform.ts";

const CREATE = 0xf0;
const CREATE2 = 0xf5;
const CALLCODE = 0xf2;
const SELFDESTRUCT = 0xff;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const JUMPDEST = 0x5b;
/** STOP, JUMP, RETURN, REVERT, INVALID: what follows runs only if it is a jump's destination. */
const ENDINGS = new Set([0x00, 0x56, 0xf3, 0xfd, 0xfe]);

/**
 * Instructions of a contract's code that can run. Left out are the data of PUSH, and what follows an ending up to the
 * next jump destination: metadata, and the constants that the compiler lays behind the code and reads with CODECOPY.
 */
function instructionsOf(code: string): Set<number> {
  const bytes = getBytes(code);
  const found = new Set<number>();
  let reachable = true;
  for (let at = 0; at < bytes.length; at++) {
    const instruction = bytes[at] as number;
    if (instruction === JUMPDEST) reachable = true;
    if (reachable) found.add(instruction);
    if (ENDINGS.has(instruction)) reachable = false;
    if (instruction >= PUSH1 && instruction <= PUSH32) at += instruction - PUSH1 + 1;
  }
  return found;
}

/** Code of every contract that stands after deployment, proxies by their implementation, and of an account. */
async function everyCode() {
  const p = await town();
  const codes: Record<string, Set<number>> = {};
  const read = async (name: string, address: string) => {
    codes[name] = instructionsOf(await ethers.provider.getCode(address));
    const implementation = await implementationOf(address);
    if (implementation !== undefined)
      codes[`${name} code`] = instructionsOf(await ethers.provider.getCode(implementation));
  };
  for (const [name, address] of Object.entries(SYSTEM_ADDRESSES)) await read(name, address);
  for (const name of PLAN.map(nameOf)) await read(name, p.addresses[name] ?? "");
  await read("an account", p.alice.address);
  return codes;
}

describe("Code comes into being (CH-3)", () => {
  const having = (codes: Record<string, Set<number>>, instruction: number) =>
    Object.keys(codes).filter((name) => codes[name]?.has(instruction));

  it("through Directory and the two factories only: no other contract has an instruction that creates", async () => {
    const codes = await everyCode();
    expect(Object.keys(codes).length).to.be.greaterThan(PLAN.length);
    const creating = [...having(codes, CREATE), ...having(codes, CREATE2)];
    expect(new Set(creating)).to.deep.equal(new Set(["Directory code", "AccountFactory code", "VoucherFactory code"]));
  });

  it("and stays: no contract has an instruction that destroys it", async () => {
    const codes = await everyCode();
    expect(having(codes, SELFDESTRUCT)).to.deep.equal([]);
    expect(having(codes, CALLCODE)).to.deep.equal([]);
  });
});
