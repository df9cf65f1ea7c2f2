import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";
import { businessKeyDigest } from "../../src/sdk/index.ts";
import { type ComparedLink, compareDocuments } from "../../src/sdk/verify-timeline.ts";

describe("compareDocuments", () => {
  const digestOf = (name: string) => id(`document ${name}`);
  const chainOf = (names: string[]): ComparedLink[] =>
    names.map((name, index) => ({ index, digest: digestOf(name), record: { businessKey: businessKeyDigest(name) } }));
  const handed = (names: string[], keys = true) =>
    names.map((name) => ({ digest: digestOf(name), name, ...(keys ? { businessKey: name } : {}) }));
  const faultsOf = (...input: Parameters<typeof compareDocuments>) =>
    compareDocuments(...input).faults.map(({ code, index, document }) => ({ code, index, document }));

  const names = ["production", "transport", "distribution", "retail"];

  it("finds nothing wrong with what was recorded", () => {
    expect(faultsOf(chainOf(names), handed(names))).to.deep.equal([]);
    expect(faultsOf(chainOf(names), names.map(digestOf))).to.deep.equal([]);
    expect(faultsOf([], [])).to.deep.equal([]);
  });

  it("names a forged document by its business key", () => {
    const documents = handed(names);
    documents[2] = { digest: digestOf("forged"), name: "distribution", businessKey: "distribution" };
    expect(faultsOf(chainOf(names), documents)).to.deep.equal([{ code: "document.altered", index: 2, document: 2 }]);
  });

  it("names a forged document by its place where it has no business key", () => {
    const digests = names.map(digestOf);
    digests[0] = digestOf("forged");
    expect(faultsOf(chainOf(names), digests)).to.deep.equal([{ code: "document.altered", index: 0, document: 0 }]);
  });

  it("names a document that was left out", () => {
    const documents = handed(names.filter((name) => name !== "transport"));
    const missing = [{ code: "document.missing", index: 1, document: undefined }];
    expect(faultsOf(chainOf(names), documents)).to.deep.equal(missing);
  });

  it("names a document that was never recorded", () => {
    const documents = handed(["production", "blessing", "transport", "distribution", "retail"]);
    const extra = [{ code: "document.unrecorded", index: undefined, document: 1 }];
    expect(faultsOf(chainOf(names), documents)).to.deep.equal(extra);
    expect(faultsOf(chainOf(names), handed([...names, "after sales"], false))).to.deep.equal([
      { code: "document.unrecorded", index: undefined, document: 4 },
    ]);
  });

  it("names the one document that was moved, not those it was moved past", () => {
    const moved = ["transport", "distribution", "retail", "production"];
    expect(faultsOf(chainOf(names), handed(moved))).to.deep.equal([
      { code: "document.reordered", index: 0, document: 3 },
    ]);
  });

  it("names a document that was recorded under another key", () => {
    const documents = handed(names);
    documents[1] = { digest: digestOf("transport"), name: "transport", businessKey: "another lorry" };
    expect(faultsOf(chainOf(names), documents)).to.deep.equal([{ code: "document.misnamed", index: 1, document: 1 }]);
  });

  it("tells which document belongs to which link", () => {
    const { documents } = compareDocuments(chainOf(names), handed(["production", "retail"]));
    expect([...documents]).to.deep.equal([
      [0, 0],
      [3, 1],
    ]);
  });

  const chain = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
  const chainAndPlace = chain.chain((list) => fc.tuple(fc.constant(list), fc.nat(list.length - 1), fc.boolean()));

  it("finds any one document that is forged, at its link", () => {
    fc.assert(
      fc.property(chainAndPlace, ([list, place, keys]) => {
        const documents = handed(list, keys);
        documents[place] = { ...documents[place], digest: id("forged"), name: "forged" };
        expect(faultsOf(chainOf(list), documents)).to.deep.equal([
          { code: "document.altered", index: place, document: place },
        ]);
      }),
    );
  });

  it("finds any one document that is left out", () => {
    fc.assert(
      fc.property(chainAndPlace, ([list, place, keys]) => {
        const documents = handed(list, keys).filter((_, index) => index !== place);
        expect(faultsOf(chainOf(list), documents)).to.deep.equal([
          { code: "document.missing", index: place, document: undefined },
        ]);
      }),
    );
  });

  it("finds any one document that is put in", () => {
    fc.assert(
      fc.property(chainAndPlace, ([list, place, keys]) => {
        const documents = handed(list, keys);
        documents.splice(place, 0, {
          digest: id("extra"),
          name: "extra",
          ...(keys ? { businessKey: "an extra key" } : {}),
        });
        expect(faultsOf(chainOf(list), documents)).to.deep.equal([
          { code: "document.unrecorded", index: undefined, document: place },
        ]);
      }),
    );
  });

  it("finds something wrong with every other order", () => {
    fc.assert(
      fc.property(chainAndPlace, ([list, place, keys]) => {
        const other = (place + 1) % list.length;
        fc.pre(other !== place);
        const documents = handed(list, keys);
        [documents[place], documents[other]] = [documents[other] as never, documents[place] as never];
        const faults = faultsOf(chainOf(list), documents);
        expect(faults).not.to.have.length(0);
        for (const { code } of faults) expect(code).to.equal("document.reordered");
      }),
    );
  });
});
