import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { compare } from "../../../examples/food-traceability/compare.ts";
import { type Document, readDocuments } from "../../../examples/food-traceability/documents.ts";
import { visitsOf } from "../../../examples/food-traceability/evidence.ts";
import { copyFolder, FORGERIES } from "../../../examples/food-traceability/forgeries.ts";
import { INSTITUTIONS, ROLES, WRITTEN_LOT } from "../../../examples/food-traceability/story.ts";
import { businessKeyDigest } from "../../../src/sdk/index.ts";
import { rejectionCode } from "../../support/rejection.ts";
import { filledFolder, LOT, removeFolders, temporaryFolder } from "./folders.ts";

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

  const linksOf = () =>
    documents.map(({ digest, key }, index) => ({ index, digest, businessKey: businessKeyDigest(key) }));

  it("are read in the order of the story, each file after the event that names it", () => {
    expect(documents.map(({ name }) => name)).to.deep.equal(STORY.flat());
    const times = documents.map(({ time }) => Date.parse(time as string));
    expect(times).to.deep.equal(times.toSorted((one, other) => one - other));
    for (const { kind, refersTo } of documents) expect(refersTo !== undefined).to.equal(kind === "file");
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
    expect(new Set(documents.map(({ key }) => key)).size).to.equal(documents.length);
    expect(new Set(documents.map(({ digest }) => digest)).size).to.equal(documents.length);
  });

  it("hold objects that come into being, are made into others, packed, measured and sold", () => {
    const events = documents.flatMap(({ event }) => (event === undefined ? [] : [event]));
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
    expect(compare(linksOf(), await readDocuments(folder)).findings).to.deep.equal([]);
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
    expect(last).to.include({ name: "afterwards.txt", time: undefined, refersTo: undefined });
  });

  for (const { title, commit, expected } of FORGERIES) {
    it(`show ${title}, and nothing else`, async () => {
      const folder = await copy();
      await commit(folder);
      const { findings } = compare(linksOf(), await readDocuments(folder));
      const link = documents.findIndex(({ name }) => name === expected.victim);
      expect(findings.map(({ kind, link: found }) => [kind, found])).to.deep.equal([[expected.kind, link]]);
    });
  }

  it("stay as they are when a copy of them is forged", async () => {
    for (const { commit } of FORGERIES) await commit(await copy());
    expect(await readDocuments(honest)).to.deep.equal(documents);
  });
});
