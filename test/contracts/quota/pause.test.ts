import { expect } from "chai";
import { blockNumber, mineTo } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { callOf, expectExecuted, expectRefused } from "../support/operations.ts";
import { type Town, town } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";

const recording = ({ records }: Town, name: string) => [callOf(records, "record", [recordOf(name)])];

/** Paused for so many blocks from now on. */
async function paused(blocks: number) {
  const p = await town();
  const lastBlock = (await blockNumber()) + 20 + blocks;
  await decide(p, [p.quota, "pause", [lastBlock]]);
  return { ...p, lastBlock };
}

describe("A pause of all operations (GO-3)", () => {
  it("refuses every operation until its last block, and charges nothing", async () => {
    const p = await paused(100);
    expect(await p.quota.pausedUntil()).to.equal(BigInt(p.lastBlock));
    const before = await p.quota.usageOf(p.alice.address);
    expectRefused(await p.alice.operate(recording(p, "one")), "QuotaPaused", [BigInt(p.lastBlock)]);
    await mineTo(p.lastBlock - 1);
    expectRefused(await p.alice.operate(recording(p, "two")), "QuotaPaused", [BigInt(p.lastBlock)]);
    expect(await p.quota.usageOf(p.alice.address)).to.deep.equal(before);
  });

  it("ends by itself", async () => {
    const p = await paused(40);
    await mineTo(p.lastBlock);
    expectExecuted(await p.alice.operate(recording(p, "one")));
  });

  it("is ended early by Council, which operations can not keep from acting", async () => {
    const p = await paused(10_000);
    await decide(p, [p.quota, "pause", [0]]);
    expectExecuted(await p.alice.operate(recording(p, "one")));
  });

  it("is nobody else's to begin or to end", async () => {
    const p = await paused(10_000);
    for (const caller of [p.operator, p.regulator, p.stranger, p.seats[0]]) {
      await expectRevert(p.quota.connect(caller).pause(0), "UnauthorisedNotCouncil", [caller?.address]);
    }
  });
});
