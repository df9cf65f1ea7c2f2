import { expect } from "chai";
import { blockNumber, mineTo } from "../support/chain.ts";
import { callOf, expectExecuted } from "../support/operations.ts";
import { type Participant, type Town, town } from "../support/participants.ts";
import { priceOf } from "../support/quota.ts";
import { recordOf } from "../support/records.ts";

const PERIOD = 28_800;
const recording = ({ records }: Town, name: string) => [callOf(records, "record", [recordOf(name)])];

/** Charged points of the account's next record. */
async function use(p: Town, who: Participant, name: string): Promise<bigint> {
  const price = await priceOf(p, who, recording(p, name));
  expectExecuted(await who.operate(recording(p, name)));
  return price;
}

async function nextPeriod(): Promise<void> {
  await mineTo((Math.floor((await blockNumber()) / PERIOD) + 1) * PERIOD);
}

describe("Usage of quota (QU-5)", () => {
  it("is counted by account and period", async () => {
    const p = await town();
    const first = await use(p, p.alice, "one");
    const { period, used } = await p.quota.usageOf(p.alice.address);
    expect([period, used]).to.deep.equal([BigInt(Math.floor((await blockNumber()) / PERIOD)), first]);
    const second = await use(p, p.alice, "two");
    expect((await p.quota.usageOf(p.alice.address)).used).to.equal(first + second);
    expect((await p.quota.usageOf(p.bob.address)).used).to.equal(0n);
  });

  it("moves on with the period, and keeps the one before", async () => {
    const p = await town();
    const first = await use(p, p.alice, "one");
    await nextPeriod();
    expect((await p.quota.usageOf(p.alice.address)).slice(1)).to.deep.equal([0n, first]);
    const second = await use(p, p.alice, "two");
    expect((await p.quota.usageOf(p.alice.address)).slice(1)).to.deep.equal([second, first]);
    await nextPeriod();
    expect((await p.quota.usageOf(p.alice.address)).slice(1)).to.deep.equal([0n, second]);
    await nextPeriod();
    expect((await p.quota.usageOf(p.alice.address)).slice(1)).to.deep.equal([0n, 0n]);
  });

  it("counts a sponsored operation for its account and for the partner that paid", async () => {
    const p = await town();
    expectExecuted(await p.bank.call(p.quota, "sponsor", [p.alice.address, 1_000_000]));
    const { used: before } = await p.quota.usageOf(p.bank.address);
    const price = await use(p, p.alice, "one");
    expect((await p.quota.usageOf(p.alice.address)).used).to.equal(price);
    expect((await p.quota.usageOf(p.bank.address)).used).to.equal(before + price);
  });
});
