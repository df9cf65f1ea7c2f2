import { expect } from "chai";
import { type BytesLike, keccak256, toBeHex, ZeroAddress } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { enforce, fileOrder, ORDER_LOCATION, ORDER_STATUS, orderOf } from "../support/orders.ts";
import { certify, LEVEL, type Participant, type Town, town } from "../support/participants.ts";

const STATUS = { active: 1n, suspended: 2n, revoked: 3n, admitted: 1n, terminated: 3n } as const;
const GROUND = digestOf("ground");

/** Lets a certifying partner execute an order about a user's certification. @returns number of the order and events */
async function execute(p: Town, executor: Participant, name: string, account: Participant, certifier: Participant) {
  const call = callOf(p.certifications, name, [account.address, certifier.address]);
  const id = await fileOrder(p, call, { subject: account.address, executor: executor.address });
  const result = await executor.call(p.orders, "execute", [id, call.data]);
  return { id, ground: toBeHex(id, 32), result };
}

/** Lets the operator execute an order about a partner. @returns number of the order, as a ground */
async function supervise(p: Town, name: string, partner: Participant) {
  await enforce(p, callOf(p.partners, name, [partner.address]), partner.address);
  return toBeHex(await p.orders.count(), 32);
}

const statusOf = async ({ certifications }: Town, account: Participant, certifier: Participant) =>
  (await certifications.certification(account.address, certifier.address)).status;

describe("A certification under an order (GO-2)", () => {
  it("is suspended by its certifier, with the order's number as the ground that is kept", async () => {
    const p = await town();
    const { ground, result } = await execute(p, p.bank, "suspendOnOrder", p.alice, p.bank);
    const events = expectExecuted(result);
    expectEvent(events, "CertificationSuspended", [p.alice.address, p.bank.address, ground]);
    expect(await statusOf(p, p.alice, p.bank)).to.equal(STATUS.suspended);
    expect(await p.certifications.groundOf(p.alice.address, p.bank.address)).to.equal(ground);
    expect(await p.certifications.isUnderOrder(p.alice.address, p.bank.address)).to.equal(true);
    expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([0n, ZeroAddress]);
  });

  it("is not brought back by its certifier, by no detour", async () => {
    const p = await town();
    expectExecuted((await execute(p, p.bank, "suspendOnOrder", p.alice, p.bank)).result);
    const refusal = [p.alice.address, p.bank.address];
    const resumed = await p.bank.call(p.certifications, "resume", [p.alice.address, GROUND]);
    expectReverted(resumed, "CertificationUnderOrder", refusal);
    const renewed = await certify(p, p.bank, p.alice, LEVEL.realName);
    expectReverted(renewed, "CertificationUnderOrder", refusal);
    // Revoking it first does not help: it stays under the order.
    expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, GROUND]));
    const again = await certify(p, p.bank, p.alice, LEVEL.realName);
    expectReverted(again, "CertificationUnderOrder", refusal);
  });

  it("comes back when an order lifts it", async () => {
    const p = await town();
    expectExecuted((await execute(p, p.bank, "suspendOnOrder", p.alice, p.bank)).result);
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.phone));
    const { ground, result } = await execute(p, p.dairy, "liftOnOrder", p.alice, p.bank);
    const events = expectExecuted(result);
    expectEvent(events, "CertificationOrderLifted", [p.alice.address, p.bank.address, ground]);
    expectEvent(events, "CertificationResumed", [p.alice.address, p.bank.address, ground]);
    expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([BigInt(LEVEL.realName), p.bank.address]);
    expect(await p.certifications.isUnderOrder(p.alice.address, p.bank.address)).to.equal(false);
    const none = await execute(p, p.bank, "liftOnOrder", p.alice, p.bank);
    expectReverted(none.result, "CertificationNotUnderOrder", [p.alice.address, p.bank.address]);
  });

  it("that was revoked can be certified anew only after an order lifts that", async () => {
    const p = await town();
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.phone));
    const { ground, result } = await execute(p, p.bank, "revokeOnOrder", p.alice, p.bank);
    expectEvent(expectExecuted(result), "CertificationRevoked", [p.alice.address, p.bank.address, ground]);
    const early = await certify(p, p.bank, p.alice, LEVEL.realName);
    expectReverted(early, "CertificationUnderOrder", [p.alice.address, p.bank.address]);
    const lifted = expectExecuted((await execute(p, p.dairy, "liftOnOrder", p.alice, p.bank)).result);
    expect(lifted.map(({ name }) => name)).not.to.include("CertificationResumed");
    expect(await statusOf(p, p.alice, p.bank)).to.equal(STATUS.revoked);
    expectExecuted(await certify(p, p.bank, p.alice, LEVEL.realName));
  });

  it("can have been suspended by its certifier before: from then on it is the order's", async () => {
    const p = await town();
    expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.phone));
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
    expectExecuted((await execute(p, p.dairy, "suspendOnOrder", p.alice, p.bank)).result);
    const resumed = await p.bank.call(p.certifications, "resume", [p.alice.address, GROUND]);
    expectReverted(resumed, "CertificationUnderOrder", [p.alice.address, p.bank.address]);
    const twice = await execute(p, p.dairy, "suspendOnOrder", p.alice, p.bank);
    expectReverted(twice.result, "CertificationWrongStatus", [p.alice.address, p.bank.address, STATUS.suspended]);
    expectExecuted((await execute(p, p.dairy, "revokeOnOrder", p.alice, p.bank)).result);
    const revoked = await execute(p, p.dairy, "revokeOnOrder", p.alice, p.bank);
    expectReverted(revoked.result, "CertificationWrongStatus", [p.alice.address, p.bank.address, STATUS.revoked]);
  });

  it("is not the operator's to touch while a partner in good standing certifies the user, however weakly", async () => {
    const p = await town();
    const { orders, operator, regulator, bank, dairy, alice, certifications } = p;
    const call = callOf(certifications, "revokeOnOrder", [alice.address, bank.address]);
    const toOperator = { subject: alice.address, target: call.target, callDigest: keccak256(call.data as BytesLike) };
    const file = async () => orders.connect(regulator).file(await orderOf(toOperator), ORDER_LOCATION);
    await expectRevert(file(), "OrderForCertifier", [alice.address, bank.address]);
    expectExecuted(await certify(p, dairy, alice, LEVEL.phone));
    await p.partners.connect(operator).suspend(bank.address, GROUND);
    expect(await certifications.levelOf(alice.address)).to.deep.equal([BigInt(LEVEL.realName), bank.address]);
    await expectRevert(file(), "OrderForCertifier", [alice.address, dairy.address]);
    await decide(p, [certifications, "setLevel", [LEVEL.phone, 0, 0]]);
    await file();
    await orders.connect(operator).execute(1, call.data);
    expect(await statusOf(p, alice, bank)).to.equal(STATUS.revoked);
  });

  it("takes no word of the operator, nor of the certifier, beside an order that was filed", async () => {
    const p = await town();
    for (const name of ["suspendOnOrder", "revokeOnOrder", "liftOnOrder"] as const) {
      const attempt = await p.bank.call(p.orders, "execute", [
        1,
        callOf(p.certifications, name, [p.alice.address, p.bank.address]).data,
      ]);
      expectReverted(attempt, "OrderUnknown", [1]);
      const direct = p.certifications.connect(p.operator)[name](p.alice.address, p.bank.address);
      await expectRevert(direct, "UnauthorisedNotOrder", [p.operator.address]);
    }
  });

  it("is tracked to its end: filed, then executed by whom and when, or expired", async () => {
    const p = await town();
    const { orders, bank, alice, bob, certifications } = p;
    const { id, result } = await execute(p, bank, "suspendOnOrder", alice, bank);
    expectExecuted(result);
    const done = await orders.orderOf(id);
    expect([done.subject, done.executor, done.status]).to.deep.equal([
      alice.address,
      bank.address,
      ORDER_STATUS.executed,
    ]);
    expect(Number(done.closedBlock)).to.equal(await blockNumber());
    const call = callOf(certifications, "suspendOnOrder", [bob.address, bank.address]);
    const ignored = await fileOrder(p, call, { subject: bob.address, executor: bank.address });
    expect(await orders.statusOf(ignored)).to.equal(ORDER_STATUS.filed);
    await mineTo((await orders.orderOf(ignored)).lastBlock + 1n);
    expect(await orders.statusOf(ignored)).to.equal(ORDER_STATUS.expired);
    expectReverted(await bank.call(orders, "execute", [ignored, call.data]), "OrderNotLive", [
      ignored,
      ORDER_STATUS.expired,
    ]);
    expect(await statusOf(p, bob, bank)).to.equal(STATUS.active);
  });

  it("has to be the subject's: an order about one user touches no other's", async () => {
    const p = await town();
    const call = callOf(p.certifications, "suspendOnOrder", [p.bob.address, p.bank.address]);
    const id = await fileOrder(p, call, { subject: p.alice.address, executor: p.bank.address });
    const attempt = await p.bank.call(p.orders, "execute", [id, call.data]);
    expectReverted(attempt, "UnauthorisedOrderSubject", [id, p.bob.address]);
  });
});

describe("A partner under an order (GO-2)", () => {
  it("is suspended, and only an order reinstates it", async () => {
    const p = await town();
    const { partners, bank, operator, quota } = p;
    const ground = await supervise(p, "suspendOnOrder", bank);
    expect(await partners.statusOf(bank.address)).to.equal(STATUS.suspended);
    expect(await partners.groundOf(bank.address)).to.equal(ground);
    expect(await partners.isUnderOrder(bank.address)).to.equal(true);
    expect((await quota.allowanceOf(bank.address)).barred).to.equal(true);
    const attempt = partners.connect(operator).reinstate(bank.address, GROUND);
    await expectRevert(attempt, "PartnerUnderOrder", [bank.address]);
    const lifted = await supervise(p, "reinstateOnOrder", bank);
    expect(await partners.statusOf(bank.address)).to.equal(STATUS.admitted);
    expect(await partners.groundOf(bank.address)).to.equal(lifted);
    expect(await partners.isUnderOrder(bank.address)).to.equal(false);
    expect((await quota.allowanceOf(bank.address)).barred).to.equal(false);
  });

  it("can have been suspended by the operator before: from then on it is the order's", async () => {
    const p = await town();
    const { partners, bank, operator } = p;
    await partners.connect(operator).suspend(bank.address, GROUND);
    await supervise(p, "suspendOnOrder", bank);
    const attempt = partners.connect(operator).reinstate(bank.address, GROUND);
    await expectRevert(attempt, "PartnerUnderOrder", [bank.address]);
    const twice = supervise(p, "suspendOnOrder", bank);
    await expectRevert(twice, "PartnerWrongStatus", [bank.address, STATUS.suspended]);
  });

  it("is terminated for good, suspended before or not", async () => {
    const p = await town();
    const ground = await supervise(p, "terminateOnOrder", p.bank);
    expect(await p.partners.statusOf(p.bank.address)).to.equal(STATUS.terminated);
    expect(await p.partners.groundOf(p.bank.address)).to.equal(ground);
    expect(await p.certifications.levelOf(p.alice.address)).to.deep.equal([0n, ZeroAddress]);
    await supervise(p, "suspendOnOrder", p.dairy);
    await supervise(p, "terminateOnOrder", p.dairy);
    const back = supervise(p, "reinstateOnOrder", p.dairy);
    await expectRevert(back, "PartnerWrongStatus", [p.dairy.address, STATUS.terminated]);
    expect((await p.quota.allowanceOf(p.dairy.address)).barred).to.equal(true);
  });

  it("has to be the subject: an order about one partner touches no other", async () => {
    const p = await town();
    const call = callOf(p.partners, "terminateOnOrder", [p.dairy.address]);
    const attempt = enforce(p, call, p.bank.address);
    await expectRevert(attempt, "UnauthorisedOrderSubject", [1, p.dairy.address]);
  });
});
