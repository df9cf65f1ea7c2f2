import { createHash } from "node:crypto";
import { expect } from "chai";
import { errorOf, type Stage, testPeopleStage } from "./support/stage.ts";

const sha256 = (text: string) => `0x${createHash("sha256").update(text).digest("hex")}`;

/** An export of a traceability system, one event a lot and place. */
function exportOf(...events: [lot: string, place: string][]): string {
  return JSON.stringify({
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    type: "EPCISDocument",
    schemaVersion: "2.0",
    creationDate: "2026-03-01T00:00:00Z",
    epcisBody: {
      eventList: events.map(([lot, place], index) => ({
        type: "ObjectEvent",
        eventTime: `2026-03-0${index + 1}T08:00:00+08:00`,
        eventTimeZoneOffset: "+08:00",
        action: "OBSERVE",
        epcList: [`urn:epc:id:sgtin:0614141.107346.${lot}`],
        bizLocation: { id: `urn:epc:id:sgln:0614141.${place}.0` },
      })),
    },
  });
}

describe("brop record, verify, object, timeline", function () {
  this.timeout(180_000);
  let stage: Stage;
  before(async () => {
    stage = await testPeopleStage();
  });

  it("records a file, and a stranger without keys verifies it", async () => {
    const file = await stage.file("contract.txt", "we agree");
    const made = await stage.json(["record", file, "--as", "ann", "--business-key", "2026/17", "--kind", "7"]);
    expect(made).to.include({ digest: sha256("we agree"), algorithm: "sha2-256" });
    const verdict = await stage.json(["verify", file, "--keys", "nowhere"]);
    expect(verdict).to.include({ verified: true, digest: made.digest });
    const [record] = verdict.records;
    expect(record).to.include({
      id: made.id,
      owner: made.owner,
      status: "valid",
      kind: 7,
      businessKey: sha256("2026/17"),
    });
    expect(record.certified).to.include({ certifierName: "Bank 银行" });
    const words = await stage.run(["verify", file]);
    expect(words.code).to.equal(0);
    expect(words.stdout).to.contain("On record").and.contain("Bank 银行").and.contain(made.id);
  });

  it("ends with 3 for a file that was changed or belongs to somebody else", async () => {
    const file = await stage.file("mine.txt", "mine");
    await stage.json(["record", file, "--as", "ann"]);
    const changed = await stage.run(["verify", await stage.file("changed.txt", "mine.")]);
    expect(changed.code).to.equal(3);
    expect(changed.stdout).to.contain("Not on record");
    const others = await stage.run(["verify", file, "--by", "bank", "--json"]);
    expect(others.code).to.equal(3);
    expect(JSON.parse(others.stdout)).to.deep.include({ verified: false, records: [] });
    expect((await stage.run(["verify", file, "--by", "ann", "--quiet"])).code).to.equal(0);
  });

  it("finds a file that was recorded with another algorithm", async () => {
    const file = await stage.file("sm3.txt", "abc");
    const made = await stage.json(["record", file, "--as", "ann", "--algorithm", "sm3-256"]);
    expect(made.digest).to.equal("0x66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(await stage.json(["verify", file])).to.include({ verified: true, algorithm: "sm3-256" });
  });

  it("refuses what is recorded already, a missing file and an account that may not record", async () => {
    const file = await stage.file("once.txt", "once");
    await stage.json(["record", file, "--as", "ann"]);
    const again = await stage.run(["record", file, "--as", "ann"]);
    expect(again.code).to.equal(1);
    expect(again.stderr).to.contain("evidence.exists").and.contain("Use the existing record");
    expect(errorOf(await stage.run(["record", "no-such", "--as", "ann", "--json"]))).to.include({
      code: "file.not-found",
    });
    expect(errorOf(await stage.run(["verify", ".", "--json"]))).to.include({ code: "file.unreadable" });
    expect(errorOf(await stage.run(["record", file, "--as", "operator", "--json"]))).to.include({
      code: "account.uncertified",
    });
  });

  it("chains the events of an export, leaves out those on record, and checks the timeline", async () => {
    const part = await stage.file("part.json", exportOf(["1", "00001"], ["1", "00002"]));
    const whole = await stage.file("whole.json", exportOf(["1", "00001"], ["1", "00002"], ["1", "00003"]));
    const args = ["--as", "ann", "--object", "lot 1"];
    expect(await stage.json(["record", "--epcis", part, ...args])).to.include({ recorded: 2, alreadyRecorded: 0 });
    const made = await stage.json(["record", "--epcis", whole, ...args]);
    expect(made).to.include({ recorded: 1, alreadyRecorded: 2, events: 3 });
    expect(made.chains[0].recorded[0].index).to.equal(2);
    const photo = await stage.file("photo.jpg", "not really");
    expect(await stage.json(["record", photo, ...args])).to.include({ index: 3, object: made.chains[0].object });

    const shown = await stage.json(["timeline", "lot 1", photo, "--owner", "ann", "--epcis", whole]);
    expect(shown).to.deep.include({ length: 4, faults: [], confirmed: true, compared: true });
    expect(shown.links[3]).to.include({ document: "photo.jpg" });
    expect(await stage.json(["timeline", made.chains[0].object])).to.include({ confirmed: true, compared: false });
    expect((await stage.json(["verify", "--epcis", whole])).events).to.have.length(3);

    const forged = await stage.file("forged.json", exportOf(["1", "00001"], ["1", "00009"], ["1", "00003"]));
    const caught = await stage.run(["timeline", "lot 1", photo, "--as", "ann", "--epcis", forged]);
    expect(caught.code).to.equal(3);
    expect(caught.stdout).to.match(/document\.(altered|missing|unrecorded)/);
    const missing = await stage.run(["timeline", "lot 1", "--as", "ann", "--epcis", whole, "--json"]);
    expect(missing.code).to.equal(3);
    expect(JSON.parse(missing.stdout).faults[0]).to.include({ code: "document.missing", index: 3 });
    expect((await stage.run(["verify", "--epcis", forged])).code).to.equal(3);
  });

  it("chains the events of an export by the objects that they are about", async () => {
    const file = await stage.file("lots.json", exportOf(["7", "00001"], ["8", "00001"], ["7", "00002"]));
    const made = await stage.json(["record", "--epcis", file, "--as", "ann", "--by-object"]);
    expect(made).to.include({ recorded: 3, events: 3 });
    const shown = await stage.json(["timeline", "urn:epc:id:sgtin:0614141.107346.7", "--as", "ann"]);
    expect(shown).to.include({ length: 2, confirmed: true });
  });

  it("records an export without a chain in one operation", async () => {
    const file = await stage.file("loose.json", exportOf(["21", "00001"], ["22", "00001"]));
    const made = await stage.json(["record", "--epcis", file, "--as", "ann"]);
    expect(made).to.include({ recorded: 2 });
    expect(made.chains[0].operations).to.have.length(1);
    expect(await stage.json(["record", "--epcis", file, "--as", "ann"])).to.include({
      recorded: 0,
      alreadyRecorded: 2,
    });
  });

  it("refuses an export that is not EPCIS, and names the place", async () => {
    const file = await stage.file("broken.json", exportOf(["1", "00001"]).replace("OBSERVE", "LOOK"));
    const error = errorOf(await stage.run(["record", "--epcis", file, "--as", "ann", "--json"]));
    expect(error.code).to.equal("epcis.invalid");
    expect(JSON.stringify(error)).to.contain("eventList[0]");
  });

  it("lets only admitted writers add to an object", async () => {
    const ann = (await stage.keys.get("ann")).account as string;
    const opened = await stage.json(["object", "open", "shared", "--as", "bank", "--wait"]);
    const note = await stage.file("note.txt", "a note");
    const append = ["record", note, "--object", opened.object, "--as", "ann"];
    expect(errorOf(await stage.run([...append, "--json"]))).to.include({ code: "evidence.not-writer" });
    await stage.json(["object", "writer", "shared", ann, "--as", "bank", "--wait"]);
    expect(await stage.json(append)).to.include({ object: opened.object, index: 0 });
    await stage.json(["object", "writer", opened.object, ann, "--as", "bank", "--wait", "--dismiss"]);
    const later = await stage.file("later.txt", "later");
    const refused = await stage.run(["record", later, "--object", opened.object, "--as", "ann", "--json"]);
    expect(errorOf(refused)).to.include({ code: "evidence.not-writer" });
    const unknown = await stage.run(["timeline", `0x${"12".repeat(32)}`, "--json"]);
    expect(errorOf(unknown)).to.include({ code: "evidence.not-found" });
  });

  it("refuses options that contradict each other", async () => {
    for (const args of [
      ["record", "a", "--epcis", "b"],
      ["record", "a", "--by-object", "--as", "ann"],
      ["record", "a", "--object", "o", "--subject", "s", "--as", "ann"],
      ["record", "--epcis", "b", "--object", "o", "--by-object"],
      ["record", "--epcis", "b", "--subject", "s"],
      ["verify"],
      ["timeline", "lot 1"],
    ]) {
      expect((await stage.run(args)).code, args.join(" ")).to.equal(2);
    }
  });
});
