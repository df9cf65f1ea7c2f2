import { expect } from "chai";
import { buildBundle } from "../../../src/chain/bundle/build-bundle.ts";
import { readBundle } from "../../../src/core/bundle/read-bundle.ts";
import type { Verdict } from "../../../src/core/bundle/verdict.ts";
import { verifyBundle, verifyBundleText } from "../../../src/core/bundle/verify-bundle.ts";
import { digestBytes } from "../../../src/core/digest.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import {
  CERTIFIER,
  CLAIMS,
  CONTENT,
  evidenceNetwork,
  evidenceRequest,
  OWNER,
  RECOGNISER,
  RECORD,
  REVOKED_STATE,
  VALID_STATE,
} from "../../support/bundles/evidence-network.ts";

describe("Verifying proof bundles", () => {
  const network = evidenceNetwork();
  const { trust } = network;
  const build = (claim: keyof typeof CLAIMS, more = {}) =>
    buildBundle(network.ask, { ...evidenceRequest(network, CLAIMS[claim]), ...more });
  const factsOf = (verdict: Verdict, name: string) => verdict.statements.find((one) => one.name === name)?.facts;

  for (const claim of ["record", "batch", "full"] as const) {
    it(`proves the claim "${claim}" from the genesis file on, through changes of the validators`, async () => {
      const verdict = await verifyBundle(await build(claim), trust);
      expect(verdict.state).to.equal("proven");
      expect(verdict.statements.every(({ state, reason }) => state === "proven" || reason === "absent")).to.equal(true);
    });
  }

  it("says whose record it is, of which digest and time", async () => {
    const verdict = await verifyBundle(await build("record"), trust);
    expect(factsOf(verdict, "event")).to.include({ owner: OWNER, digest: RECORD.digest, timestamp: 1_800_000_009 });
  });

  it("tells data of the record from others", async () => {
    const bundle = await build("record");
    const digest = bytesToHex(digestBytes(CONTENT));
    const stateWith = async (one: string) => (await verifyBundle(bundle, trust, { digest: one })).state;
    expect(await stateWith(digest)).to.equal("proven");
    expect(await stateWith(`${digest.slice(0, -1)}0`)).to.equal("failed");
  });

  it("shows whether a record stands, as of the block of the state", async () => {
    for (const [state, status] of [
      [VALID_STATE, "valid"],
      [REVOKED_STATE, "revoked"],
    ] as const) {
      const verdict = await verifyBundle(await build("record", { state }), trust);
      expect(verdict.state).to.equal("proven");
      expect(factsOf(verdict, "status")).to.include({ status, block: state });
    }
  });

  it("shows what a certifier said, and who recognised it, as of the block of the record", async () => {
    const certification = { account: OWNER, certifier: CERTIFIER, recognisedBy: RECOGNISER };
    const facts = async (claim: "record" | "batch") =>
      factsOf(await verifyBundle(await build(claim, { state: REVOKED_STATE, certification }), trust), "certification");
    const then = { level: 5, status: "active", isLive: true, certifierStatus: "admitted" };
    expect(await facts("record")).to.include({ ...then, recognisedFromLevel: 2 });
    expect(await facts("batch")).to.include({ ...then, recognisedFromLevel: 0 });
  });

  it("reads what it wrote", async () => {
    const bundle = await build("record", { label: "Lot 4711", content: CONTENT });
    const text = new TextEncoder().encode(JSON.stringify(bundle));
    expect(readBundle(text)).to.deep.equal(bundle);
    expect((await verifyBundleText(text, trust)).state).to.equal("proven");
  });

  it("proves nothing to somebody who trusts nothing, and says so", async () => {
    const verdict = await verifyBundle(await build("record"), undefined);
    expect(verdict).to.include({ state: "missing", reason: "trust.missing" });
  });
});
