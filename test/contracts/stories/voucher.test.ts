import { expect } from "chai";
import { id as digest, ZeroAddress } from "ethers";
import type { Voucher } from "../../../generated/contracts/index.ts";
import { custodyProofId, leafKey } from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import type { SumLeafProof } from "../../../src/core/merkle-sum-proof.ts";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers } from "../support/chain.ts";
import { proofOf, treeOf } from "../support/custody.ts";
import { STATUS as PROOF } from "../support/custody-disputes.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { fileOrder, ORDER_STATUS } from "../support/orders.ts";
import { LEVEL, makeApplicant, type Participant, signAgreement, type Town, town } from "../support/participants.ts";
import { AGREEMENT } from "../support/platform.ts";
import { application, leg, MEASURE, makeVoucher, transfer } from "../support/vouchers.ts";

const PERMISSIONS = 15;
const CLASS = 16;
const CAP = 1_000n;
const AGENT_CAP = 300n;
const ANSWER_BLOCKS = 50;
const YEAR = 365 * 24 * 3600;
const ADMITTED = 1n;
const NOT_RECOGNISED = 3n;
const REDEMPTION = { redeemed: 2n, refused: 3n, overdue: 4n } as const;

/**
 * A mill sells coupons for flour. The bank and the dairy are partners already, Alice and Bob customers of the bank,
 * Carol one of the dairy's. Each step goes on where the one before it ended.
 */
describe("The story of a voucher", () => {
  let p: Town;
  let mill: Participant;
  /** A coupon for flour by the mill, and one for milk by the bank. */
  let flour: Voucher;
  let milk: Voucher;

  const held = async (...holders: { address: string }[]) =>
    Promise.all(holders.map(async ({ address }) => Number(await flour.balanceOf(address, 0))));
  const present = (amount: number, statement: string) =>
    p.alice.call(p.redemptions, "present", [flour.target, 0, amount, digestOf(statement)]);

  before(async () => {
    p = await town();
  });

  it("begins with an applicant: the mill has an account to sign with, and can not issue anything", async () => {
    mill = await makeApplicant(p, "mill");
    expectReverted(await mill.call(p.voucherFactory, "applyFor", [application()]), "PartnerNotAdmitted", [
      mill.address,
    ]);
    const early = p.partners.connect(p.operator).admit(mill.address, PERMISSIONS, AGREEMENT, "mill");
    await expectRevert(early, "PartnerUnsigned", [mill.address, AGREEMENT]);
  });

  it("the mill signs the partners' agreement and is admitted, with a quota for its business", async () => {
    expectExecuted(await signAgreement(p, mill));
    await p.partners.connect(p.operator).admit(mill.address, PERMISSIONS, AGREEMENT, "mill");
    const expiry = Math.floor(await networkHelpers.time.latest()) + YEAR;
    const certificate = [mill.address, LEVEL.certificate, false, expiry, digestOf("mill")] as const;
    await p.certifications.connect(p.operator).certify(...certificate);
    await p.quota.connect(p.operator).assignClass(mill.address, CLASS);
    expect(await p.partners.statusOf(mill.address)).to.equal(ADMITTED);
    expect(await p.partners.partnerNamed("mill")).to.equal(mill.address);
  });

  it("the mill recognises the bank's customers from real name up, and institutions as the operator admits them", async () => {
    const recognise = (certifier: string, level: number) => callOf(p.partners, "recognise", [certifier, level]);
    const levels = [recognise(p.bank.address, LEVEL.realName), recognise(p.operator.address, LEVEL.certificate)];
    expectExecuted(await mill.operate(levels));
    const answer = async ({ address }: Participant) =>
      (await p.certifications.accepts(mill.address, address, LEVEL.realName)).answer;
    for (const accepted of [p.alice, p.bob, p.dairy]) expect(await answer(accepted)).to.equal(0n);
    expect(await answer(p.carol)).to.equal(NOT_RECOGNISED);
  });

  it("the mill applies for a coupon, and the operator creates it", async () => {
    flour = await makeVoucher(p, mill, { symbol: "FLOUR", cap: CAP, redemptionBlocks: ANSWER_BLOCKS });
    milk = await makeVoucher(p, p.bank);
    expect([await flour.issuer(), await flour.cap()]).to.deep.equal([mill.address, CAP]);
    expect(await p.voucherFactory.isVoucher(flour)).to.equal(true);
  });

  it("coupons are allocated: by the mill to Alice, by its agent to many at once, and to nobody it does not accept", async () => {
    const toCarol = await mill.call(flour, "allocate", [p.carol.address, 1]);
    expectReverted(toCarol, "VoucherHolderNotEligible", [p.carol.address, NOT_RECOGNISED]);
    expectExecuted(await mill.call(flour, "allocate", [p.alice.address, 300]));
    expectExecuted(await mill.call(flour, "setAgent", [p.bank.address, AGENT_CAP]));
    const many = [
      [p.alice.address, p.bob.address],
      [100, 200],
    ] as const;
    expectExecuted(await p.bank.call(flour, "allocateMany", many));
    expect(await held(p.alice, p.bob)).to.deep.equal([400, 200]);
  });

  it("neither the agent nor the mill goes beyond its cap", async () => {
    const over = await p.bank.call(flour, "allocate", [p.bob.address, 1]);
    expectReverted(over, "VoucherAgentCapExceeded", [p.bank.address, AGENT_CAP, AGENT_CAP, 1]);
    expectReverted(await mill.call(flour, "allocate", [p.bob.address, 401]), "VoucherCapExceeded", [CAP, 600, 401]);
  });

  it("Alice lets the dairy's market sell up to a hundred of hers for a while; it sells sixty to Bob, and no more than that", async () => {
    const lastBlock = (await blockNumber()) + 10;
    expectExecuted(await p.alice.call(flour, "approve", [p.dairy.address, 0, 100, lastBlock]));
    expectExecuted(await transfer(flour, p.alice, p.bob, 60, 0, p.dairy));
    const more = [p.alice.address, p.dairy.address, 0, 40, 50];
    expectReverted(await transfer(flour, p.alice, p.bob, 50, 0, p.dairy), "VoucherAllowanceTooLow", more);
    await mineTo(lastBlock);
    const late = await transfer(flour, p.alice, p.bob, 40, 0, p.dairy);
    expectReverted(late, "ERC1155MissingApprovalForAll", [p.dairy.address, p.alice.address]);
    expect(await held(p.alice, p.bob)).to.deep.equal([340, 260]);
  });

  it("Alice swaps forty of flour for twenty of Bob's milk, both at once", async () => {
    expectExecuted(await p.bank.call(milk, "allocate", [p.bob.address, 100]));
    const lastBlock = (await blockNumber()) + 100;
    const allow = (voucher: Voucher, amount: number) =>
      callOf(voucher, "approve", [p.settlements.target, 0, amount, lastBlock]);
    const terms = [leg(flour, 40), leg(milk, 20), p.bob.address, lastBlock];
    expectExecuted(await p.alice.operate([allow(flour, 40), callOf(p.settlements, "offer", terms)]));
    // Before Bob allows his side nothing of it happens.
    const early = await p.bob.call(p.settlements, "accept", [1]);
    expectReverted(early, "ERC1155MissingApprovalForAll", [p.settlements.target, p.bob.address]);
    expect(await held(p.alice, p.bob)).to.deep.equal([340, 260]);
    expectExecuted(await p.bob.operate([allow(milk, 20), callOf(p.settlements, "accept", [1])]));
    expect(await held(p.alice, p.bob)).to.deep.equal([300, 300]);
    expect([await milk.balanceOf(p.alice.address, 0), await milk.balanceOf(p.bob.address, 0)]).to.deep.equal([
      20n,
      80n,
    ]);
  });

  it("the dairy keeps coupons for Alice and Bob, and proves that it holds what it owes them", async () => {
    expectExecuted(await p.dairy.call(flour, "openCustody", []));
    expectExecuted(await transfer(flour, p.alice, p.dairy, 100));
    expectExecuted(await transfer(flour, p.bob, p.dairy, 50));
    const block = await blockNumber();
    await networkHelpers.mine(1);
    const [alice, bob] = [p.alice, p.bob].map(({ address }) => leafKey(address, digest(`salt of ${address}`)));
    const owed = (toBob: bigint) =>
      new MerkleSumTree([
        { key: alice as string, amount: 100n },
        { key: bob as string, amount: toBob },
      ]);
    const publish = (tree: MerkleSumTree) =>
      p.dairy.call(p.custodyProofs, "publish", [flour.target, block, treeOf(tree)]);
    expectReverted(await publish(owed(49n)), "CustodyTotalDiffers", [149, 150]);
    expectExecuted(await publish(owed(50n)));
    const proof = custodyProofId(p.dairy.address, flour.target as string, block);
    expect(await p.custodyProofs.statusOf(proof)).to.equal(PROOF.proven);
    const leaf = proofOf(owed(50n).inclusion(alice as string) as SumLeafProof);
    expect(await p.custodyProofs.verifyInclusion(proof, leaf as never)).to.equal(true);
  });

  it("a regulator orders two hundred of Bob's frozen; the bank, which certified him, carries it out, and he keeps the use of the rest", async () => {
    const freeze = callOf(flour, "setFrozenTokens", [p.bob.address, 0, 200]);
    const order = await fileOrder(p, freeze, { executor: p.bank.address, subject: p.bob.address });
    const byMill = await mill.call(p.orders, "execute", [order, freeze.data]);
    expectReverted(byMill, "OrderNotExecutor", [order, mill.address]);
    expectExecuted(await p.bank.call(p.orders, "execute", [order, freeze.data]));
    expect(await p.orders.statusOf(order)).to.equal(ORDER_STATUS.executed);
    expect(await flour.orderOf(MEASURE.frozenAmount, p.bob.address, 0)).to.equal(order);
    const much = await transfer(flour, p.bob, p.alice, 60);
    expectReverted(much, "ERC7943InsufficientUnfrozenBalance", [p.bob.address, 0, 60, 50]);
    expectExecuted(await transfer(flour, p.bob, p.alice, 50));
    expect(await held(p.alice, p.bob, p.dairy)).to.deep.equal([250, 200, 150]);
  });

  it("Alice presents three times for flour: what she presents leaves her account", async () => {
    for (const [amount, note] of [
      [100, "a sack"],
      [50, "half a sack"],
      [30, "a bag"],
    ] as const) {
      expectExecuted(await present(amount, note));
    }
    expect(await held(p.alice)).to.deep.equal([70]);
  });

  it("the mill delivers the first, which ends those coupons, and refuses the second, which gives them back", async () => {
    const byDairy = await p.dairy.call(p.redemptions, "confirm", [1, digestOf("receipt")]);
    expectReverted(byDairy, "RedemptionNotIssuer", [1, p.dairy.address]);
    const delivered = expectExecuted(await mill.call(p.redemptions, "confirm", [1, digestOf("receipt")]));
    expectEvent(delivered, "Redeemed", [0, 100, 500]);
    expectExecuted(await mill.call(p.redemptions, "refuse", [2, digestOf("no flour left")]));
    expect(await p.redemptions.statusOf(1)).to.equal(REDEMPTION.redeemed);
    expect(await p.redemptions.statusOf(2)).to.equal(REDEMPTION.refused);
    expect(await held(p.alice)).to.deep.equal([120]);
  });

  it("the mill does not answer the third in time: anybody gives those coupons back, and both defaults are counted", async () => {
    const { lastBlock } = await p.redemptions.redemptionOf(3);
    expectReverted(await p.bob.call(p.redemptions, "giveBackOverdue", [3]), "RedemptionNotOverdue", [3, lastBlock]);
    await mineTo(lastBlock);
    const late = await mill.call(p.redemptions, "confirm", [3, digestOf("late")]);
    expectReverted(late, "RedemptionWrongStatus", [3, REDEMPTION.overdue]);
    expectExecuted(await p.bob.call(p.redemptions, "giveBackOverdue", [3]));
    expect(await p.redemptions.statusOf(3)).to.equal(REDEMPTION.overdue);
    expect(await p.redemptions.defaultsOf(mill.address)).to.deep.equal([1n, 1n]);
    expect(await held(p.alice)).to.deep.equal([150]);
  });

  it("ends with every coupon accounted for: allocated less redeemed circulates, and lies with its holders", async () => {
    const holders = [p.alice, p.bob, p.dairy, mill, p.bank, { address: p.redemptions.target as string }];
    const balances = await held(...holders);
    expect(balances).to.deep.equal([150, 200, 150, 0, 0, 0]);
    const sum = async (filter: Parameters<Voucher["queryFilter"]>[0]) =>
      (await flour.queryFilter(filter)).reduce(
        (total, { args }) => total + BigInt((args as { amount: bigint }).amount),
        0n,
      );
    const [allocated, redeemed] = [await sum(flour.filters.Allocated()), await sum(flour.filters.Redeemed())];
    expect([allocated, redeemed]).to.deep.equal([600n, 100n]);
    expect(await flour.circulating()).to.equal(allocated - redeemed);
    expect(balances.reduce((total, one) => total + one, 0)).to.equal(500);
  });

  it("and with quota used as it was charged, to each for the operations it made itself", async () => {
    const charges = (await p.quota.queryFilter(p.quota.filters.Charged())).map(({ args }) => args);
    for (const { address } of [mill, p.alice, p.bob, p.bank, p.dairy]) {
      const own = charges.filter(({ account, payer }) => account === address && payer === address);
      const { period, used } = await p.quota.usageOf(address);
      expect(period).to.equal(0n);
      expect(used).to.equal(own.reduce((sum, { points }) => sum + points, 0n));
      expect(own.every(({ points }) => points > 0n) && own.length > 0).to.equal(true);
      expect(await p.quota.sponsorOf(address)).to.equal(ZeroAddress);
    }
  });
});
