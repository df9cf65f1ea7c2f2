import { expect } from "chai";
import fc from "fast-check";
import {
  BUNDLE_GAS_BUDGET,
  blockGasRoom,
  bundleGasBudget,
  bundleGasLimit,
  TRANSACTION_GAS_CAP,
} from "../../../src/access/bundler/gas.ts";
import { newEntry, OperationPool, type PoolEntry } from "../../../src/access/bundler/operation-pool.ts";
import { type Draft, type PackingOptions, packBundles } from "../../../src/access/bundler/packer.ts";
import { encodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";

const RELAY = "0x00000000000000000000000000000000000000bB";
let lastHash = 0;

interface Shape {
  sender?: number;
  nonce?: bigint;
  gas?: number;
  bytes?: number;
}

function entry({ sender = 1, nonce = encodeSerial({ deadlineBlock: 9 }), gas = 50_000, bytes = 10 }: Shape = {}) {
  const operation = {
    sender: `0x${sender.toString(16).padStart(40, "0")}`,
    nonce,
    callData: `0x${"11".repeat(bytes)}`,
    callGasLimit: BigInt(gas),
    verificationGasLimit: 100_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: `0x${"22".repeat(65)}`,
  };
  const made = newEntry(`0x${(++lastHash).toString(16)}`, operation, 0, 0);
  made.accepted = true;
  return made;
}

function packed(entries: readonly PoolEntry[], options: Partial<PackingOptions> = {}): Draft[] {
  const pool = options.pool ?? new OperationPool();
  for (const one of entries) pool.add(one);
  const usual = { bundleGas: BUNDLE_GAS_BUDGET, totalGas: 2e9, most: 100, relayOf: () => undefined };
  return packBundles(entries, { ...usual, ...options, pool });
}

const operationsOf = (drafts: readonly Draft[]) => drafts.flatMap(({ entries }) => entries);
const chain = (key: bigint, length: number, shape: Shape = {}) =>
  Array.from({ length }, (_, sequence) => entry({ ...shape, nonce: (key << 64n) | BigInt(sequence) }));

describe("packing of bundles", () => {
  const anyShape = fc.record({
    sender: fc.integer({ min: 1, max: 4 }),
    key: fc.integer({ min: -1, max: 1 }),
    gas: fc.integer({ min: 0, max: 5_000_000 }),
    bytes: fc.integer({ min: 0, max: 20_000 }),
  });

  it("carries no operation twice, stays within a transaction's gas and size, and keeps ordinary nonces in order", () => {
    fc.assert(
      fc.property(fc.array(anyShape, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (shapes, most) => {
        const next = new Map<string, bigint>();
        const entries = shapes.map(({ sender, key, gas, bytes }) => {
          if (key < 0) return entry({ sender, gas, bytes });
          const place = `${sender}:${key}`;
          const sequence = next.get(place) ?? 0n;
          next.set(place, sequence + 1n);
          return entry({ sender, gas, bytes, nonce: (BigInt(key) << 64n) | sequence });
        });
        const shuffled = [...entries].sort((a, b) => Number(a.hash) * 7919 - Number(b.hash) * 104_729);
        const drafts = packed(shuffled, { most });
        expect(drafts.length).to.be.at.most(most);
        const carried = operationsOf(drafts);
        expect(new Set(carried).size).to.equal(carried.length);
        for (const { entries: inside } of drafts) {
          const gas = inside.reduce((sum, one) => sum + one.gas, 0);
          expect(gas).to.be.at.most(BUNDLE_GAS_BUDGET);
          expect(bundleGasLimit(gas)).to.be.at.most(TRANSACTION_GAS_CAP);
          const data = encodeHandleOps(
            inside.map((one) => one.packed),
            RELAY,
          );
          expect(data.length / 2).to.be.below(128 * 1024);
        }
        // Bundles of different relays have no order in a block: what follows stands behind, in the same bundle.
        for (const { entries: inside } of drafts) {
          for (const [at, one] of inside.entries()) {
            const { nonce, sender } = one.operation;
            if (one.deadline !== undefined || (nonce & 0xffffn) === 0n) continue;
            const before = inside.slice(0, at).map(({ operation }) => [operation.sender, operation.nonce]);
            expect(before).to.deep.include([sender, nonce - 1n]);
          }
        }
      }),
    );
  });

  it("fills bundles: what is left out would fit into none", () => {
    const entries = Array.from({ length: 30 }, (_, at) => entry({ sender: at, gas: 400_000 + at * 100_000 }));
    const drafts = packed(entries, { most: 2 });
    const left = entries.filter((one) => !operationsOf(drafts).includes(one));
    expect(left).not.to.deep.equal([]);
    for (const one of left) for (const { gas } of drafts) expect(gas + one.gas).to.be.above(BUNDLE_GAS_BUDGET);
  });

  it("lets no flood of one account keep another waiting", () => {
    const flood = Array.from({ length: 5_000 }, () => entry({ sender: 1 }));
    const others = [2, 3, 4].map((sender) => entry({ sender }));
    const drafts = packed([...flood, ...others], { most: 1 });
    expect(drafts).to.have.lengthOf(1);
    expect(operationsOf(drafts)).to.include.members(others);
  });

  it("shares a full bundle by gas, not by number: large operations get as much as small ones", () => {
    const large = Array.from({ length: 50 }, () => entry({ sender: 1, gas: 2_000_000 }));
    const small = Array.from({ length: 500 }, () => entry({ sender: 2, gas: 60_000 }));
    const inside = operationsOf(packed([...large, ...small], { most: 1 }));
    const gasOf = (sender: number) =>
      inside
        .filter(({ operation }) => BigInt(operation.sender) === BigInt(sender))
        .reduce((sum, { gas }) => sum + gas, 0);
    expect(gasOf(1) / gasOf(2)).to.be.within(0.6, 1.6);
  });

  it("gives an account that pays in small operations its turn beside thousands of others", () => {
    const crowd = Array.from({ length: 2_000 }, (_, at) => entry({ sender: 10 + at, gas: 300_000 }));
    const first = entry({ sender: 1 });
    expect(operationsOf(packed([first, ...crowd], { most: 1 }))).to.include(first);
  });

  it("keeps a whole chain of ordinary nonces waiting behind one that found no place", () => {
    const links = chain(5n, 6, { gas: 3_000_000 });
    const inside = operationsOf(packed(links, { most: 1 }));
    expect(inside).to.deep.equal(links.slice(0, inside.length));
    expect(inside.length).to.be.within(4, 5);
    expect(operationsOf(packed(links, { most: 3 }))).to.deep.equal(inside);
  });

  it("puts what follows a bundle under way into a bundle of the same relay, and nothing that follows another's", () => {
    const [first, second] = chain(5n, 2) as [PoolEntry, PoolEntry];
    const [other, behind] = chain(6n, 2, { sender: 2 }) as [PoolEntry, PoolEntry];
    const pool = new OperationPool();
    for (const one of [first, other]) pool.add(one);
    const relays = new Map([
      [first, "relay A"],
      [other, "relay B"],
    ]);
    const drafts = packed([second, behind, entry({ sender: 3 })], { pool, relayOf: (one) => relays.get(one) });
    const relayOf = (one: PoolEntry) => drafts.find(({ entries }) => entries.includes(one))?.relay;
    expect([relayOf(second), relayOf(behind)]).to.deep.equal(["relay A", "relay B"]);
  });

  it("leaves what follows an operation that waits where it is", () => {
    const [first, second] = chain(5n, 2) as [PoolEntry, PoolEntry];
    const pool = new OperationPool();
    pool.add(first);
    expect(packed([second], { pool })).to.deep.equal([]);
  });

  it("takes no more gas together than a block has left", () => {
    const entries = Array.from({ length: 500 }, (_, sender) => entry({ sender, gas: 400_000 }));
    const drafts = packed(entries, { totalGas: 30_000_000 });
    expect(drafts.reduce((sum, { gas }) => sum + gas, 0)).to.be.within(29_000_000, 30_000_000);
  });

  it("makes no bundle where there is no room", () => {
    expect(packed([entry()], { most: 0 })).to.deep.equal([]);
    expect(packed([entry()], { totalGas: 0 })).to.deep.equal([]);
    expect(packed([])).to.deep.equal([]);
  });
});

describe("gas of bundles", () => {
  it("is a transaction's cap, or a block's limit where that is lower", () => {
    expect(bundleGasBudget(2_000_000_000)).to.equal(BUNDLE_GAS_BUDGET);
    expect(bundleGasLimit(bundleGasBudget(10_000_000))).to.be.at.most(10_000_000);
    expect(bundleGasBudget(100_000)).to.equal(0);
  });

  it("leaves a block of many bundles place for one of somebody else's, and counts what is under way", () => {
    expect(blockGasRoom(10 * TRANSACTION_GAS_CAP, 0)).to.be.below(9 * TRANSACTION_GAS_CAP);
    expect(blockGasRoom(TRANSACTION_GAS_CAP, 0)).to.be.above(16_000_000);
    expect(blockGasRoom(30_000_000, 20_000_000)).to.be.below(10_000_000);
    expect(blockGasRoom(30_000_000, 40_000_000)).to.equal(0);
  });
});
