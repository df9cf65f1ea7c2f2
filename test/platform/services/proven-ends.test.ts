import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readConfig } from "../../../src/config.ts";
import type { BropError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { Cleanup } from "../../../src/platform/cleanup.ts";
import { openProvenNetwork, readTrustFile } from "../../../src/platform/services/proven-ends.ts";
import { SealedNetwork } from "../../support/sealed-network.ts";

describe("the platform's trusted start", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-trust-"));
  const network = new SealedNetwork();
  after(() => rmSync(folder, { recursive: true }));

  function file(content: unknown): string {
    const path = join(folder, `${Math.random()}.json`);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  const open = (trust: string | undefined, environment: Record<string, string> = {}) => {
    const config = { ...readConfig({}, environment), chainId: network.chainId, trust };
    return openProvenNetwork(config, "http://127.0.0.1:9", silentLogger, new Cleanup());
  };

  function refusal(work: () => unknown): string {
    try {
      work();
    } catch (error) {
      expect((error as BropError).code).to.equal("configuration.invalid");
      expect((error as BropError).details.setting).to.equal("BROP_TRUST");
      return (error as BropError).message;
    }
    throw new Error("Nothing was refused");
  }

  it("is a network of proofs with a genesis file of sealed blocks, and the node's word without one", () => {
    expect(open(undefined)).to.equal(undefined);
    const path = file(network.genesis);
    expect(readTrustFile(path, network.chainId)).to.deep.equal(network.trust);
    const proven = open(path, { BROP_RELAYS: "http://user:secret@127.0.0.1:10/rpc,http://127.0.0.1:9" });
    expect(proven?.chain.trust).to.deep.equal(network.trust);
    // The node itself once, and no password where faults are told.
    expect(proven?.relays.inTurn().map(({ url }) => url)).to.deep.equal([
      "http://127.0.0.1:9/",
      "http://127.0.0.1:10/rpc",
    ]);
    expect(open(file({ config: { chainId: network.chainId } }))).to.equal(undefined);
  });

  it("is refused when it is not there, no JSON, unusable, or of another chain", () => {
    refusal(() => open(join(folder, "nothing.json")));
    refusal(() => open(folder));
    refusal(() => open(file("{")));
    refusal(() => open(file("null")));
    refusal(() => open(file({ config: { chainId: network.chainId, clique: {} } })));
    expect(refusal(() => readTrustFile(file(network.genesis), 1))).to.match(/chain 1 is asked for/);
  });
});
