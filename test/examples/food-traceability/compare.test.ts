import { expect } from "chai";
import fc from "fast-check";
import { compare, type RecordedLink } from "../../../examples/food-traceability/compare.ts";
import type { Document } from "../../../examples/food-traceability/documents.ts";
import { bytesToHex, digestBytes } from "../../../src/sdk/index.ts";

function digestOf(text: string): string {
  return bytesToHex(digestBytes(new TextEncoder().encode(text)));
}

function documentOf(number: number): Document {
  return {
    ...{ kind: "event" as const, name: `step ${number}`, export: "farm", key: `key ${number}`, refersTo: undefined },
    digest: digestOf(`content ${number}`),
    time: new Date(Date.UTC(2026, 3, 5, number)).toISOString(),
  };
}

function linksOf(documents: readonly Document[]): RecordedLink[] {
  return documents.map(({ digest, key }, index) => ({ index, digest, businessKey: digestOf(key) }));
}

/** Documents of a story of 2 to 20 steps, and two different places in it. */
const stories = fc.integer({ min: 2, max: 20 }).chain((length) =>
  fc.record({
    documents: fc.constant(Array.from({ length }, (_, number) => documentOf(number))),
    places: fc.uniqueArray(fc.nat(length - 1), { minLength: 2, maxLength: 2 }),
  }),
);

describe("compare", () => {
  it("finds nothing where every document is what was recorded", () => {
    fc.assert(
      fc.property(stories, ({ documents }) => {
        const { findings, documents: byLink } = compare(linksOf(documents), documents);
        expect(findings).to.deep.equal([]);
        expect([...byLink.values()].map(({ name }) => name)).to.deep.equal(documents.map(({ name }) => name));
      }),
    );
  });

  it("names any single document that was altered, and its link", () => {
    fc.assert(
      fc.property(stories, ({ documents, places: [place = 0] }) => {
        const forged = documents.with(place, { ...(documents[place] as Document), digest: digestOf("forged") });
        expect(compare(linksOf(documents), forged).findings).to.deep.equal([
          { kind: "altered", document: `step ${place}`, link: place },
        ]);
      }),
    );
  });

  it("names any single link for which no document is there", () => {
    fc.assert(
      fc.property(stories, ({ documents, places: [place = 0] }) => {
        const { findings } = compare(linksOf(documents), documents.toSpliced(place, 1));
        expect(findings).to.deep.equal([{ kind: "missing", document: undefined, link: place }]);
      }),
    );
  });

  it("names a document that was never recorded, wherever it is put in", () => {
    fc.assert(
      fc.property(stories, ({ documents, places: [place = 0] }) => {
        const { findings } = compare(linksOf(documents), documents.toSpliced(place, 0, documentOf(99)));
        expect(findings).to.deep.equal([{ kind: "unrecorded", document: "step 99", link: undefined }]);
      }),
    );
  });

  it("finds any two documents that changed places", () => {
    fc.assert(
      fc.property(stories, ({ documents, places }) => {
        const [first, second] = [...places].sort((one, other) => one - other) as [number, number];
        const moved = documents.with(first, documents[second] as Document).with(second, documents[first] as Document);
        const { findings } = compare(linksOf(documents), moved);
        expect(findings.map(({ kind }) => kind)).to.deep.equal(Array(second - first).fill("reordered"));
        expect(findings.map(({ document }) => document)).to.include(`step ${first}`);
      }),
    );
  });

  it("finds two documents that have each other's content", () => {
    fc.assert(
      fc.property(stories, ({ documents, places }) => {
        const [one = 0, other = 0] = places;
        const swapped = documents
          .with(one, { ...(documents[one] as Document), digest: digestOf(`content ${other}`) })
          .with(other, { ...(documents[other] as Document), digest: digestOf(`content ${one}`) });
        const misnamed = compare(linksOf(documents), swapped).findings.filter(({ kind }) => kind === "misnamed");
        expect(misnamed.map(({ document }) => document)).to.have.members([`step ${one}`, `step ${other}`]);
      }),
    );
  });

  it("does not let an altered document take the link of a genuine one", () => {
    const documents = [documentOf(0), documentOf(1)];
    const forged = { ...documentOf(1), name: "forged", digest: digestOf("forged") };
    expect(compare(linksOf(documents), [documentOf(0), forged, documentOf(1)]).findings).to.deep.equal([
      { kind: "unrecorded", document: "forged", link: undefined },
    ]);
  });

  it("gives a second copy of a document no link", () => {
    const documents = [documentOf(0), documentOf(1)];
    expect(compare(linksOf(documents), [...documents, documentOf(1)]).findings).to.deep.equal([
      { kind: "unrecorded", document: "step 1", link: undefined },
    ]);
  });

  it("asks no place in the story of a document without a time", () => {
    const [first, second] = [documentOf(0), documentOf(1)] as [Document, Document];
    const { findings } = compare(linksOf([first, second]), [second, { ...first, time: undefined }]);
    expect(findings).to.deep.equal([]);
  });
});
