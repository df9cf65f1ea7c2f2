import { createHash } from "node:crypto";
import { expect } from "chai";
import { runDigestJob } from "../../../src/web/verify/digest-job.ts";

const sha256 = (text: string) => `0x${createHash("sha256").update(text).digest("hex")}`;

const EVENTS = [
  { type: "ObjectEvent", eventTime: "2026-11-01T08:00:00Z", eventTimeZoneOffset: "+08:00", bizStep: "shipping" },
  {
    type: "ObjectEvent",
    eventTime: "2026-11-02T08:00:00Z",
    eventTimeZoneOffset: "+08:00",
    bizStep: "urn:epcglobal:cbv:bizstep:receiving",
  },
];
const DOCUMENT = { "@context": [], type: "EPCISDocument", schemaVersion: "2.0", epcisBody: { eventList: EVENTS } };
const CANONICAL =
  '{"bizStep":"shipping","eventTime":"2026-11-01T08:00:00Z","eventTimeZoneOffset":"+08:00","type":"ObjectEvent"}';

describe("web: digests of files", () => {
  const run = (name: string, content: string) =>
    runDigestJob({ file: new File([content], name), algorithms: ["sha2-256", "sha3-256"] }, () => undefined);

  it("works out all algorithms asked for in one pass", async () => {
    const { digests, events } = await run("a.txt", "content");
    expect(digests).to.deep.equal({
      "sha2-256": sha256("content"),
      "sha3-256": `0x${createHash("sha3-256").update("content").digest("hex")}`,
    });
    expect(events).to.deep.equal([]);
  });

  it("tells how far it is", async () => {
    const told: number[] = [];
    const file = new File([new Uint8Array(300_000)], "zeros.bin");
    await runDigestJob({ file, algorithms: ["sha2-256"] }, (done, total) => {
      expect(total).to.equal(300_000);
      told.push(done);
    });
    expect(told.at(-1)).to.equal(300_000);
  });

  it("digests each event of a trace export in canonical form, whatever its layout", async () => {
    for (const text of [JSON.stringify(DOCUMENT), JSON.stringify(DOCUMENT, null, 4)]) {
      const { digests, events } = await run("export.json", text);
      expect(digests["sha2-256"]).to.equal(sha256(text));
      expect(events).to.have.length(2);
      expect(events[0]).to.deep.equal({ digest: sha256(CANONICAL), step: "shipping", time: "2026-11-01T08:00:00Z" });
      expect(events[1]?.step).to.equal("receiving");
    }
  });

  it("takes what is no trace export for a file like any other", async () => {
    for (const text of ["{", "[]", "null", '{"type":"EPCISDocument"}', '{"type":"ObjectEvent"}']) {
      expect((await run("other.json", text)).events, text).to.deep.equal([]);
    }
    expect((await run("export.txt", JSON.stringify(DOCUMENT))).events).to.deep.equal([]);
  });
});
