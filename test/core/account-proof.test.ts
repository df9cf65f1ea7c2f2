import { expect } from "chai";
import fc from "fast-check";
import { readStorage, verifyAccount, verifyStorage } from "../../src/core/account-proof.ts";
import { BropError } from "../../src/core/errors.ts";
import { bytesToHex, hexToBytes } from "../../src/core/hex.ts";
import { headerFromRpc } from "../../src/core/qbft/header.ts";
import { contractModeBlock, recorded, recordedValidators } from "../support/qbft-recordings.ts";

interface RpcProof {
  address: string;
  codeHash: string;
  storageHash: string;
  accountProof: string[];
  storageProof: { key: string; value: string; proof: string[] }[];
}

const REGISTRY = "0x0000000000000000000000000000000000008888";
const slotOf = (key: string) => `0x${BigInt(key).toString(16).padStart(64, "0")}`;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    expect(error.code).to.equal("proof.invalid");
    return error.message;
  }
  throw new Error("Nothing was refused");
}

describe("a proof of an account and its storage", () => {
  const proofAt = (block: number) => recorded(`contract-mode/proof-${block}`) as RpcProof;
  const rootAt = (block: number) => headerFromRpc(contractModeBlock(block)).stateRoot;
  const proof = proofAt(42);
  const slots = proof.storageProof.map(({ key }) => slotOf(key));

  it("shows the recorded sets of validators in the states of their blocks", () => {
    for (const block of [42, 47, 52]) {
      const answer = proofAt(block);
      const keys = answer.storageProof.map(({ key }) => slotOf(key));
      const [length, epoch, ...elements] = readStorage(rootAt(block), REGISTRY, keys, answer);
      expect(epoch).to.equal(BigInt([42, 47, 52].indexOf(block) + 1));
      const validators = recordedValidators(block + 1);
      expect(length).to.equal(BigInt(validators.length));
      expect(elements).to.deep.equal(validators.map(BigInt));
    }
  });

  it("shows the account as it is", () => {
    const account = verifyAccount(rootAt(42), REGISTRY, proof.accountProof.map(hexToBytes));
    expect(bytesToHex(account?.codeHash as Uint8Array)).to.equal(proof.codeHash);
    expect(bytesToHex(account?.storageRoot as Uint8Array)).to.equal(proof.storageHash);
    expect([account?.nonce, account?.balance]).to.deep.equal([0n, 0n]);
  });

  it("does not read what the node says that the values are", () => {
    const lying = {
      ...proof,
      storageHash: `0x${"11".repeat(32)}`,
      storageProof: proof.storageProof.map((one) => ({ ...one, value: "0x0", key: "0x77" })),
    };
    expect(readStorage(rootAt(42), REGISTRY, slots, lying)[0]).to.equal(5n);
  });

  it("is read in the order of the question: Besu answers in the order of the slots' numbers", () => {
    const values = readStorage(rootAt(42), REGISTRY, slots, proof);
    const turned = readStorage(rootAt(42), REGISTRY, [...slots].reverse(), proof);
    expect(turned).to.deep.equal([...values].reverse());
  });

  it("is refused for another block, account or slot, and with slots left out or exchanged", () => {
    refusal(() => readStorage(rootAt(47), REGISTRY, slots, proof));
    refusal(() => readStorage(rootAt(42), "0x0000000000000000000000000000000000009001", slots, proof));
    refusal(() => readStorage(rootAt(42), REGISTRY, [slotOf("0x7"), ...slots.slice(1)], proof));
    refusal(() => readStorage(rootAt(42), REGISTRY, slots.slice(1), proof));
    const [first, second, ...others] = proof.storageProof as [
      RpcProof["storageProof"][number],
      RpcProof["storageProof"][number],
    ];
    const exchanged = [{ ...first, key: second.key }, { ...second, key: first.key }, ...others];
    refusal(() => readStorage(rootAt(42), REGISTRY, slots, { ...proof, storageProof: exchanged }));
    refusal(() => readStorage(rootAt(42), REGISTRY, slots, { ...proof, storageProof: [] }));
  });

  it("is refused for an account that it shows not to be there", () => {
    const accountProof = proof.accountProof.slice(0, 1);
    // Addresses whose way ends in the root, at a place without a child.
    const absent = Array.from({ length: 64 }, (_, at) => `0x${(at + 1).toString(16).padStart(40, "7")}`).filter(
      (one) => {
        try {
          return verifyAccount(rootAt(42), one, accountProof.map(hexToBytes)) === undefined;
        } catch (error) {
          expect((error as BropError).code).to.equal("proof.invalid");
          return false;
        }
      },
    );
    expect(absent.length).to.be.greaterThan(20);
    for (const one of absent) {
      expect(refusal(() => readStorage(rootAt(42), one, [], { accountProof, storageProof: [] }))).to.match(
        /there is no/,
      );
    }
  });

  it("shows an unused slot as 0, and can not hide a used one", () => {
    const { storageRoot } = verifyAccount(rootAt(42), REGISTRY, proof.accountProof.map(hexToBytes)) as {
      storageRoot: Uint8Array;
    };
    const [first] = proof.storageProof as [RpcProof["storageProof"][number]];
    const nodes = first.proof.map(hexToBytes);
    expect(verifyStorage(storageRoot, slots[0] as string, nodes)).to.equal(5n);
    refusal(() => verifyStorage(storageRoot, slots[0] as string, nodes.slice(0, 1)));
    // Slots whose way ends in the root, at a place without a child.
    let absent = 0;
    for (let slot = 100; slot < 200; slot++) {
      try {
        expect(verifyStorage(storageRoot, slotOf(`0x${slot.toString(16)}`), nodes.slice(0, 1))).to.equal(0n);
        absent++;
      } catch (error) {
        expect((error as BropError).code).to.equal("proof.invalid");
      }
    }
    expect(absent).to.be.greaterThan(40);
  });

  it("is refused with any bit flipped", () => {
    const flip = (hex: string, bit: number) => {
      const bytes = hexToBytes(hex);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      return bytesToHex(bytes);
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.boolean(), (random, which, ofAccount) => {
        const forged = structuredClone(proof);
        const nodes = ofAccount
          ? forged.accountProof
          : (forged.storageProof[which % forged.storageProof.length] as { proof: string[] }).proof;
        const at = random % nodes.length;
        const node = nodes[at] as string;
        nodes[at] = flip(node, random % ((node.length - 2) * 4));
        refusal(() => readStorage(rootAt(42), REGISTRY, slots, forged));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is refused, and crashes nobody, in any shape", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => void refusal(() => readStorage(rootAt(42), REGISTRY, slots, value))),
    );
    for (const member of ["accountProof", "storageProof"]) {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          refusal(() => readStorage(rootAt(42), REGISTRY, slots, { ...proof, [member]: value }));
        }),
      );
    }
  });
});
