import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { type Document, readDocuments } from "../../../examples/food-traceability/documents.ts";
import { visitsOf } from "../../../examples/food-traceability/evidence.ts";
import { copyFolder, FORGERIES } from "../../../examples/food-traceability/forgeries.ts";
import { INSTITUTIONS, ROLES, WRITTEN_LOT } from "../../../examples/food-traceability/story.ts";
import { eventsOf } from "../../../src/core/epcis.ts";
import { bytesToHex, type ComparedLink, compareDocuments } from "../../../src/sdk/index.ts";
import { rejectionCode } from "../../support/rejection.ts";
import { filledFolder, LOT, removeFolders, temporaryFolder } from "./folders.ts";

const NOTHING = `0x${"00".repeat(32)}`;

const STORY = [
  ["cooperative: commissioning", "cooperative: production", "roasting.y4m"],
  ["laboratory: inspecting", "certificate.pdf"],
  ["cooperative: packing", "label.png", "cooperative: shipping"],
  ["logistics: loading", "logistics: transporting", "readings.csv", "logistics: arriving"],
  ["wholesaler: receiving", "wholesaler: unpacking", "wholesaler: shipping"],
  ["supermarket: receiving", "supermarket: retail selling"],
];

describe("documents of a lot", () => {
  let honest: string;
  let documents: Document[];

  before(async () => {
    honest = await filledFolder();
    documents = await readDocuments(honest);
  });

  after(removeFolders);

  /** A copy of the honest folder, to forge in. */
  async function copy(): Promise<string> {
    const folder = join(await temporaryFolder(), "copy");
    await copyFolder(honest, folder);
    return folder;
  }

  /** The links that the honest documents make. */
  const links = (): ComparedLink[] =>
    documents.map(({ input: { digest, businessKey } }, index) => ({ index, digest, record: { businessKey } }));

  /** Faults that documents show against these links: code and index of the link. */
  function faultsOf(handed: readonly Document[]) {
    const compared = handed.map(({ name, input: { digest, businessKey } }) => ({ name, digest, businessKey }));
    return compareDocuments(links(), compared).faults.map(({ code, index }) => [code, index]);
  }

  const places = () => fc.nat(documents.length - 1);

  it("are read in the order of the story, each file after the event that names it", () => {
    expect(documents.map(({ name }) => name)).to.deep.equal(STORY.flat());
    const times = documents.map(({ time }) => Date.parse(time as string));
    expect(times).to.deep.equal(times.toSorted((one, other) => one - other));
    for (const [index, { kind, input }] of documents.entries()) {
      const before = documents.slice(0, index).findLast((document) => document.kind === "event");
      expect(input.refersTo).to.equal(kind === "file" ? before?.input.digest : NOTHING);
    }
  });

  it("are recorded by the institution whose export they stand in or are named in, in turns", () => {
    const visits = visitsOf(documents);
    expect(visits.map(({ documents: own }) => own.map(({ name }) => name))).to.deep.equal(STORY);
    expect(visits.map(({ role }) => role)).to.deep.equal([
      ...["cooperative", "laboratory", "cooperative", "logistics", "wholesaler", "supermarket"],
    ]);
    expect(ROLES).to.have.members(Object.keys(INSTITUTIONS));
  });

  it("name the lot of the run and no longer the written one", async () => {
    for (const role of ROLES) {
      const text = await readFile(join(honest, `${role}.json`), "utf8");
      expect(text).to.include(LOT).and.not.include(WRITTEN_LOT);
    }
  });

  it("tell every event and every file by a key of its own", () => {
    expect(new Set(documents.map(({ input }) => input.businessKey)).size).to.equal(documents.length);
    expect(new Set(documents.map(({ input }) => input.digest)).size).to.equal(documents.length);
  });

  it("hold objects that come into being, are made into others, packed, measured and sold", async () => {
    const exported = await Promise.all(ROLES.map((role) => readFile(join(honest, `${role}.json`), "utf8")));
    const events = exported.flatMap((text) => eventsOf(JSON.parse(text)));
    expect(new Set(events.map(({ type }) => type))).to.include.keys(
      ...["ObjectEvent", "AggregationEvent", "TransformationEvent"],
    );
    expect(events.filter((event) => event.sensorElementList !== undefined)).to.have.length.of.at.least(3);
  });

  it("tell of the digest's progress, up to the whole of each file", async () => {
    const seen = new Map<string, number>();
    await readDocuments(honest, (file, done, total) => {
      expect(done)
        .to.be.greaterThan(seen.get(file) ?? 0)
        .and.at.most(total);
      seen.set(file, done);
    });
    expect(seen.get("roasting.y4m")).to.be.greaterThan(100_000_000);
    expect(seen).to.have.all.keys("certificate.pdf", "label.png", "readings.csv", "roasting.y4m");
  });

  it("keep their digests when an export is laid out in another way", async () => {
    const folder = await copy();
    const path = join(folder, "logistics.json");
    const text = JSON.stringify(JSON.parse(await readFile(path, "utf8")));
    await rm(path);
    await writeFile(path, text);
    expect(faultsOf(await readDocuments(folder))).to.deep.equal([]);
  });

  it("are refused when an export is no EPCIS", async () => {
    const folder = await copy();
    await writeFile(join(folder, "stranger.json"), "{}");
    expect(await rejectionCode(readDocuments(folder))).to.equal("epcis.invalid");
  });

  it("come last when no event names them, and claim no time", async () => {
    const folder = await copy();
    await writeFile(join(folder, "afterwards.txt"), "something else");
    const last = (await readDocuments(folder)).at(-1);
    expect(last).to.include({ name: "afterwards.txt", time: undefined });
    expect(last?.input.refersTo).to.equal(NOTHING);
  });

  it("show any single one that was altered", () => {
    fc.assert(
      fc.property(places(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (place, bytes) => {
        const { input, ...rest } = documents[place] as Document;
        const forged = { ...rest, input: { ...input, digest: bytesToHex(bytes) } };
        expect(faultsOf(documents.with(place, forged))).to.deep.equal([["document.altered", place]]);
      }),
    );
  });

  it("show any single one that was left out", () => {
    fc.assert(
      fc.property(places(), (place) => {
        expect(faultsOf(documents.toSpliced(place, 1))).to.deep.equal([["document.missing", place]]);
      }),
    );
  });

  it("show any two that changed places", () => {
    fc.assert(
      fc.property(places(), places(), (one, other) => {
        fc.pre(one !== other);
        const swapped = documents.with(one, documents[other] as Document).with(other, documents[one] as Document);
        const faults = faultsOf(swapped);
        expect(new Set(faults.map(([code]) => code))).to.deep.equal(new Set(["document.reordered"]));
        expect(faults.map(([, index]) => index)).to.include.oneOf([one, other]);
      }),
    );
  });

  it("show any two that took each other's name", () => {
    fc.assert(
      fc.property(places(), places(), (one, other) => {
        fc.pre(one !== other);
        const named = (place: number, key: number): Document => {
          const document = documents[place] as Document;
          const { businessKey } = (documents[key] as Document).input;
          return { ...document, input: { ...document.input, businessKey } };
        };
        const faults = faultsOf(documents.with(one, named(one, other)).with(other, named(other, one)));
        expect(faults).to.have.deep.members([one, other].map((place) => ["document.misnamed", place]));
      }),
    );
  });

  for (const { title, commit, expected } of FORGERIES) {
    it(`show ${title}, and nothing else`, async () => {
      const folder = await copy();
      await commit(folder);
      const link = documents.findIndex(({ name }) => name === expected.victim);
      expect(faultsOf(await readDocuments(folder))).to.deep.equal([[expected.code, link]]);
    });
  }

  it("stay as they are when a copy of them is forged", async () => {
    for (const { commit } of FORGERIES) await commit(await copy());
    expect(await readDocuments(honest)).to.deep.equal(documents);
  });
});
