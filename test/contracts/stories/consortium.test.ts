import { expect } from "chai";
import { keccak256, ZeroAddress } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, signerAt } from "../support/chain.ts";
import { type agree, decide, expectCallFailed, latestProposal, pause } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent, readEvents } from "../support/events.ts";
import { callOf, expectExecuted, expectRefused, expectReverted } from "../support/operations.ts";
import { fileOrder, ORDER_STATUS } from "../support/orders.ts";
import { LEVEL, type Town, town } from "../support/participants.ts";
import { COUNCIL_DELAY, COUNCIL_LIFETIME, deployed, implementationOf, SEATS } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";
import { proofOf } from "../support/validators.ts";

const PROPOSAL = { open: 1n, agreed: 2n, executed: 3n, lapsed: 5n } as const;
const PAUSE = 28_800;
const REST = 201_600;
const REASON = digestOf("reason");
const newSeat = walletOf("seat 5").address;
const newNode = walletOf("node 5");

/**
 * Four bookkeepers run the network: they change a price and a contract, take in a fifth, stop the network for a day, and
 * find out what a few of them can not do. Each step goes on where the one before it ended.
 */
describe("The story of a consortium", () => {
  let p: Town;
  let proposal: Awaited<ReturnType<typeof agree>>;
  let recordSelector: string;
  let price: bigint;
  let pausedUntil: bigint;

  const record = (name: string) => p.alice.call(p.records, "record", [recordOf(name)]);
  const recordAt = async (name: string) => {
    const { digest, subject } = recordOf(name);
    return p.records.recordOf(await p.records.recordId(p.alice.address, digest, subject));
  };
  /** Points that Alice's next record is charged. */
  const charged = async (name: string) => {
    const { used: earlier } = await p.quota.usageOf(p.alice.address);
    expectExecuted(await record(name));
    return (await p.quota.usageOf(p.alice.address)).used - earlier;
  };
  const execute = (seat: number) => p.council.connect(p.seats[seat]).execute(proposal.id, proposal.calls);
  const status = () => p.council.statusOf(proposal.id);
  const propose = async (seat: number, ...call: Parameters<typeof callOf>) => {
    const calls = [callOf(...call)];
    await p.council.connect(p.seats[seat]).propose(calls, REASON);
    proposal = { id: await latestProposal(p), calls };
  };

  before(async () => {
    const shared = await town();
    // A fifth seat comes into this story, and into no other test.
    p = { ...shared, seats: [...shared.seats] };
    recordSelector = p.records.interface.getFunction("record").selector;
  });

  it("begins with a published price, which the operator can not change any more", async () => {
    price = await p.quota.price(p.records, recordSelector);
    const alone = p.quota.connect(p.operator).publishPrices(p.records, [recordSelector], [2n * price]);
    await expectRevert(alone, "QuotaPricePublished", [p.records.target, recordSelector]);
  });

  it("a bookkeeper proposes to double it, and needs three of the four seats", async () => {
    await propose(0, p.quota, "publishPrices", [p.records.target, [recordSelector], [2n * price]]);
    const twice = p.council.connect(p.seats[0]).vote(proposal.id);
    await expectRevert(twice, "CouncilAlreadyVoted", [proposal.id, SEATS[0]]);
    await expectRevert(p.council.connect(p.operator).vote(proposal.id), "CouncilNotASeat", [p.operator.address]);
    await p.council.connect(p.seats[1]).vote(proposal.id);
    expect(await status()).to.equal(PROPOSAL.open);
    await expectRevert(execute(0), "CouncilWrongStatus", [proposal.id, PROPOSAL.open]);
    await p.council.connect(p.seats[2]).vote(proposal.id);
    expect(await status()).to.equal(PROPOSAL.agreed);
  });

  it("everybody has the delay to see it coming; then it is executed, and records cost more", async () => {
    const { agreedBlock } = await p.council.proposal(proposal.id);
    const from = agreedBlock + BigInt(COUNCIL_DELAY);
    await expectRevert(execute(3), "CouncilTooEarly", [proposal.id, from]);
    const before = await charged("at the old price");
    await mineTo(from - 1n);
    await execute(3);
    expect(await status()).to.equal(PROPOSAL.executed);
    expect(await charged("at the new price")).to.equal(before + price);
    await expectRevert(execute(3), "CouncilWrongStatus", [proposal.id, PROPOSAL.executed]);
  });

  it("they upgrade Records: the operator brings the code, Council puts it in place, what was recorded stays", async () => {
    const kept = await recordAt("at the new price");
    const next = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
    const alone = p.records.connect(p.operator).upgradeToAndCall(next, "0x");
    await expectRevert(alone, "UnauthorisedNotCouncil", [p.operator.address]);
    await decide(p, [p.records, "upgradeToAndCall", [next, "0x"]]);
    expect(await implementationOf(p.addresses.Records ?? "")).to.equal(next);
    expect(await recordAt("at the new price")).to.deep.equal(kept);
    expectExecuted(await record("with the new code"));
  });

  it("they take in a fifth bookkeeper, whose node has to prove that it has its key", async () => {
    const join = async (proof: string) =>
      decide(p, [p.council, "addSeat", [newSeat]], [p.validatorSet, "add", [newSeat, newNode.address, proof]]);
    const stolen = await proofOf(walletOf("somebody else"), newSeat, { node: newNode.address });
    await expectCallFailed(join(stolen), 1, "ValidatorProofInvalid", [newSeat, newNode.address]);
    expect(await p.council.isSeat(newSeat), "all of a proposal or nothing").to.equal(false);
    const receipt = await join(await proofOf(newNode, newSeat));
    const nodes = [...SEATS, newNode.address];
    const change = [1, newNode.address, ZeroAddress, newSeat, await p.validatorSet.setHash(), nodes];
    expectEvent(readEvents(receipt.logs), "ValidatorsChanged", change);
    expect(await p.validatorSet.getValidators()).to.deep.equal(nodes);
    p.seats.push(await signerAt(newSeat));
    expect(await p.council.quorum()).to.equal(4n);
  });

  it("two of the five stop all operations in an emergency; one could not", async () => {
    await p.council.connect(p.seats[4]).pause(REASON);
    expectExecuted(await record("after one vote"));
    await p.council.connect(p.seats[3]).pause(REASON);
    const firstBlock = await blockNumber();
    pausedUntil = BigInt(firstBlock + PAUSE - 1);
    expect(await p.council.lastPause()).to.deep.equal([BigInt(firstBlock), pausedUntil]);
    expectRefused(await record("in the emergency"), "QuotaPaused", [pausedUntil]);
  });

  it("the pause ends by itself after a day, and no second one can follow at once", async () => {
    await mineTo(pausedUntil - 1n);
    expectRefused(await record("in the emergency"), "QuotaPaused", [pausedUntil]);
    expectExecuted(await record("after the emergency"));
    const rest = pausedUntil + BigInt(REST);
    await expectRevert(pause(p), "CouncilPauseTooSoon", [rest + 1n]);
    expectExecuted(await record("still open"));
  });

  it("a regulator's order about Alice is carried out as ordered or not at all, and no more once its time is over", async () => {
    const revoke = callOf(p.certifications, "revokeOnOrder", [p.alice.address, p.bank.address]);
    const order = await fileOrder(p, revoke, { executor: p.bank.address, subject: p.alice.address });
    const byBank = (data: unknown) => p.bank.call(p.orders, "execute", [order, data]);
    const suspend = callOf(p.certifications, "suspendOnOrder", [p.alice.address, p.bank.address]);
    expectReverted(await byBank(suspend.data), "OrderCallDiffers", [order, keccak256(suspend.data as string)]);
    expect(await p.orders.statusOf(order)).to.equal(ORDER_STATUS.filed);
    await mineTo((await p.orders.orderOf(order)).lastBlock);
    expectReverted(await byBank(revoke.data), "OrderNotLive", [order, ORDER_STATUS.expired]);
    expect(await p.orders.statusOf(order)).to.equal(ORDER_STATUS.expired);
    expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([BigInt(LEVEL.realName), p.bank.address]);
  });

  it("without an order nobody enforces anything: not the operator, not the regulator itself, not all of Council", async () => {
    const measure = [p.alice.address, p.bank.address] as const;
    for (const caller of [p.operator, p.regulator]) {
      const attempt = p.certifications.connect(caller).revokeOnOrder(...measure);
      await expectRevert(attempt, "UnauthorisedNotOrder", [caller.address]);
    }
    const asCouncil = decide(p, [p.certifications, "revokeOnOrder", measure]);
    await expectCallFailed(asCouncil, 0, "UnauthorisedNotOrder", [SYSTEM_ADDRESSES.Council]);
    expectExecuted(await record("as before"));
  });

  it("three of the five decide nothing: their proposal stays open until it lapses", async () => {
    await propose(0, p.council, "removeSeat", [newSeat]);
    for (const seat of [1, 2]) await p.council.connect(p.seats[seat]).vote(proposal.id);
    await mineTo((await blockNumber()) + COUNCIL_DELAY);
    await expectRevert(execute(0), "CouncilWrongStatus", [proposal.id, PROPOSAL.open]);
    await mineTo((await blockNumber()) + COUNCIL_LIFETIME);
    expect(await status()).to.equal(PROPOSAL.lapsed);
    const late = p.council.connect(p.seats[3]).vote(proposal.id);
    await expectRevert(late, "CouncilWrongStatus", [proposal.id, PROPOSAL.lapsed]);
    expect(await p.council.isSeat(newSeat)).to.equal(true);
  });

  it("and no bookkeeper does alone what all of them decide: seats, validators, prices, code, the pause", async () => {
    const [seat] = p.seats;
    const caller = seat?.address;
    await expectRevert(p.council.connect(seat).removeSeat(newSeat), "CouncilOnly", [caller]);
    await expectRevert(p.council.connect(seat).endPause(), "CouncilOnly", [caller]);
    const outsiders = [
      p.validatorSet.connect(seat).remove(newNode.address),
      p.quota.connect(seat).publishBytePrice(0),
      p.quota.connect(seat).pause(0),
      p.records.connect(seat).upgradeToAndCall(p.addresses.Account ?? "", "0x"),
    ];
    for (const attempt of outsiders) await expectRevert(attempt, "UnauthorisedNotCouncil", [caller]);
  });

  it("ends with five bookkeepers, whose votes count the same: four of them take back the price", async () => {
    await decide(p, [p.quota, "publishPrices", [p.records.target, [recordSelector], [price]]]);
    expect(await p.council.quorum()).to.equal(4n);
    expect(await p.quota.price(p.records, recordSelector)).to.equal(price);
    expectExecuted(await record("at the first price again"));
  });
});
