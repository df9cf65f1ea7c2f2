import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { encodeExecute } from "../../../src/core/execution.ts";
import { digestOf } from "../support/actors.ts";
import { expectEvent } from "../support/events.ts";
import { callOf, draft, expectExecuted, expectReverted, handleOps, signed } from "../support/operations.ts";
import { LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";
import { recordOf } from "../support/records.ts";

const KEY = digestOf("batch 4711");
const REASON = digestOf("reason");

/** The town and an object of the dairy's that Alice may write to. */
async function withObject() {
  const p = await town();
  const object = await p.records.objectId(p.dairy.address, KEY);
  expectExecuted(await p.dairy.call(p.records, "openObject", [KEY, [p.alice.address]]));
  return { ...p, object };
}

type WithObject = Awaited<ReturnType<typeof withObject>>;

const append = ({ records, object }: WithObject, who: Participant, previous: string, name: string) =>
  who.call(records, "append", [object, previous, recordOf(name)]);

/** State of the object. Its `length` would hide behind that of the tuple in the generated type. */
async function stateOf({ records, object }: WithObject) {
  const [owner, length, head] = (await records.objectOf(object)) as unknown as [string, bigint, string];
  return { owner, length, head };
}

describe("Chained objects (EV-4)", () => {
  describe("opening", () => {
    it("gives an object its owner, its writers and an identifier of owner and key", async () => {
      const { records, dairy, alice, bob } = await town();
      const words = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [dairy.address, KEY]);
      const object = keccak256(words);
      const writers = [alice.address, bob.address];
      const events = expectExecuted(await dairy.call(records, "openObject", [KEY, writers]));
      expectEvent(events, "ObjectOpened", [object, dairy.address, KEY]);
      for (const writer of writers) expectEvent(events, "WriterChanged", [object, writer, true]);
      expect(await records.objectId(dairy.address, KEY)).to.equal(object);
      expect(await records.objectOf(object)).to.deep.equal([dairy.address, 0n, ZeroHash]);
      for (const writer of [dairy.address, ...writers]) expect(await records.isWriter(object, writer)).to.equal(true);
    });

    it("happens once for an owner and key, and can not be squatted on", async () => {
      const p = await withObject();
      const again = await p.dairy.call(p.records, "openObject", [KEY, []]);
      expectReverted(again, "ObjectExists", [p.object]);
      // Another owner's object of the same key is another object.
      expectExecuted(await p.bank.call(p.records, "openObject", [KEY, []]));
      expect((await stateOf(p)).owner).to.equal(p.dairy.address);
    });

    it("needs a key, and writers that exist", async () => {
      const { records, dairy } = await town();
      expectReverted(await dairy.call(records, "openObject", [ZeroHash, []]), "ObjectKeyMissing", []);
      const object = await records.objectId(dairy.address, KEY);
      const nobody = await dairy.call(records, "openObject", [KEY, [ZeroAddress]]);
      expectReverted(nobody, "ObjectNotWriter", [object, ZeroAddress]);
    });
  });

  describe("appending", () => {
    it("adds links of several writers, each naming the digest before it", async () => {
      const p = await withObject();
      const links: [Participant, string, string][] = [
        [p.dairy, ZeroHash, "milked"],
        [p.alice, digestOf("milked"), "transported"],
        [p.alice, digestOf("transported"), "stored"],
        [p.dairy, digestOf("stored"), "sold"],
      ];
      for (const [index, [writer, previous, name]] of links.entries()) {
        const events = expectExecuted(await append(p, writer, previous, name));
        const id = await p.records.recordId(writer.address, digestOf(name), p.object);
        expectEvent(events, "Linked", [p.object, id, index, previous, digestOf(name)]);
        expect((await p.records.recordOf(id)).status).to.equal(1n);
        const recorded = events.find((event) => event.name === "Recorded");
        expect(recorded?.args.slice(0, 3)).to.deep.equal([digestOf(name), writer.address, p.object]);
      }
      expect(await p.records.objectOf(p.object)).to.deep.equal([p.dairy.address, 4n, digestOf("sold")]);
    });

    it("has no fork: a link onto anything but the head is refused", async () => {
      const p = await withObject();
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
      expectExecuted(await append(p, p.dairy, digestOf("one"), "two"));
      for (const previous of [ZeroHash, digestOf("one"), digestOf("elsewhere")]) {
        const attempt = await append(p, p.alice, previous, "fork");
        expectReverted(attempt, "ObjectHeadMismatch", [p.object, digestOf("two"), previous]);
      }
      expect((await stateOf(p)).length).to.equal(2n);
    });

    it("has a first link with nothing before it", async () => {
      const p = await withObject();
      const attempt = await append(p, p.dairy, digestOf("x"), "one");
      expectReverted(attempt, "ObjectHeadMismatch", [p.object, ZeroHash, digestOf("x")]);
    });

    it("lets one of two racing writers win, and tells the other the head", async () => {
      const p = await withObject();
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
      const operations = [];
      for (const [who, name] of [
        [p.alice, "alice's"],
        [p.dairy, "dairy's"],
      ] as const) {
        const call = callOf(p.records, "append", [p.object, digestOf("one"), recordOf(name)]);
        operations.push(signed(await draft(who.address, encodeExecute([call])), who.wallet));
      }
      const result = await handleOps(operations);
      const outcomes = result.refused === undefined ? result.outcomes : [];
      expect(outcomes.map(({ success }) => success)).to.deep.equal([true, false]);
      expect(outcomes[1]?.failure?.name).to.equal("ObjectHeadMismatch");
      expect(outcomes[1]?.failure?.args[1]).to.equal(digestOf("alice's"));
      expect((await stateOf(p)).head).to.equal(digestOf("alice's"));
    });

    it("is for owner and writers only", async () => {
      const p = await withObject();
      for (const stranger of [p.bob, p.bank]) {
        const attempt = await append(p, stranger, ZeroHash, "one");
        expectReverted(attempt, "ObjectNotWriter", [p.object, stranger.address]);
      }
    });

    it("needs an object that exists", async () => {
      const p = await withObject();
      const unknown = digestOf("no object");
      const attempt = await append({ ...p, object: unknown }, p.dairy, ZeroHash, "one");
      expectReverted(attempt, "ObjectUnknown", [unknown]);
    });

    it("is about the object: another subject is refused, none or the object itself is the same", async () => {
      const p = await withObject();
      const subject = digestOf("other subject");
      const wrong = recordOf("one", { subject });
      const attempt = await p.dairy.call(p.records, "append", [p.object, ZeroHash, wrong]);
      expectReverted(attempt, "ObjectSubjectDiffers", [p.object, subject]);
      const right = recordOf("one", { subject: p.object });
      expectExecuted(await p.dairy.call(p.records, "append", [p.object, ZeroHash, right]));
    });

    it("checks what every record has to have", async () => {
      const p = await withObject();
      const attempts: [string, object, unknown[]][] = [
        ["RecordDigestMissing", { digest: ZeroHash }, []],
        ["RecordAlgorithmUnknown", { algorithm: 1 }, [1]],
      ];
      for (const [error, change, args] of attempts) {
        const input = { ...recordOf("one"), ...change };
        expectReverted(await p.dairy.call(p.records, "append", [p.object, ZeroHash, input]), error, args);
      }
    });

    it("refuses the same digest of the same writer again", async () => {
      const p = await withObject();
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
      const id = await p.records.recordId(p.dairy.address, digestOf("one"), p.object);
      expectReverted(await append(p, p.dairy, digestOf("one"), "one"), "RecordExists", [id]);
    });

    it("can not be blocked by a stranger's record that names the object as its subject", async () => {
      const p = await withObject();
      expectExecuted(await p.bob.call(p.records, "record", [recordOf("one", { subject: p.object })]));
      expect((await stateOf(p)).length).to.equal(0n);
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
    });

    it("keeps its links when one of them is revoked", async () => {
      const p = await withObject();
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
      expectExecuted(await append(p, p.alice, digestOf("one"), "two"));
      expectExecuted(await p.dairy.call(p.records, "revoke", [digestOf("one"), p.object, REASON]));
      expect(await p.records.objectOf(p.object)).to.deep.equal([p.dairy.address, 2n, digestOf("two")]);
      expectExecuted(await append(p, p.alice, digestOf("two"), "three"));
    });

    it("asks for a writer's level at each link, and names the partner that answers for an anonymous one", async () => {
      const p = await withObject();
      const masked = await makeUser(p, p.bank, "masked", LEVEL.anonymous, { responsible: true });
      const nobody = await makeUser(p, p.bank, "nobody", LEVEL.anonymous);
      for (const writer of [masked, nobody]) {
        expectExecuted(await p.dairy.call(p.records, "setWriter", [p.object, writer.address, true]));
      }
      expectReverted(await append(p, nobody, ZeroHash, "one"), "CertificationNotPermitted");
      expectExecuted(await append(p, masked, ZeroHash, "one"));
      const id = await p.records.recordId(masked.address, digestOf("one"), p.object);
      expect((await p.records.recordOf(id)).responsible).to.equal(p.bank.address);
    });
  });

  describe("writers", () => {
    const setWriter = (p: Town & { object: string }, who: Participant, writer: string, admitted: boolean) =>
      who.call(p.records, "setWriter", [p.object, writer, admitted]);

    it("are admitted and dismissed by the owner", async () => {
      const p = await withObject();
      const admitted = expectExecuted(await setWriter(p, p.dairy, p.bob.address, true));
      expectEvent(admitted, "WriterChanged", [p.object, p.bob.address, true]);
      expectExecuted(await append(p, p.bob, ZeroHash, "one"));
      const dismissed = expectExecuted(await setWriter(p, p.dairy, p.bob.address, false));
      expectEvent(dismissed, "WriterChanged", [p.object, p.bob.address, false]);
      const late = await append(p, p.bob, digestOf("one"), "two");
      expectReverted(late, "ObjectNotWriter", [p.object, p.bob.address]);
      expect(await p.records.isWriter(p.object, p.bob.address)).to.equal(false);
    });

    it("do not admit others, nor dismiss the owner", async () => {
      const p = await withObject();
      const byWriter = await setWriter(p, p.alice, p.bob.address, true);
      expectReverted(byWriter, "ObjectNotOwner", [p.object, p.alice.address]);
      expectExecuted(await setWriter(p, p.dairy, p.dairy.address, false));
      expect(await p.records.isWriter(p.object, p.dairy.address)).to.equal(true);
      expectExecuted(await append(p, p.dairy, ZeroHash, "one"));
    });

    it("belong to an object that exists, and are somebody", async () => {
      const p = await withObject();
      const unknown = digestOf("no object");
      const nowhere = await setWriter({ ...p, object: unknown }, p.dairy, p.bob.address, true);
      expectReverted(nowhere, "ObjectUnknown", [unknown]);
      const nobody = await setWriter(p, p.dairy, ZeroAddress, true);
      expectReverted(nobody, "ObjectNotWriter", [p.object, ZeroAddress]);
    });
  });
});
