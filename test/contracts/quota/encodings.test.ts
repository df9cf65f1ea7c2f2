import { expect } from "chai";
import {
  AbiCoder,
  concat,
  dataLength,
  dataSlice,
  encodeBytes32String,
  Interface,
  id,
  toBeHex,
  ZeroAddress,
  zeroPadValue,
} from "ethers";
import fc from "fast-check";
import { abi } from "../../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import {
  BATCH_MODE,
  type Call,
  decodeExecute,
  EXECUTE_SELECTOR,
  encodeBatch,
  encodeExecute,
} from "../../../src/core/execution.ts";
import { digestOf } from "../support/actors.ts";
import { ethers, networkHelpers } from "../support/chain.ts";
import { startFrom } from "../support/fixtures.ts";
import { draft, expectRefused, handleOps, signed } from "../support/operations.ts";
import { type Participant, type Town, town } from "../support/participants.ts";
import { accountAt, deployed } from "../support/platform.ts";

/** Functions of the probe and their prices: every sum of them names its parts. */
const PRICES: Record<string, number> = {
  [id("one()").slice(0, 10)]: 1_000,
  [id("two()").slice(0, 10)]: 100_000,
  [id("three()").slice(0, 10)]: 10_000_000,
};
const SELECTORS = Object.keys(PRICES);
const account = new Interface(abi.Account);
const probed = id("Probed(address,uint256,bytes)");

/** The town and a listed contract that tells what it was called with; Alice has points without number. */
async function withProbe() {
  const p = await town();
  const probe = await deployed(p.operator, "testing/Probe", []);
  await p.directory.connect(p.operator).register(encodeBytes32String("Probe"), probe, digestOf("abi"));
  await p.quota.connect(p.operator).publishPrices(probe, SELECTORS, Object.values(PRICES));
  await p.quota.connect(p.operator).assignClass(p.alice.address, 17);
  await networkHelpers.mine(20);
  return { ...p, probe };
}

const start = () => startFrom(withProbe);

/** What an operation with this call data was charged for its calls, and what it then really called. */
async function run(p: Town & { probe: string }, who: Participant, callData: string) {
  const result = await handleOps([signed(await draft(who.address, callData), who.wallet)]);
  if (result.refused) return { refused: result.refused };
  const [outcome] = result.outcomes;
  const charged = outcome?.events.find(({ name }) => name === "Charged")?.args[2] as bigint;
  const receipt = await ethers.provider.getBlock(result.blockNumber);
  const logs = await ethers.provider.getLogs({ blockHash: receipt?.hash ?? "", address: p.probe, topics: [probed] });
  const called = logs.map(({ data }) => AbiCoder.defaultAbiCoder().decode(["uint256", "bytes"], data)[1] as string);
  return { success: outcome?.success === true, forCalls: charged - BigInt(dataLength(callData)), called };
}

const word = (value: bigint | number) => toBeHex(BigInt.asUintN(256, BigInt(value)), 32);
const address = (value: string) => zeroPadValue(value, 32);
const bytes = (data: string) =>
  concat([word(dataLength(data)), data, `0x${"00".repeat((32 - (dataLength(data) % 32)) % 32)}`]);

/** Call data of a batch around an `executionData` that need not be one. */
const around = (executionData: string) =>
  concat([EXECUTE_SELECTOR, BATCH_MODE, word(64), word(dataLength(executionData)), executionData]);

const [ONE = "", TWO = "", THREE = ""] = SELECTORS;

describe("What Quota prices is what the account executes", () => {
  it("in the standard forms: single calls, batches, calls to the account itself", async () => {
    const p = await start();
    const one = { target: p.probe, data: ONE };
    const two = { target: p.probe, data: `${TWO}0102` };
    for (const [callData, price] of [
      [encodeExecute([one]), 1_000n],
      [encodeBatch([one]), 1_000n],
      [encodeBatch([one, two, one]), 102_000n],
    ] as const) {
      const result = await run(p, p.alice, callData);
      expect(result.success).to.equal(true);
      expect(result.forCalls).to.equal(price);
    }
  });

  it("with tuples in another order, with gaps, shared and with bytes behind", async () => {
    const p = await start();
    const [a, b] = [
      concat([address(p.probe), word(0), word(96), bytes(ONE)]),
      concat([address(p.probe), word(0), word(96), bytes(TWO)]),
    ];
    const offset = (at: number) => word(at);
    const list = (offsets: string[], ...parts: string[]) =>
      around(concat([word(32), word(offsets.length), ...offsets, ...parts]));
    const layouts: [string, bigint][] = [
      [list([offset(64 + dataLength(b)), offset(64)], b, a), 101_000n],
      [list([offset(96), offset(96 + dataLength(a))], word(7), a, b), 101_000n],
      [list([offset(96), offset(96), offset(96)], a), 3_000n],
      [list([offset(32)], a, id("rubbish")), 1_000n],
      [concat([list([offset(32)], a), id("rubbish")]), 1_000n],
    ];
    for (const [callData, price] of layouts) {
      const result = await run(p, p.alice, callData);
      expect(result.success, callData).to.equal(true);
      expect(result.forCalls).to.equal(price);
    }
  });

  it("with a list that starts elsewhere in the data", async () => {
    const p = await start();
    const tuple = concat([address(p.probe), word(0), word(96), bytes(THREE)]);
    const callData = around(concat([word(96), id("rubbish"), id("more"), word(1), word(32), tuple]));
    const result = await run(p, p.alice, callData);
    expect(result.success).to.equal(true);
    expect(result.forCalls).to.equal(10_000_000n);
  });

  describe("refuses", () => {
    const refused = async (makeCallData: (p: Town & { probe: string }) => string) => {
      const p = await start();
      const callData = makeCallData(p);
      expectRefused({ refused: (await run(p, p.alice, callData)).refused as never }, "ExecutionInvalid", []);
    };
    const one = (p: { probe: string }) => ({ target: p.probe, data: ONE });
    const executionData = (p: { probe: string }) => dataSlice(encodeBatch([one(p)]), 100);
    const inMode = (mode: string) => (p: { probe: string }) =>
      concat([EXECUTE_SELECTOR, mode.padEnd(66, "0"), word(64), word(dataLength(executionData(p))), executionData(p)]);

    it("no call data at all, and too little of it", async () => {
      await refused(() => "0x");
      await refused(() => "0xe9ae");
      await refused(() => EXECUTE_SELECTOR);
      await refused(() => concat([EXECUTE_SELECTOR, BATCH_MODE, word(64)]));
    });

    it("another function of the account, such as changing its key without a price", () =>
      refused(({ alice }) => account.encodeFunctionData("setSigner", [alice.wallet.address])));

    it("executeUserOp, for which EntryPoint would call another function than the call data says", () =>
      refused((p) => concat(["0x8dd7712f", encodeBatch([one(p)])])));

    it("an empty batch", () => refused(() => around(concat([word(32), word(0)]))));

    for (const [title, mode] of [
      ["delegate calls", "0xff"],
      ["static calls", "0xfe"],
      ["batches that go on after a failure", "0x0101"],
      ["single calls that hide a failure", "0x0001"],
      ["optional data", "0x01000000000078210001"],
      ["batches of batches", "0x01000000000078210002"],
      ["a payload in the mode", `0x01${"00".repeat(20)}01`],
      ["unused bytes of the mode", "0x010001"],
    ] as const) {
      it(`mode: ${title}`, () => refused(inMode(mode)));
    }

    it("another place of the data than the standard one", () =>
      refused((p) => concat([EXECUTE_SELECTOR, BATCH_MODE, word(96), word(0), bytes(executionData(p))])));

    it("a length that goes beyond the call data", () =>
      refused((p) => concat([EXECUTE_SELECTOR, BATCH_MODE, word(64), word(4_000), executionData(p)])));

    it("a single call without a whole target and value", () =>
      refused((p) => concat([EXECUTE_SELECTOR, word(0), word(64), bytes(concat([p.probe, word(0).slice(0, 64)]))])));

    // A tuple in front of the operation: Quota would read the head of its own call there, and the account zeros.
    for (const back of [96, 97, 128, 132, 160, 164, 1_000]) {
      it(`a tuple ${back} bytes in front of the call data`, async () => {
        const p = await start();
        // The list's pointers stand at byte 164 of the call data.
        const pointer = word(-164 - back);
        const attempt = around(concat([word(32), word(1), pointer, ...Array(8).fill(bytes(ONE))]));
        const result = await run(p, p.alice, attempt);
        expect(result.refused?.reason).to.equal("AA23 reverted");
      });
    }

    it("a tuple in front of the operation that would be priced by the operation's length", async () => {
      const p = await start();
      // 96 bytes in front Quota would take the length of the call data for the pointer to the call's data: choose that
      // length so that a priced selector stands there. The account would find an empty call to itself.
      const fake = concat([word(4), `${account.getFunction("setSigner")?.selector}${"00".repeat(28)}`]);
      const total = 164 + 32 + 96 + 64;
      const head = concat([word(32), word(1), word(-164 - 96)]);
      const body = concat([head, `0x${"00".repeat(total - 100 - dataLength(head) - 96)}`, fake, word(0)]);
      const callData = around(body);
      const result = await run(p, p.alice, callData);
      expect(result.refused?.failure?.name).to.equal("ExecutionInvalid");
    });

    it("data of a call that stands in front of the call", () =>
      refused((p) => around(concat([word(32), word(1), word(96), bytes(ONE), address(p.probe), word(0), word(-64)]))));
  });

  it("refuses the account's own execute inside a batch: nothing is called that has no price", async () => {
    const p = await start();
    const inner = encodeExecute([{ target: SYSTEM_ADDRESSES.EntryPoint, data: "0x12345678" }]);
    for (const target of [p.alice.address, ZeroAddress]) {
      for (const callData of [encodeExecute([{ target, data: inner }]), encodeBatch([{ target, data: inner }])]) {
        const result = await run(p, p.alice, callData);
        expectRefused({ refused: result.refused as never }, "QuotaUnpriced", [ZeroAddress, EXECUTE_SELECTOR]);
      }
    }
  });

  it("refuses calls without a price: unknown functions, empty data, strangers, keys, the system's contracts", async () => {
    const p = await start();
    const calls: [string, string][] = [
      [p.probe, "0x12345678"],
      [p.probe, "0x"],
      [p.probe, ONE.slice(0, 8)],
      [p.alice.wallet.address, ONE],
      [p.bob.address, account.getFunction("setSigner")?.selector ?? ""],
      [p.alice.address, "0x"],
      [SYSTEM_ADDRESSES.EntryPoint, "0x0bd28e3b"],
      [SYSTEM_ADDRESSES.AccessManager, "0x1cff79cd"],
      [SYSTEM_ADDRESSES.Council, "0x0121b93f"],
      [SYSTEM_ADDRESSES.Quota, p.quota.interface.getFunction("charge").selector],
      [p.addresses.Account ?? "", account.getFunction("setSigner")?.selector ?? ""],
    ];
    for (const [target, data] of calls) {
      const result = await run(p, p.alice, encodeExecute([{ target, data }]));
      const selector = data.length < 10 ? "0x00000000" : data.slice(0, 10);
      const named = target === p.alice.address ? ZeroAddress : target;
      expectRefused({ refused: result.refused as never }, "QuotaUnpriced", [named, selector]);
    }
  });

  it("holds for encodings nobody would think of", async function () {
    this.timeout(120_000);
    const p = await start();
    const selector = fc.constantFrom(...SELECTORS);
    const call = fc.record({ selector, tail: fc.uint8Array({ maxLength: 40 }) });
    const change = fc.record({
      // Words of the encoding that mean something: pointers, lengths, targets.
      word: fc.nat({ max: 24 }),
      value: fc.oneof(
        fc.nat({ max: 40 }).map((count) => BigInt(count * 32)),
        fc.integer({ min: -320, max: 320 }).map(BigInt),
        fc.constantFrom(2n ** 255n, 2n ** 256n - 1n, 2n ** 64n, 2n ** 32n, BigInt(p.probe), BigInt(p.alice.address)),
      ),
      shift: fc.constantFrom(0, 0, 0, 1, 4, 31),
    });
    const cut = fc.constantFrom(0, 0, 0, 1, 31, 32, 33, 64);
    const cases = fc.record({
      calls: fc.array(call, { minLength: 1, maxLength: 3 }),
      changes: fc.array(change, { maxLength: 3 }),
      cut,
    });
    let executed = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ calls, changes, cut }) => {
        const list: Call[] = calls.map(({ selector, tail }) => ({
          target: p.probe,
          data: concat([selector, tail]),
        }));
        let callData = encodeBatch(list);
        for (const { word: at, value, shift } of changes) callData = overwrite(callData, 100 + at * 32 + shift, value);
        if (cut > 0) callData = dataSlice(callData, 0, Math.max(4, dataLength(callData) - cut));
        const result = await run(p, p.alice, callData);
        if (result.refused || !result.success) return;
        executed++;
        const paid = result.called
          .map((data) => BigInt(PRICES[data.slice(0, 10)] ?? 0))
          .reduce((sum, one) => sum + one, 0n);
        expect(result.forCalls, callData).to.equal(paid);
        // The services read the same calls.
        expect(
          decodeExecute(callData)?.map(({ data }) => data),
          callData,
        ).to.deep.equal(result.called);
      }),
      { numRuns: 150 },
    );
    expect(executed).to.be.greaterThan(10);
  });

  it("lets an account change its own key at its price, and no account another's", async () => {
    const p = await start();
    const data = account.encodeFunctionData("setSigner", [p.alice.wallet.address]);
    const result = await run(p, p.alice, encodeExecute([{ target: p.alice.address, data }]));
    expect(result.forCalls).to.equal(2_000n);
    expect(await accountAt(p.alice.address).getFunction("signer")()).to.equal(p.alice.wallet.address.toLowerCase());
  });
});

/** Writes a word into call data, where that is long enough. */
function overwrite(data: string, position: number, value: bigint): string {
  if (position + 32 > dataLength(data)) return data;
  return concat([dataSlice(data, 0, position), word(value), dataSlice(data, position + 32)]);
}
