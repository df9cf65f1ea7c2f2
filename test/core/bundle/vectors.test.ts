import { expect } from "chai";
import { BUNDLE_REASONS } from "../../../src/core/bundle/reasons.ts";
import { verifyBundleText } from "../../../src/core/bundle/verify-bundle.ts";
import { allVectors, trustOf, type VectorSet } from "../../support/bundles/all-vectors.ts";
import { vectorBytes } from "../../support/bundles/vector.ts";
import { recordedFile } from "../../support/recorded-tokens.ts";

const set: VectorSet = await allVectors();

describe("The test vectors of proof bundles", () => {
  for (const vector of set.vectors) {
    it(`${vector.name}: ${vector.what}`, async () => {
      const trust = trustOf(set, vector.trust);
      const options = { digest: vector.digest, authorities: (vector.authorities ?? []).map(recordedFile) };
      const verdict = await verifyBundleText(vectorBytes(vector), trust, options);
      const last = JSON.stringify(verdict.statements.at(-1));
      expect([verdict.state, verdict.reason], last).to.deep.equal([vector.state, vector.reason]);
    });
  }

  it("are more than 60 broken ones, with names that are never the same", () => {
    expect(set.vectors.filter(({ state }) => state === "failed").length).to.be.greaterThan(60);
    expect(new Set(set.vectors.map(({ name }) => name)).size).to.equal(set.vectors.length);
  });

  it("give every reason that there is", () => {
    const given = new Set(set.vectors.map(({ reason }) => reason));
    // Those of optional statements decide nothing; a block that a token is older than is another test's.
    const others = ["absent", "timestamp.authority", "timestamp.early"];
    const missing = Object.keys(BUNDLE_REASONS).filter((one) => !given.has(one as never) && !others.includes(one));
    expect(missing).to.deep.equal([]);
  });
});
