import { getAddress, getBytes, hexlify, id, type Provider, toBeHex } from "ethers";
import type { Artifact } from "../../src/chain/artifacts.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { type Build, type Creation, creationsOf } from "../deployment/creation.ts";
import { GENESIS_PROXIES, nameOf, PLAN, type PlannedContract } from "../deployment/plan.ts";
import { standing } from "../deployment/standing.ts";

/** What a contract of the network is against the one that was built. */
export interface Comparison {
  name: string;
  /** Where it is called; of code behind a factory, where that stands. */
  address: string;
  /** Fixed: it differs, but stands without a proxy, so that no upgrade reaches it. */
  state: "current" | "outdated" | "fixed";
  /** Address of the code that runs. */
  from: string;
  /** Address of the code that was built. */
  to: string;
}

/** What differs, and the code that is missing for it. */
export interface Survey {
  comparisons: Comparison[];
  /** What `to` of the outdated ones takes, in order; part of it may stand already. */
  creations: Creation[];
}

/** Where a proxy keeps the address of its code (ERC-1967). */
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);

/**
 * Compares every contract of the network with the built one. Code that depends on outdated code without a proxy, as a
 * factory does on what it makes clones of, is outdated too.
 *
 * @throws when a contract of the plan is not deployed yet
 */
export async function compare(provider: Provider, build: Build): Promise<Survey> {
  const addresses = await standing(provider);
  const missing = PLAN.map(nameOf).filter((name) => addresses[name] === undefined);
  if (missing.length > 0) throw new Error(`Not deployed yet: ${missing.join(", ")}. Deploy first, then upgrade`);
  const survey: Survey = { comparisons: [], creations: [] };
  const note = (name: string, state: Comparison["state"], from: string, code: Creation) => {
    const address = addresses[name] ?? from;
    survey.comparisons.push({ name, address, state, from, to: code.address });
    if (state === "outdated") survey.creations.push(code);
  };
  for (const contract of PLAN) {
    const name = nameOf(contract);
    const code = firstCreation(contract, addresses, build);
    const from = await codeOf(provider, contract, addresses[name] ?? "");
    const isFixed = contract.name !== undefined && (!contract.proxied || from === undefined);
    const state = from === code.address ? "current" : isFixed ? "fixed" : "outdated";
    note(name, state, from ?? addresses[name] ?? "", code);
    if (contract.name === undefined) addresses[name] = code.address;
  }
  for (const contract of GENESIS_PROXIES) {
    const name = nameOf(contract);
    addresses[name] = SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES];
    const code = firstCreation(contract, addresses, build);
    const from = (await codeOf(provider, contract, addresses[name])) ?? "";
    // Genesis put its code where no creation would.
    const isCurrent = from === code.address || isBuiltFrom(await provider.getCode(from), build(contract.path));
    note(name, isCurrent ? "current" : "outdated", from, code);
  }
  return survey;
}

function firstCreation(contract: PlannedContract, addresses: Record<string, string>, build: Build): Creation {
  const [code] = creationsOf(contract, addresses, build);
  if (code === undefined) throw new Error(`Nothing to create for ${nameOf(contract)}`);
  return code;
}

/** Address of the code that runs at an address; undefined when it should be a proxy and is none. */
async function codeOf(provider: Provider, { proxied }: PlannedContract, address: string): Promise<string | undefined> {
  if (!proxied) return address;
  const word = await provider.getStorage(address, IMPLEMENTATION_SLOT);
  return BigInt(word) === 0n ? undefined : getAddress(`0x${word.slice(26)}`);
}

/** Whether code is the built one, but for what its constructor filled in. */
function isBuiltFrom(code: string, { deployedBytecode, immutableReferences = {} }: Artifact): boolean {
  const bytes = getBytes(code);
  for (const { start, length } of Object.values(immutableReferences).flat()) bytes.fill(0, start, start + length);
  return hexlify(bytes) === deployedBytecode;
}
