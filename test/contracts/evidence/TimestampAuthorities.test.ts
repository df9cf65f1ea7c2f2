import { expect } from "chai";
import { AbiCoder, keccak256, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, ethers, mineTo, networkHelpers, now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeUser, town } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";

const KIND = { record: 1n, anchor: 2n, block: 3n } as const;
const CERTIFICATE = digestOf("certificate");
const TOKEN = digestOf("token");
const GROUND = digestOf("ground");
const ROOT = digestOf("root");
const POLICY = "1.2.3.4.1";
const WHERE = "https://tsa.example.org/certificate.der";
const YEAR = 365 * 24 * 3600;

/** A town with one authority, and with a record and an anchor of alice's. */
async function settle() {
  const p = await town();
  const [notBefore, notAfter] = [(await now()) - YEAR, (await now()) + YEAR];
  const { timestampAuthorities, operator } = p;
  await timestampAuthorities.connect(operator).register(CERTIFICATE, notBefore, notAfter, POLICY, WHERE);
  const record = recordOf("data", { subject: digestOf("subject") });
  expectExecuted(await p.alice.call(p.records, "record", [record]));
  expectExecuted(await p.alice.call(p.batchAnchors, "anchor", [ROOT, 3]));
  const recordId = await p.records.recordId(p.alice.address, record.digest, record.subject);
  const anchorId = await p.batchAnchors.anchorId(p.alice.address, ROOT);
  return { ...p, tsa: timestampAuthorities, notBefore, notAfter, record, recordId, anchorId };
}

const start = () => startFrom(settle);
type Started = Awaited<ReturnType<typeof settle>>;

/** Arguments that attach a token to alice's record, some of them changed. */
async function toRecord({ record }: Started, changes: { authority?: number; token?: string; time?: number } = {}) {
  const { authority = 1, token = TOKEN, time = await now() } = changes;
  return [record.digest, record.subject, authority, token, time];
}

async function tokenOf({ tsa }: Started, owner: string, object: string, token = TOKEN) {
  return tsa.tokenOf(await tsa.tokenId(owner, object, token));
}

describe("TimestampAuthorities", () => {
  describe("an authority", () => {
    it("is registered with its certificate, policy and location, and gets the next number", async () => {
      const { tsa, operator, notBefore, notAfter } = await start();
      expect(await tsa.count()).to.equal(1n);
      const block = BigInt(await blockNumber()) + 1n;
      const other = digestOf("other certificate");
      const events = await eventsOf(tsa.connect(operator).register(other, notBefore, notAfter, POLICY, WHERE));
      expectEvent(events, "AuthorityRegistered", [2, other, notBefore, notAfter, POLICY, WHERE]);
      expect(await tsa.authorityOf(2)).to.deep.equal([
        BigInt(notBefore),
        BigInt(notAfter),
        block,
        0n,
        other,
        ZeroHash,
        POLICY,
        WHERE,
      ]);
      expect(await tsa.authorityWith(other)).to.equal(2n);
    });

    it("is refused without certificate, policy or validity, and a second time", async () => {
      const { tsa, operator, notBefore, notAfter } = await start();
      const acting = tsa.connect(operator);
      const other = digestOf("other certificate");
      await expectRevert(acting.register(ZeroHash, notBefore, notAfter, POLICY, WHERE), "AuthorityDigestMissing");
      await expectRevert(acting.register(other, notBefore, notAfter, "", WHERE), "AuthorityPolicyMissing");
      for (const [from, to] of [
        [0, notAfter],
        [notAfter, notBefore],
      ] as const) {
        await expectRevert(acting.register(other, from, to, POLICY, WHERE), "AuthorityInvalidValidity", [from, to]);
      }
      const twice = acting.register(CERTIFICATE, notBefore, notAfter, POLICY, WHERE);
      await expectRevert(twice, "AuthorityKnown", [1]);
    });

    it("is registered and retired by the operator alone", async () => {
      const { tsa, regulator, notBefore, notAfter } = await start();
      const acting = tsa.connect(regulator);
      const other = digestOf("other certificate");
      await expectRevert(acting.register(other, notBefore, notAfter, POLICY, WHERE), "Unauthorised");
      await expectRevert(acting.retire(1, GROUND), "Unauthorised");
    });

    it("retires for good and with a ground that is kept; its earlier tokens stay", async () => {
      const p = await start();
      const acting = p.tsa.connect(p.operator);
      expectExecuted(await p.alice.call(p.tsa, "attachToRecord", await toRecord(p)));
      await expectRevert(acting.retire(1, ZeroHash), "AuthorityGroundMissing");
      await expectRevert(acting.retire(2, GROUND), "AuthorityUnknown", [2]);
      expectEvent(await eventsOf(acting.retire(1, GROUND)), "AuthorityRetired", [1, GROUND]);
      const retiredBlock = await blockNumber();
      expect((await p.tsa.authorityOf(1)).ground).to.equal(GROUND);
      await expectRevert(acting.retire(1, GROUND), "AuthorityIsRetired", [1, retiredBlock]);
      // Also a token that states a time before the retirement: with a leaked key it could have been made today.
      const late = await toRecord(p, { token: digestOf("late"), time: (await now()) - 1_000 });
      const refused = await p.alice.call(p.tsa, "attachToRecord", late);
      expectReverted(refused, "AuthorityIsRetired", [1, retiredBlock]);
      expect((await tokenOf(p, p.alice.address, p.recordId)).authority).to.equal(1n);
      const again = acting.register(CERTIFICATE, p.notBefore, p.notAfter, POLICY, WHERE);
      await expectRevert(again, "AuthorityKnown", [1]);
    });
  });

  describe("a token", () => {
    it("of a record is kept under its owner, the record and its digest", async () => {
      const p = await start();
      const time = (await now()) - 100;
      const events = expectExecuted(await p.alice.call(p.tsa, "attachToRecord", await toRecord(p, { time })));
      expectEvent(events, "TokenAttached", [p.recordId, 1, p.alice.address, KIND.record, TOKEN, time]);
      const types = ["address", "bytes32", "bytes32"];
      const id = keccak256(AbiCoder.defaultAbiCoder().encode(types, [p.alice.address, p.recordId, TOKEN]));
      expect(await p.tsa.tokenOf(id)).to.deep.equal([1n, KIND.record, BigInt(time), BigInt(await now())]);
    });

    it("can be one of many, of any age within the certificate's validity, but the same one only once", async () => {
      const p = await start();
      for (const [token, time] of [
        ["first second", p.notBefore],
        ["now", await now()],
      ] as const) {
        const args = await toRecord(p, { token: digestOf(token), time });
        expectExecuted(await p.alice.call(p.tsa, "attachToRecord", args));
        const id = await p.tsa.tokenId(p.alice.address, p.recordId, digestOf(token));
        expectReverted(await p.alice.call(p.tsa, "attachToRecord", args), "TokenExists", [id]);
      }
    });

    it("is refused from the future, even by a second", async () => {
      const p = await start();
      const next = (await now()) + 100;
      const attach = async (time: number) => {
        const args = await toRecord(p, { time });
        await networkHelpers.time.setNextBlockTimestamp(next);
        return p.alice.call(p.tsa, "attachToRecord", args);
      };
      expectReverted(await attach(next + 1), "TokenFromFuture", [next + 1, next]);
    });

    it("can state the very second of the block", async () => {
      const p = await start();
      const next = (await now()) + 100;
      const args = await toRecord(p, { time: next });
      await networkHelpers.time.setNextBlockTimestamp(next);
      expectExecuted(await p.alice.call(p.tsa, "attachToRecord", args));
    });

    it("is refused outside the certificate's validity", async () => {
      const p = await start();
      const early = await toRecord(p, { time: p.notBefore - 1 });
      const refused = await p.alice.call(p.tsa, "attachToRecord", early);
      expectReverted(refused, "TokenOutsideValidity", [p.notBefore - 1, p.notBefore, p.notAfter]);
      const past = (await now()) - 100;
      await p.tsa.connect(p.operator).register(digestOf("old"), p.notBefore, past, POLICY, WHERE);
      const expired = await toRecord(p, { authority: 2, time: past + 1 });
      const late = await p.alice.call(p.tsa, "attachToRecord", expired);
      expectReverted(late, "TokenOutsideValidity", [past + 1, p.notBefore, past]);
    });

    it("is refused without a digest and of an unknown authority", async () => {
      const p = await start();
      const empty = await p.alice.call(p.tsa, "attachToRecord", await toRecord(p, { token: ZeroHash }));
      expectReverted(empty, "TokenDigestMissing");
      for (const authority of [0, 2]) {
        const refused = await p.alice.call(p.tsa, "attachToRecord", await toRecord(p, { authority }));
        expectReverted(refused, "AuthorityUnknown", [authority]);
      }
    });

    it("can not be attached to a record that does not exist or is another's", async () => {
      const p = await start();
      const args = await toRecord(p);
      const bobs = await p.records.recordId(p.bob.address, p.record.digest, p.record.subject);
      expectReverted(await p.bob.call(p.tsa, "attachToRecord", args), "TokenObjectUnknown", [bobs]);
      const missing = await p.records.recordId(p.alice.address, p.record.digest, ZeroHash);
      const other = [p.record.digest, ZeroHash, ...args.slice(2)];
      expectReverted(await p.alice.call(p.tsa, "attachToRecord", other), "TokenObjectUnknown", [missing]);
    });

    it("can be attached to a record that was revoked: it still says when the data existed", async () => {
      const p = await start();
      const revoke = [p.record.digest, p.record.subject, digestOf("reason")];
      expectExecuted(await p.alice.call(p.records, "revoke", revoke));
      expectExecuted(await p.alice.call(p.tsa, "attachToRecord", await toRecord(p)));
    });

    it("of an anchor is its owner's to attach", async () => {
      const p = await start();
      const time = await now();
      const events = expectExecuted(await p.alice.call(p.tsa, "attachToAnchor", [ROOT, 1, TOKEN, time]));
      expectEvent(events, "TokenAttached", [p.anchorId, 1, p.alice.address, KIND.anchor, TOKEN, time]);
      expect((await tokenOf(p, p.alice.address, p.anchorId)).kind).to.equal(KIND.anchor);
      const bobs = await p.batchAnchors.anchorId(p.bob.address, ROOT);
      const stolen = await p.bob.call(p.tsa, "attachToAnchor", [ROOT, 1, TOKEN, time]);
      expectReverted(stolen, "TokenObjectUnknown", [bobs]);
      const missing = await p.alice.call(p.tsa, "attachToAnchor", [digestOf("no root"), 1, TOKEN, time]);
      expectReverted(missing, "TokenObjectUnknown");
    });

    it("is attached by accounts that may record evidence", async () => {
      const p = await start();
      const registered = await makeUser(p, p.bank, "registered", LEVEL.registered);
      const record = await registered.call(p.tsa, "attachToRecord", await toRecord(p));
      expectReverted(record, "CertificationNotPermitted");
      const anchor = await registered.call(p.tsa, "attachToAnchor", [ROOT, 1, TOKEN, await now()]);
      expectReverted(anchor, "CertificationNotPermitted");
    });
  });

  describe("a block", () => {
    const hashOf = async (block: number) => (await ethers.provider.getBlock(block))?.hash ?? "";

    it("is stamped by its hash, which is kept from the first token on", async () => {
      const p = await start();
      const block = await blockNumber();
      const hash = await hashOf(block);
      const time = await now();
      const events = await eventsOf(p.tsa.connect(p.operator).attachToBlock(block, 1, TOKEN, time));
      expectEvent(events, "TokenAttached", [hash, 1, p.operator.address, KIND.block, TOKEN, time]);
      expectEvent(events, "BlockHashKept", [block, hash]);
      expect(await p.tsa.blockHashOf(block)).to.equal(hash);
      expect((await tokenOf(p, p.operator.address, hash)).kind).to.equal(KIND.block);
      // Another's token does not stand in the way, nor does it change what is kept.
      const again = expectExecuted(await p.bank.call(p.tsa, "attachToBlock", [block, 1, TOKEN, time]));
      expect(again.some(({ name }) => name === "BlockHashKept")).to.equal(false);
      expect(await p.tsa.blockHashOf(block)).to.equal(hash);
    });

    it("is within reach while it is one of the last 256", async () => {
      const p = await start();
      const block = await blockNumber();
      const time = await now();
      const acting = p.tsa.connect(p.operator);
      await mineTo(block + 255);
      await acting.attachToBlock(block, 1, TOKEN, time);
      expect(await blockNumber()).to.equal(block + 256);
      const gone = acting.attachToBlock(block, 1, digestOf("other"), time);
      await expectRevert(gone, "TokenBlockOutOfReach", [block, block + 257]);
      expect(await p.tsa.blockHashOf(block)).to.equal(await hashOf(block));
    });

    it("can not be stamped before it exists", async () => {
      const p = await start();
      const acting = p.tsa.connect(p.operator);
      const next = (await blockNumber()) + 1;
      for (const block of [next, next + 1, 2n ** 255n]) {
        const attempt = acting.attachToBlock(block, 1, TOKEN, await now());
        await expectRevert(attempt, "TokenBlockOutOfReach");
      }
    });

    it("is stamped by operator and partners with the evidence permission", async () => {
      const p = await start();
      const args = [await blockNumber(), 1, TOKEN, await now()];
      expectExecuted(await p.school.call(p.tsa, "attachToBlock", args));
      expectReverted(await p.alice.call(p.tsa, "attachToBlock", args), "TokenNotAuthorised", [p.alice.address]);
      await p.partners.connect(p.operator).setPermissions(p.dairy.address, 1);
      expectReverted(await p.dairy.call(p.tsa, "attachToBlock", args), "TokenNotAuthorised", [p.dairy.address]);
    });
  });
});
