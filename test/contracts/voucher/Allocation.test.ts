import { expect } from "chai";
import { ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber } from "../support/chain.ts";
import { expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { town } from "../support/participants.ts";
import { application, ISSUE_MODE, makeVoucher, ordered, policy } from "../support/vouchers.ts";

const CAP = application().cap;
const TICKET = digestOf("ticket");
const LOTS = { voucherType: 1 };

describe("Voucher: agents", () => {
  /** A voucher of the bank's that the dairy sells, up to 100 units. */
  async function withAgent(changes = {}) {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank, changes);
    const events = expectExecuted(await p.bank.call(voucher, "setAgent", [p.dairy.address, 100]));
    return { ...p, voucher, events };
  }

  it("allocate within caps of their own", async () => {
    const { voucher, bank, dairy, alice, bob, events } = await withAgent();
    expectEvent(events, "AgentChanged", [dairy.address, 100]);
    expectExecuted(await dairy.call(voucher, "allocate", [alice.address, 60]));
    const over = await dairy.call(voucher, "allocateMany", [
      [alice.address, bob.address],
      [40, 1],
    ]);
    expectReverted(over, "VoucherAgentCapExceeded", [dairy.address, 100, 100, 1]);
    expectExecuted(await dairy.call(voucher, "allocate", [bob.address, 40]));
    const huge = await dairy.call(voucher, "allocate", [bob.address, 1]);
    expectReverted(huge, "VoucherAgentCapExceeded", [dairy.address, 100, 100, 1]);
    expect(await voucher.agentOf(dairy.address)).to.deep.equal([100n, 100n]);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 5]));
    expect(await voucher.agentOf(bank.address)).to.deep.equal([0n, 0n]);
    expect(await voucher.circulating()).to.equal(105n);
  });

  it("stay within the voucher's cap, whatever their own is", async () => {
    const { voucher, bank, dairy, alice } = await withAgent();
    expectExecuted(await bank.call(voucher, "setAgent", [dairy.address, 2n ** 128n - 1n]));
    const over = await dairy.call(voucher, "allocate", [alice.address, CAP + 1n]);
    expectReverted(over, "VoucherCapExceeded", [CAP, 0, CAP + 1n]);
    expect((await voucher.agentOf(dairy.address)).allocated).to.equal(0n);
  });

  it("lose what they have not used when the issuer lowers their cap", async () => {
    const { voucher, bank, dairy, alice } = await withAgent();
    expectExecuted(await dairy.call(voucher, "allocate", [alice.address, 60]));
    expectExecuted(await bank.call(voucher, "setAgent", [dairy.address, 50]));
    const below = await dairy.call(voucher, "allocate", [alice.address, 1]);
    expectReverted(below, "VoucherAgentCapExceeded", [dairy.address, 50, 60, 1]);
    expectExecuted(await bank.call(voucher, "setAgent", [dairy.address, 0]));
    const ended = await dairy.call(voucher, "allocate", [alice.address, 1]);
    expectReverted(ended, "VoucherNotIssuer", [dairy.address]);
    // What it allocated before still counts: ending and naming an agent again gives it nothing anew.
    expectExecuted(await bank.call(voucher, "setAgent", [dairy.address, 60]));
    const again = await dairy.call(voucher, "allocate", [alice.address, 1]);
    expectReverted(again, "VoucherAgentCapExceeded", [dairy.address, 60, 60, 1]);
  });

  it("are the issuer's: nobody names one, and an agent names no other", async () => {
    const { voucher, dairy, alice } = await withAgent();
    for (const caller of [dairy, alice]) {
      const attempt = await caller.call(voucher, "setAgent", [caller.address, 1_000]);
      expectReverted(attempt, "VoucherNotIssuer", [caller.address]);
    }
  });

  it("stop with the issuer, and when an order leaves allocation to the issuer or to nobody", async () => {
    const p = await withAgent();
    const { voucher, bank, dairy, alice } = p;
    const attempt = (who: typeof bank) => who.call(voucher, "allocate", [alice.address, 1]);
    await ordered(p, voucher, "setPolicy", [policy({ issueMode: ISSUE_MODE.issuerOnly })]);
    expectReverted(await attempt(dairy), "VoucherIssueRestricted", [ISSUE_MODE.issuerOnly]);
    expectExecuted(await attempt(bank));
    await ordered(p, voucher, "setPolicy", [policy({ issueMode: ISSUE_MODE.halted })]);
    expectReverted(await attempt(dairy), "VoucherIssueRestricted", [ISSUE_MODE.halted]);
    expectReverted(await attempt(bank), "VoucherIssueRestricted", [ISSUE_MODE.halted]);
    await ordered(p, voucher, "setPolicy", [policy()]);
    await p.partners.connect(p.operator).suspend(bank.address, digestOf("ground"));
    expectReverted(await attempt(dairy), "VoucherIssuerNotPermitted", [bank.address]);
  });
});

describe("Voucher: lots", () => {
  it("are numbered, each with its face amount and metadata", async () => {
    const { voucher, bank, alice } = await withLots();
    const events = expectExecuted(await bank.call(voucher, "allocateLot", [alice.address, 40, TICKET]));
    expectEvent(events, "LotMade", [3, 40, TICKET]);
    expectEvent(events, "Allocated", [alice.address, 3, 40, 100]);
    const block = BigInt(await blockNumber());
    expect(await voucher.lotOf(3)).to.deep.equal([40n, block, 0n, false, TICKET]);
    expect(await voucher.balanceOf(alice.address, 3)).to.equal(40n);
    expect(await voucher.holdingOf(alice.address)).to.equal(80n);
    expect([await voucher.lotCount(), await voucher.circulating(), await voucher.isLots()]).to.deep.equal([
      3n,
      100n,
      true,
    ]);
    expect([await voucher.faceOf(1), await voucher.faceOf(2), await voucher.faceOf(4)]).to.deep.equal([40n, 20n, 0n]);
  });

  it("are made many at once, all or none, under numbers that follow each other", async () => {
    const { voucher, bank, alice, bob, carol } = await withLots();
    const many = (to: string[], faces: unknown[], digests: string[]) =>
      bank.call(voucher, "allocateLots", [to, faces, digests]);
    const both = [alice.address, bob.address];
    const events = expectExecuted(await many(both, [1, 2], [TICKET, digestOf("other")]));
    expectEvent(events, "LotMade", [4, 2, digestOf("other")]);
    expect(await voucher.balanceOf(bob.address, 4)).to.equal(2n);
    const refused = await many([alice.address, carol.address], [1, 1], [TICKET, TICKET]);
    expectReverted(refused, "VoucherHolderNotEligible", [carol.address, 3]);
    expectReverted(await many(both, [1], [TICKET, TICKET]), "VoucherLengthsDiffer", []);
    expectReverted(await many(both, [1, 1], [TICKET]), "VoucherLengthsDiffer", []);
    expectReverted(await many([], [], []), "VoucherAmountMissing", []);
    expect(await voucher.lotCount()).to.equal(4n);
  });

  it("need a face and metadata, and count against the cap by their faces", async () => {
    const { voucher, bank, alice } = await withLots();
    const one = (face: unknown, digest: string) => bank.call(voucher, "allocateLot", [alice.address, face, digest]);
    expectReverted(await one(0, TICKET), "VoucherAmountMissing", []);
    expectReverted(await one(1, ZeroHash), "VoucherMetadataMissing", []);
    expectReverted(await one(CAP - 59n, TICKET), "VoucherCapExceeded", [CAP, 60, CAP - 59n]);
    expectReverted(await one(2n ** 128n - 1n, TICKET), "VoucherCapExceeded", [CAP, 60, 2n ** 128n - 1n]);
    expectExecuted(await one(CAP - 60n, TICKET));
  });

  it("are sold by agents, whose caps count faces", async () => {
    const { voucher, bank, dairy, alice } = await withLots();
    expectExecuted(await bank.call(voucher, "setAgent", [dairy.address, 50]));
    expectExecuted(await dairy.call(voucher, "allocateLot", [alice.address, 30, TICKET]));
    const over = await dairy.call(voucher, "allocateLot", [alice.address, 21, TICKET]);
    expectReverted(over, "VoucherAgentCapExceeded", [dairy.address, 50, 30, 21]);
  });

  it("and amounts are not mixed: each voucher has one type", async () => {
    const { bank, alice, voucher, ...p } = await withLots();
    const splittable = await makeVoucher({ ...p, bank, alice }, bank);
    expectReverted(await bank.call(voucher, "allocate", [alice.address, 1]), "VoucherWrongType", [true]);
    expectReverted(await bank.call(voucher, "allocateMany", [[alice.address], [1]]), "VoucherWrongType", [true]);
    const lot = await bank.call(splittable, "allocateLot", [alice.address, 1, TICKET]);
    expectReverted(lot, "VoucherWrongType", [false]);
    const lots = await bank.call(splittable, "allocateLots", [[alice.address], [1], [TICKET]]);
    expectReverted(lots, "VoucherWrongType", [false]);
  });

  /** A voucher of lots: lot 1 of 40 with Alice, lot 2 of 20 with Bob. */
  async function withLots() {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank, LOTS);
    const inputs = [
      [p.alice.address, p.bob.address],
      [40, 20],
      [TICKET, TICKET],
    ];
    expectExecuted(await p.bank.call(voucher, "allocateLots", inputs));
    return { ...p, voucher };
  }
});

describe("Voucher: the issuer's own decisions", () => {
  it("lower the cap, not below what circulates, and never raise it", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank);
    expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
    expectReverted(await p.bank.call(voucher, "lowerCap", [99]), "VoucherCapBelowCirculating", [99, 100]);
    for (const value of [CAP, CAP + 1n]) {
      expectReverted(await p.bank.call(voucher, "lowerCap", [value]), "VoucherCapNotLower", [CAP, value]);
    }
    expectEvent(expectExecuted(await p.bank.call(voucher, "lowerCap", [100])), "CapChanged", [100]);
    expect(await voucher.cap()).to.equal(100n);
    expectReverted(await p.bank.call(voucher, "allocate", [p.alice.address, 1]), "VoucherCapExceeded", [100, 100, 1]);
    expectReverted(await p.dairy.call(voucher, "lowerCap", [99]), "VoucherNotIssuer", [p.dairy.address]);
  });

  it("say where the metadata is", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.bank);
    const events = expectExecuted(await p.bank.call(voucher, "setUri", ["https://example.org/{id}.json"]));
    expectEvent(events, "URI", ["https://example.org/{id}.json", 0]);
    expect(await voucher.uri(0)).to.equal("https://example.org/{id}.json");
    expectReverted(await p.alice.call(voucher, "setUri", ["x"]), "VoucherNotIssuer", [p.alice.address]);
  });
});
