import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { networkHelpers, now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, expectExecuted, expectRefused, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";
import { ALGORITHM, recordOf } from "../support/records.ts";

const STATUS = { none: 0n, valid: 1n, revoked: 2n, superseded: 3n } as const;
const MAY_EVIDENCE = 2;
const REASON = digestOf("reason");
const SUBJECT = digestOf("subject");

const idOf = ({ records }: Town, owner: Participant, name: string, subject = ZeroHash) =>
  records.recordId(owner.address, digestOf(name), subject);

/** Status of the record of some named data. */
async function statusOf(p: Town, owner: Participant, name: string, subject = ZeroHash): Promise<bigint> {
  return (await p.records.recordOf(await idOf(p, owner, name, subject))).status;
}

describe("Records", () => {
  describe("recording", () => {
    it("keeps time, kind, algorithm and owner's digest, and tells the rest in the event", async () => {
      const p = await town();
      const input = recordOf("data", {
        algorithm: ALGORITHM.sm3,
        kind: 2 ** 32 - 1,
        subject: SUBJECT,
        businessKey: digestOf("key"),
        refersTo: digestOf("reference"),
      });
      const events = expectExecuted(await p.alice.call(p.records, "record", [input]));
      const recorded = events.find(({ name }) => name === "Recorded");
      expect(recorded?.args.slice(0, 3)).to.deep.equal([input.digest, p.alice.address, SUBJECT]);
      for (const value of [
        BigInt(input.algorithm),
        BigInt(input.kind),
        ZeroAddress,
        input.businessKey,
        input.refersTo,
      ]) {
        expect(recorded?.args).to.include(value);
      }
      expect(await p.records.recordOf(await idOf(p, p.alice, "data", SUBJECT))).to.deep.equal([
        BigInt(await now()),
        BigInt(input.kind),
        BigInt(input.algorithm),
        STATUS.valid,
        ZeroAddress,
      ]);
    });

    it("names a record by owner, digest and subject", async () => {
      const { records, alice } = await town();
      const words = AbiCoder.defaultAbiCoder().encode(
        ["address", "bytes32", "bytes32"],
        [alice.address, digestOf("data"), SUBJECT],
      );
      expect(await records.recordId(alice.address, digestOf("data"), SUBJECT)).to.equal(keccak256(words));
    });

    for (const [name, algorithm] of Object.entries(ALGORITHM)) {
      it(`takes digests of ${name}`, async () => {
        const p = await town();
        expectExecuted(await p.alice.call(p.records, "record", [recordOf("data", { algorithm })]));
        expect((await p.records.recordOf(await idOf(p, p.alice, "data"))).algorithm).to.equal(BigInt(algorithm));
      });
    }

    it("refuses unknown algorithms and an empty digest", async () => {
      const { alice, records } = await town();
      for (const algorithm of [0, 0x13, 0x15, 0x1b, 0xffff]) {
        const attempt = await alice.call(records, "record", [recordOf("data", { algorithm })]);
        expectReverted(attempt, "RecordAlgorithmUnknown", [algorithm]);
      }
      const empty = await alice.call(records, "record", [recordOf("data", { digest: ZeroHash })]);
      expectReverted(empty, "RecordDigestMissing", []);
    });

    it("takes the same digest once for an owner and subject, and again about another subject", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("data")]));
      const again = await p.alice.call(p.records, "record", [recordOf("data", { kind: 5 })]);
      expectReverted(again, "RecordExists", [await idOf(p, p.alice, "data")]);
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("data", { subject: SUBJECT })]));
    });

    it("can not be squatted on: who copies a digest first takes nothing from its owner", async () => {
      const p = await town();
      const input = recordOf("alice's invention", { subject: SUBJECT });
      expectExecuted(await p.bob.call(p.records, "record", [input]));
      expectExecuted(await p.alice.call(p.records, "record", [input]));
      expectExecuted(await p.bob.call(p.records, "revoke", [input.digest, SUBJECT, REASON]));
      expect(await statusOf(p, p.alice, "alice's invention", SUBJECT)).to.equal(STATUS.valid);
      expect(await statusOf(p, p.bob, "alice's invention", SUBJECT)).to.equal(STATUS.revoked);
    });

    it("takes many records in one operation, all or none", async () => {
      const p = await town();
      const inputs = Array.from({ length: 40 }, (_, at) => recordOf(`data ${at}`));
      const events = expectExecuted(await p.bank.call(p.records, "recordMany", [inputs]));
      expect(events.filter(({ name }) => name === "Recorded")).to.have.length(40);
      const twice = await p.bank.call(p.records, "recordMany", [[recordOf("new"), recordOf("data 7")]]);
      expectReverted(twice, "RecordExists", [await idOf(p, p.bank, "data 7")]);
      expect(await statusOf(p, p.bank, "new")).to.equal(STATUS.none);
      const same = await p.bank.call(p.records, "recordMany", [[recordOf("new"), recordOf("new")]]);
      expectReverted(same, "RecordExists", [await idOf(p, p.bank, "new")]);
    });

    it("takes no empty list", async () => {
      const { records, alice } = await town();
      expectReverted(await alice.call(records, "recordMany", [[]]), "RecordsEmpty", []);
    });
  });

  describe("who may record (ID-5)", () => {
    const attempts: [string, (p: Town, who: Participant) => Promise<Awaited<ReturnType<Participant["call"]>>>][] = [
      ["record", (p, who) => who.call(p.records, "record", [recordOf("data")])],
      ["recordMany", (p, who) => who.call(p.records, "recordMany", [[recordOf("data")]])],
      ["openObject", (p, who) => who.call(p.records, "openObject", [digestOf("key"), []])],
    ];
    for (const [name, attempt] of attempts) {
      it(`${name}: phone-verified and better`, async () => {
        const p = await town();
        for (const account of [p.carol, p.alice, p.bank]) expectExecuted(await attempt(p, account));
      });

      it(`${name}: not applicants, registered or anonymous accounts without a responsible partner`, async () => {
        const p = await town();
        for (const level of [LEVEL.applicant, LEVEL.registered, LEVEL.anonymous]) {
          const account = await makeUser(p, p.bank, `user of level ${level}`, level);
          const denied = [account.address, level, MAY_EVIDENCE];
          expectReverted(await attempt(p, account), "CertificationNotPermitted", denied);
        }
      });
    }

    it("anonymous accounts under a responsible partner, whom the record names", async () => {
      const p = await town();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous, { responsible: true });
      const events = expectExecuted(await masked.call(p.records, "record", [recordOf("data")]));
      expect(events.find(({ name }) => name === "Recorded")?.args).to.include(p.bank.address);
      expect((await p.records.recordOf(await idOf(p, masked, "data"))).responsible).to.equal(p.bank.address);
      expectExecuted(await masked.call(p.records, "recordMany", [[recordOf("more")]]));
      expect((await p.records.recordOf(await idOf(p, masked, "more"))).responsible).to.equal(p.bank.address);
    });

    it("nobody whose certification lapsed", async () => {
      const p = await town();
      const brief = await makeUser(p, p.bank, "brief", LEVEL.realName, { lifetime: 1_000 });
      await networkHelpers.time.increase(1_001);
      const attempt = await brief.call(p.records, "record", [recordOf("data")]);
      expectRefused(attempt, "QuotaUncertified", [brief.address]);
    });

    it("no key that calls directly, be it the operator's", async () => {
      const { records, operator, stranger, regulator } = await town();
      for (const caller of [operator, stranger, regulator]) {
        const attempt = records.connect(caller).record(recordOf("data"));
        await expectRevert(attempt, "CertificationNotPermitted", [caller.address, 0, MAY_EVIDENCE]);
      }
    });
  });

  describe("closing", () => {
    it("marks a record as revoked, for a reason that stands in the event, and changes nothing else", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("data", { kind: 9 })]));
      const id = await idOf(p, p.alice, "data");
      const before = await p.records.recordOf(id);
      await networkHelpers.mine(10);
      const events = expectExecuted(await p.alice.call(p.records, "revoke", [digestOf("data"), ZeroHash, REASON]));
      expectEvent(events, "RecordRevoked", [id, p.alice.address, REASON]);
      const { recordedAt, kind, algorithm, responsible } = before;
      expect(await p.records.recordOf(id)).to.deep.equal([recordedAt, kind, algorithm, STATUS.revoked, responsible]);
    });

    it("keeps who was responsible", async () => {
      const p = await town();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous, { responsible: true });
      expectExecuted(await masked.call(p.records, "record", [recordOf("data")]));
      expectExecuted(await masked.call(p.records, "revoke", [digestOf("data"), ZeroHash, REASON]));
      expect((await p.records.recordOf(await idOf(p, masked, "data"))).responsible).to.equal(p.bank.address);
    });

    it("marks a record as superseded by another of its owner's", async () => {
      const p = await town();
      const inputs = [recordOf("draft"), recordOf("final", { subject: SUBJECT })];
      expectExecuted(await p.alice.call(p.records, "recordMany", [inputs]));
      const change = [digestOf("draft"), ZeroHash, digestOf("final"), SUBJECT, REASON];
      const events = expectExecuted(await p.alice.call(p.records, "supersede", change));
      const [draft, final] = [await idOf(p, p.alice, "draft"), await idOf(p, p.alice, "final", SUBJECT)];
      expectEvent(events, "RecordSuperseded", [draft, p.alice.address, final, REASON]);
      expect(await statusOf(p, p.alice, "draft")).to.equal(STATUS.superseded);
      expect(await statusOf(p, p.alice, "final", SUBJECT)).to.equal(STATUS.valid);
    });

    it("needs a reason", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("data")]));
      const digest = digestOf("data");
      const revoked = await p.alice.call(p.records, "revoke", [digest, ZeroHash, ZeroHash]);
      expectReverted(revoked, "RecordReasonMissing", []);
      const superseded = await p.alice.call(p.records, "supersede", [digest, ZeroHash, digest, ZeroHash, ZeroHash]);
      expectReverted(superseded, "RecordReasonMissing", []);
    });

    it("is final", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "recordMany", [[recordOf("one"), recordOf("two")]]));
      expectExecuted(await p.alice.call(p.records, "revoke", [digestOf("one"), ZeroHash, REASON]));
      const id = await idOf(p, p.alice, "one");
      const again = await p.alice.call(p.records, "revoke", [digestOf("one"), ZeroHash, REASON]);
      expectReverted(again, "RecordWrongStatus", [id, STATUS.revoked]);
      const anew = await p.alice.call(p.records, "record", [recordOf("one")]);
      expectReverted(anew, "RecordExists", [id]);
      const change = [digestOf("one"), ZeroHash, digestOf("two"), ZeroHash, REASON];
      const superseded = await p.alice.call(p.records, "supersede", change);
      expectReverted(superseded, "RecordWrongStatus", [id, STATUS.revoked]);
    });

    it("does not let a record take its own place, or that of a closed or another's record", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "recordMany", [[recordOf("one"), recordOf("two")]]));
      expectExecuted(await p.bob.call(p.records, "record", [recordOf("bob's")]));
      expectExecuted(await p.alice.call(p.records, "revoke", [digestOf("two"), ZeroHash, REASON]));
      const by = (name: string) =>
        p.alice.call(p.records, "supersede", [digestOf("one"), ZeroHash, digestOf(name), ZeroHash, REASON]);
      const id = (name: string) => idOf(p, p.alice, name);
      expectReverted(await by("one"), "RecordWrongStatus", [await id("one"), STATUS.superseded]);
      expectReverted(await by("two"), "RecordWrongStatus", [await id("two"), STATUS.revoked]);
      expectReverted(await by("bob's"), "RecordWrongStatus", [await id("bob's"), STATUS.none]);
      expect(await statusOf(p, p.alice, "one")).to.equal(STATUS.valid);
    });

    it("is the owner's alone", async () => {
      const p = await town();
      expectExecuted(await p.alice.call(p.records, "record", [recordOf("data")]));
      for (const other of [p.bob, p.bank]) {
        const attempt = await other.call(p.records, "revoke", [digestOf("data"), ZeroHash, REASON]);
        expectReverted(attempt, "RecordUnknown", [await idOf(p, other, "data")]);
      }
      const direct = p.records.connect(p.operator).revoke(digestOf("data"), ZeroHash, REASON);
      await expectRevert(direct, "RecordUnknown");
    });
  });

  it("knows nothing of what was never recorded", async () => {
    const { records } = await town();
    expect(await records.recordOf(ZeroHash)).to.deep.equal([0n, 0n, 0n, STATUS.none, ZeroAddress]);
    expect(await records.objectOf(ZeroHash)).to.deep.equal([ZeroAddress, 0n, ZeroHash]);
    expect(await records.isWriter(ZeroHash, walletOf("x").address)).to.equal(false);
    expect(await records.isWriter(ZeroHash, ZeroAddress)).to.equal(false);
  });

  it("stays an account's own after its certification was raised and lowered", async () => {
    const p = await town();
    expectExecuted(await p.carol.call(p.records, "record", [recordOf("data")]));
    expectExecuted(await certify(p, p.bank, p.carol, LEVEL.certificate));
    const calls = [callOf(p.records, "revoke", [digestOf("data"), ZeroHash, REASON])];
    expectExecuted(await p.carol.operate(calls));
  });
});
