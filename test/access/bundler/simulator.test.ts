import { expect } from "chai";
import { Interface } from "ethers";
import fc from "fast-check";
import { newEntry, OperationPool, type PoolEntry } from "../../../src/access/bundler/operation-pool.ts";
import { Simulator } from "../../../src/access/bundler/simulator.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import { decodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";

import { type FakeNode, FakeNodeError, startFakeNode } from "../../chain/fake-node.ts";

const RELAY = "0x00000000000000000000000000000000000000bb";
const errors = new Interface(["error FailedOp(uint256 opIndex, string reason)"]);
const LAST_SENDER = `0x${"ff".repeat(20)}`;

/**
 * A node whose EntryPoint judges by the nonce: a bad one fails its operation, a mute one reverts without a word, and
 * ordinary nonces must follow each other from `next` on.
 */
class FakeEntryPoint {
  bad = new Set<bigint>();
  mute = new Set<bigint>();
  next = new Map<string, bigint>();
  calls = 0;

  answer(method: string, params: unknown[]): never {
    expect(method).to.equal("eth_call");
    this.calls++;
    const { operations } = decodeHandleOps((params[0] as { data: string }).data) ?? { operations: [] };
    const next = new Map(this.next);
    for (const [index, { sender, nonce }] of operations.entries()) {
      if (this.mute.has(nonce)) throw new FakeNodeError(3, "execution reverted", "0x");
      if (this.bad.has(nonce)) this.fail(index, "AA24 signature error");
      if (sender.toLowerCase() === LAST_SENDER) this.fail(index, "AA20 account not deployed");
      if (nonce >> 224n === 0x42524f50n) continue;
      const key = `${sender}:${nonce >> 64n}`;
      if ((next.get(key) ?? 0n) !== (nonce & 0xffffffffffffffffn)) this.fail(index, "AA25 invalid account nonce");
      next.set(key, (next.get(key) ?? 0n) + 1n);
    }
    throw new Error("the last operation is missing");
  }

  fail(index: number, reason: string): never {
    throw new FakeNodeError(3, "execution reverted", errors.encodeErrorResult("FailedOp", [index, reason]));
  }
}

function entry(nonce: bigint): PoolEntry {
  const operation = {
    sender: "0x00000000000000000000000000000000000000Aa",
    nonce,
    callData: "0x",
    callGasLimit: 1n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: "0x",
  };
  return newEntry(`0x${nonce.toString(16)}`, operation, 0, 0);
}

describe("simulation of many operations", () => {
  let node: FakeNode;
  let simulator: Simulator;
  let entryPoint: FakeEntryPoint;

  before(async () => {
    node = await startFakeNode((method, params) => entryPoint.answer(method, params));
    simulator = new Simulator(new RpcClient(node.url), RELAY);
  });
  beforeEach(() => {
    entryPoint = new FakeEntryPoint();
  });
  after(() => node.stop());

  const codes = async (entries: PoolEntry[], pool = new OperationPool()) =>
    (await simulator.validate(entries, (one) => pool.before((one as PoolEntry).operation))).map(
      (o) => o?.code ?? "good",
    );

  it("takes one call when all are good", async () => {
    const entries = Array.from({ length: 50 }, () => entry(encodeSerial({ deadlineBlock: 9 })));
    expect(new Set(await codes(entries))).to.deep.equal(new Set(["good"]));
    expect(entryPoint.calls).to.equal(1);
  });

  it("finds exactly the bad ones, also where the node does not say which", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("good", "bad", "mute"), { minLength: 1, maxLength: 30 }),
        async (kinds) => {
          entryPoint = new FakeEntryPoint();
          const entries = kinds.map((kind) => {
            const nonce = encodeSerial({ deadlineBlock: 9 });
            if (kind === "bad") entryPoint.bad.add(nonce);
            if (kind === "mute") entryPoint.mute.add(nonce);
            return entry(nonce);
          });
          const expected = { good: "good", bad: "operation.signature-invalid", mute: "operation.rejected" };
          expect(await codes(entries)).to.deep.equal(kinds.map((kind) => expected[kind as keyof typeof expected]));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("needs one call more for each bad one, not one for each operation", async () => {
    const entries = Array.from({ length: 60 }, () => entry(encodeSerial({ deadlineBlock: 9 })));
    for (const { operation } of entries.slice(10, 13)) entryPoint.bad.add(operation.nonce);
    await codes(entries);
    expect(entryPoint.calls).to.be.at.most(4);
  });

  it("judges ordinary nonces behind those that wait already, in any order of arrival", async () => {
    const pool = new OperationPool();
    const key = 7n << 64n;
    pool.add(entry(key));
    pool.add(entry(key | 1n));
    const [third, fourth] = [entry(key | 2n), entry(key | 3n)];
    for (const one of [third, fourth]) pool.add(one);
    expect(await codes([fourth, third], pool)).to.deep.equal(["good", "good"]);
    expect(await codes([entry(key | 5n)], pool)).to.deep.equal(["operation.nonce-out-of-order"]);
  });

  it("goes on without a predecessor that was included meanwhile", async () => {
    const pool = new OperationPool();
    const key = 7n << 64n;
    pool.add(entry(key));
    entryPoint.next.set("0x00000000000000000000000000000000000000Aa:7", 1n);
    expect(await codes([entry(key | 1n)], pool)).to.deep.equal(["good"]);
  });

  it("refuses what follows a bad predecessor", async () => {
    const pool = new OperationPool();
    const key = 7n << 64n;
    const [first, second] = [entry(key), entry(key | 1n)];
    for (const one of [first, second]) pool.add(one);
    entryPoint.bad.add(key);
    expect(await codes([first, second], pool)).to.deep.equal([
      "operation.signature-invalid",
      "operation.nonce-out-of-order",
    ]);
  });

  it("stays within a transaction's gas in each call", async () => {
    const entries = Array.from({ length: 300 }, () => entry(encodeSerial({ deadlineBlock: 9 })));
    expect(new Set(await codes(entries))).to.deep.equal(new Set(["good"]));
    expect(entryPoint.calls).to.be.within(3, 6);
    for (const { params } of node.calls.slice(-entryPoint.calls)) {
      expect(Number((params[0] as { gas: string }).gas)).to.be.at.most(16_777_216);
    }
  });

  it("says that a chain without EntryPoint is none of ours", async () => {
    const bare = await startFakeNode(() => "0x");
    const failure = await new Simulator(new RpcClient(bare.url), RELAY)
      .validate([entry(encodeSerial({ deadlineBlock: 9 }))])
      .catch((error) => error);
    expect(failure).to.include({ code: "chain.wrong" });
    await bare.stop();
  });
});
