import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, ethers, networkHelpers, now } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";

const STATUS = { none: 0n, active: 1n, suspended: 2n, revoked: 3n, superseded: 4n } as const;
const PARTNER_STATUS = { none: 0n, admitted: 1n, suspended: 2n, terminated: 3n } as const;
const ANSWER = { accepted: 0n, notCertified: 1n, notLive: 2n, notRecognised: 3n, levelTooLow: 4n } as const;
const EVIDENCE = 2;
const grounds = { first: digestOf("first ground"), second: digestOf("second ground") };

/** Number and time of the newest block. */
async function moment(): Promise<[number, number]> {
  return [await blockNumber(), await now()];
}

/** A block later the state of the newest one is final. */
const later = () => networkHelpers.mine(1);

const issue = async ({ certifications }: Town, account: Participant, certifier: Participant, number: number) => {
  const { level, status, digest } = await certifications.issue(account.address, certifier.address, number);
  return [Number(level), status, digest];
};

describe("A certification's history", () => {
  it("answers what a certifier said at the end of any past block", async () => {
    const p = await town();
    const { certifications, alice, bank } = p;
    const at = (block: number) => certifications.certificationAt(alice.address, bank.address, block);
    const created = await certifications.certification(alice.address, bank.address);
    const [first] = await moment();
    expectExecuted(await bank.call(certifications, "suspend", [alice.address, grounds.first]));
    const [second] = await moment();
    expectExecuted(await certify(p, bank, alice, LEVEL.certificate));
    const [third] = await moment();
    const renewed = await certifications.certification(alice.address, bank.address);
    expectExecuted(await bank.call(certifications, "revoke", [alice.address, grounds.second]));
    const [fourth] = await moment();
    await later();
    expect(await at(first)).to.deep.equal([...created]);
    expect((await at(second)).status).to.equal(STATUS.suspended);
    expect((await at(second)).digest).to.equal(created.digest);
    expect(await at(third)).to.deep.equal([...renewed]);
    expect((await at(fourth)).status).to.equal(STATUS.revoked);
    expect(await at(0)).to.deep.equal([0n, STATUS.none, false, 0n, 0n, ZeroHash]);
  });

  it("keeps the ground of every step, and which stood when", async () => {
    const { certifications, alice, bank } = await town();
    const pair = [alice.address, bank.address] as const;
    expect(await certifications.groundOf(...pair)).to.equal(ZeroHash);
    expectExecuted(await bank.call(certifications, "suspend", [alice.address, grounds.first]));
    const [first] = await moment();
    expectExecuted(await bank.call(certifications, "resume", [alice.address, grounds.second]));
    await later();
    expect(await certifications.groundAt(...pair, first - 1)).to.equal(ZeroHash);
    expect(await certifications.groundAt(...pair, first)).to.equal(grounds.first);
    expect(await certifications.groundAt(...pair, first + 1)).to.equal(grounds.second);
    expect(await certifications.groundOf(...pair)).to.equal(grounds.second);
  });

  it("shows each issue as it ended: superseded by the next one, or revoked before it", async () => {
    const p = await town();
    const { certifications, alice, bank } = p;
    expectExecuted(await certify(p, bank, alice, LEVEL.phone));
    expectExecuted(await bank.call(certifications, "revoke", [alice.address, grounds.first]));
    expectExecuted(await certify(p, bank, alice, LEVEL.certificate));
    expect(await certifications.issuesOf(alice.address, bank.address)).to.equal(3n);
    const renewed = digestOf(`${bank.address} on ${alice.address}`);
    const issues = [
      [0, STATUS.none, ZeroHash],
      [LEVEL.realName, STATUS.superseded, digestOf("alice")],
      [LEVEL.phone, STATUS.revoked, renewed],
      [LEVEL.certificate, STATUS.active, renewed],
      [0, STATUS.none, ZeroHash],
    ];
    for (const [number, expected] of issues.entries()) {
      expect(await issue(p, alice, bank, number)).to.deep.equal(expected);
    }
  });

  it("shows a suspended one that was renewed as superseded", async () => {
    const p = await town();
    expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, grounds.first]));
    expectExecuted(await certify(p, p.bank, p.alice, LEVEL.phone));
    expect((await issue(p, p.alice, p.bank, 1))[1]).to.equal(STATUS.superseded);
  });
});

describe("Answers as of a past block", () => {
  it("judge expiry by the block's time", async () => {
    const p = await town();
    const { certifications, bank } = p;
    const brief = await makeUser(p, bank, "brief", LEVEL.realName, { lifetime: 3_600 });
    const { expiresAt } = await certifications.certification(brief.address, bank.address);
    await networkHelpers.time.setNextBlockTimestamp(expiresAt - 1n);
    await later();
    const last = await moment();
    await networkHelpers.time.setNextBlockTimestamp(expiresAt);
    await later();
    const after = await moment();
    await later();
    expect(await certifications.levelAt(brief.address, ...last)).to.deep.equal([BigInt(LEVEL.realName), bank.address]);
    expect(await certifications.levelAt(brief.address, ...after)).to.deep.equal([0n, ZeroAddress]);
    expect(await certifications.permitsAt(brief.address, EVIDENCE, ...last)).to.equal(true);
    expect(await certifications.permitsAt(brief.address, EVIDENCE, ...after)).to.equal(false);
    const accepts = (when: [number, number]) =>
      certifications.acceptsAt(bank.address, brief.address, LEVEL.realName, ...when);
    expect(await accepts(last)).to.deep.equal([ANSWER.accepted, bank.address]);
    expect(await accepts(after)).to.deep.equal([ANSWER.notLive, bank.address]);
  });

  it("judge recognition, termination and level table by what stood then", async () => {
    const p = await town();
    const { certifications, partners, bank, dairy, carol } = p;
    const accepts = (when: [number, number]) =>
      certifications.acceptsAt(bank.address, carol.address, LEVEL.phone, ...when);
    const strangers = await moment();
    expectExecuted(await bank.call(partners, "recognise", [dairy.address, LEVEL.phone]));
    const recognised = await moment();
    await decide(p, [certifications, "setLevel", [LEVEL.phone, 0, 0]]);
    const abolished = await moment();
    await decide(p, [certifications, "setLevel", [LEVEL.phone, 40, 0]]);
    const powerless = await moment();
    await partners.connect(p.operator).terminate(dairy.address, grounds.first);
    const terminated = await moment();
    await later();
    expect(await accepts(strangers)).to.deep.equal([ANSWER.notRecognised, dairy.address]);
    expect(await accepts(recognised)).to.deep.equal([ANSWER.accepted, dairy.address]);
    await expectRevert(accepts(abolished), "CertificationLevelUnknown", [LEVEL.phone]);
    expect(await certifications.levelAt(carol.address, ...abolished)).to.deep.equal([0n, ZeroAddress]);
    expect(await accepts(powerless)).to.deep.equal([ANSWER.accepted, dairy.address]);
    expect(await certifications.permitsAt(carol.address, EVIDENCE, ...recognised)).to.equal(true);
    expect(await certifications.permitsAt(carol.address, EVIDENCE, ...powerless)).to.equal(false);
    expect(await accepts(terminated)).to.deep.equal([ANSWER.notLive, dairy.address]);
    expect(await certifications.levelRuleAt(LEVEL.phone, recognised[0])).to.deep.equal([40n, 10n]);
    expect(await certifications.levelRuleAt(LEVEL.phone, abolished[0])).to.deep.equal([0n, 0n]);
  });

  it("know nothing of a certifier that came later, also not behind one that was pushed out", async () => {
    const p = await town();
    const { certifications, bank, dairy, alice } = p;
    const before = await moment();
    expectExecuted(await certify(p, dairy, alice, LEVEL.certificate));
    await later();
    expect(await certifications.levelAt(alice.address, ...before)).to.deep.equal([
      BigInt(LEVEL.realName),
      bank.address,
    ]);
    const accepts = certifications.acceptsAt(dairy.address, alice.address, LEVEL.registered, ...before);
    expect(await accepts).to.deep.equal([ANSWER.notRecognised, bank.address]);
    const early = certifications.acceptsAt(dairy.address, p.stranger.address, LEVEL.registered, ...before);
    expect(await early).to.deep.equal([ANSWER.notCertified, ZeroAddress]);
  });

  it("are not given for the block in progress or a later one: it may still change", async () => {
    const { certifications, partners, alice, bank } = await town();
    const time = await now();
    const head = await blockNumber();
    const questions = (block: number): Promise<unknown>[] => [
      certifications.levelAt(alice.address, block, time, { blockTag: head }),
      certifications.permitsAt(alice.address, EVIDENCE, block, time, { blockTag: head }),
      certifications.acceptsAt(bank.address, alice.address, LEVEL.realName, block, time, { blockTag: head }),
      certifications.certificationAt(alice.address, bank.address, block, { blockTag: head }),
      certifications.groundAt(alice.address, bank.address, block, { blockTag: head }),
      certifications.levelRuleAt(LEVEL.phone, block, { blockTag: head }),
      partners.recognitionAt(bank.address, bank.address, block, { blockTag: head }),
      partners.statusAt(bank.address, block, { blockTag: head }),
      partners.permissionsAt(bank.address, block, { blockTag: head }),
      partners.groundAt(bank.address, block, { blockTag: head }),
    ];
    for (const block of [head, head + 1, head + 1_000]) {
      for (const question of questions(block)) await expectRevert(question, "BlockNotPast", [block, head]);
    }
    for (const question of questions(head - 1)) await question;
  });

  it("are refused with a time that can not be that block's", async () => {
    const { certifications, alice, bank } = await town();
    const { issuedAt } = await certifications.certification(alice.address, bank.address);
    await later();
    const block = (await blockNumber()) - 1;
    for (const time of [issuedAt - 1n, BigInt(await now()) + 1_000n]) {
      const question = certifications.levelAt(alice.address, block, time);
      await expectRevert(question, "CertificationTimeImpossible", [block, time]);
    }
    expect((await certifications.levelAt(alice.address, block, issuedAt))[1]).to.equal(bank.address);
  });

  it("do not show what changed and changed back within one block", async () => {
    const { certifications, partners, operator, alice, bank } = await town();
    const acting = partners.connect(operator);
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const options = { gasLimit: 1_000_000 };
      await acting.suspend(bank.address, grounds.first, options);
      await acting.reinstate(bank.address, grounds.second, { ...options });
    } finally {
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
    }
    const [block, time] = await moment();
    await later();
    expect(await partners.statusAt(bank.address, block)).to.equal(PARTNER_STATUS.admitted);
    expect(await partners.groundAt(bank.address, block)).to.equal(grounds.second);
    expect((await certifications.levelAt(alice.address, block, time))[1]).to.equal(bank.address);
  });
});

describe("A partner's history", () => {
  it("answers status, permissions, ground and recognition at the end of any past block", async () => {
    const { partners, operator, bank, dairy } = await town();
    const acting = partners.connect(operator);
    const start = await blockNumber();
    await acting.suspend(bank.address, grounds.first);
    await acting.setPermissions(bank.address, 3);
    await acting.reinstate(bank.address, grounds.second);
    expectExecuted(await bank.call(partners, "recognise", [dairy.address, LEVEL.phone]));
    expectExecuted(await bank.call(partners, "recognise", [dairy.address, 0]));
    await acting.terminate(bank.address, grounds.first);
    await later();
    const { admitted, suspended, terminated, none } = PARTNER_STATUS;
    const expected: [bigint, bigint, string, bigint][] = [
      [admitted, 15n, ZeroHash, 0n],
      [suspended, 15n, grounds.first, 0n],
      [suspended, 3n, grounds.first, 0n],
      [admitted, 3n, grounds.second, 0n],
      [admitted, 3n, grounds.second, BigInt(LEVEL.phone)],
      [admitted, 3n, grounds.second, 0n],
      [terminated, 3n, grounds.first, 0n],
    ];
    for (const [step, values] of expected.entries()) {
      const block = start + step;
      expect([
        await partners.statusAt(bank.address, block),
        await partners.permissionsAt(bank.address, block),
        await partners.groundAt(bank.address, block),
        await partners.recognitionAt(bank.address, dairy.address, block),
      ]).to.deep.equal(values);
    }
    expect(await partners.statusAt(bank.address, 0)).to.equal(none);
    expect(await partners.groundOf(bank.address)).to.equal(grounds.first);
  });
});
