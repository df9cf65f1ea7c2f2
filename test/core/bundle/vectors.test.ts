import { expect } from "chai";
import { BUNDLE_REASONS } from "../../../src/core/bundle/reasons.ts";
import type { Verdict } from "../../../src/core/bundle/verdict.ts";
import { verifyBundleText } from "../../../src/core/bundle/verify-bundle.ts";
import { allVectors, trustOf, type VectorSet } from "../../support/bundles/all-vectors.ts";
import { type BundleVector, vectorBytes } from "../../support/bundles/vector.ts";
import { recordedFile } from "../../support/recorded-tokens.ts";

const set: VectorSet = await allVectors();

describe("The test vectors of proof bundles", () => {
  const verdicts = new Map<BundleVector, Verdict>();
  before("judge them", async function () {
    this.timeout(60_000);
    for (const vector of set.vectors) {
      const trust = trustOf(set, vector.trust);
      const options = { digest: vector.digest, authorities: (vector.authorities ?? []).map(recordedFile) };
      verdicts.set(vector, await verifyBundleText(vectorBytes(vector), trust, options));
    }
  });

  for (const vector of set.vectors) {
    it(`${vector.name}: ${vector.what}`, () => {
      const { state, reason, statements } = verdicts.get(vector) as Verdict;
      expect([state, reason], JSON.stringify(statements.at(-1))).to.deep.equal([vector.state, vector.reason]);
    });
  }

  it("are more than 60 broken ones, with names that are never the same", () => {
    expect(set.vectors.filter(({ state }) => state === "failed").length).to.be.greaterThan(60);
    expect(new Set(set.vectors.map(({ name }) => name)).size).to.equal(set.vectors.length);
  });

  it("give every reason that there is, also those of statements that decide nothing", () => {
    const statements = [...verdicts.values()].flatMap((verdict) => verdict.statements);
    const given = new Set<string | undefined>(statements.map(({ reason }) => reason));
    expect(Object.keys(BUNDLE_REASONS).filter((one) => !given.has(one))).to.deep.equal([]);
  });
});
