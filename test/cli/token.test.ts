import { expect } from "chai";
import { verifyMessage, Wallet } from "ethers";
import { EthersSigner } from "../../src/chain/signing/ethers-signer.ts";
import { openKey } from "../../src/chain/signing/open-key.ts";
import { readConfig } from "../../src/config.ts";
import { readKeySource } from "../../src/core/key-source.ts";
import { identityOfPublicKey, isPossessionProof } from "../../src/network/node-key.ts";
import { makeSoftToken, type SoftToken, whyNoToken } from "../support/soft-token.ts";
import { brop } from "./support/brop.ts";
import { errorOf } from "./support/stage.ts";

describe("brop token", function () {
  this.timeout(60_000);
  let token: SoftToken;

  before(function () {
    const reason = whyNoToken();
    if (reason !== undefined) {
      console.log(`    skipped: ${reason}`);
      this.skip();
    }
    token = makeSoftToken();
  });
  after(() => token?.remove());

  const run = (...args: string[]) => brop(args, { cwd: "/", environment: token.environment });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, "--json");
    expect({ code, stderr }, stdout).to.deep.equal({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };

  it("makes a node's key, shows it from the token, and proves to have it", async () => {
    const uri = token.uri("validator-1");
    const made = await json("token", "create", uri);
    expect(made).to.deep.include({ label: "validator-1", library: token.module, node: true });
    expect(identityOfPublicKey(made.publicKey).address).to.equal(made.address);
    expect(await json("token", "show", uri)).to.deep.equal(made);
    const words = (await run("token", "show", uri)).stdout;
    expect(words).to.contain(`publicKey: "${made.publicKey}"`).and.to.contain(`slot: ${made.slot}`);

    const seat = Wallet.createRandom().address;
    const proven = await json("network", "prove", uri, "--seat", seat, "--chain-id", "84299");
    expect(proven).to.deep.include({ node: made.address, publicKey: made.publicKey, seat });
    expect(isPossessionProof(proven.proof, made.address, seat, 84_299)).to.equal(true);
    expect(isPossessionProof(proven.proof, made.address, seat, 84_300)).to.equal(false);
  });

  it("makes keys that settings can name", async () => {
    const { address } = await json("token", "create", token.uri("seat"));
    const config = readConfig({}, { BROP_SEAT_KEY: token.uri("seat") });
    expect(config.seatKey).to.deep.equal(readKeySource(token.uri("seat")));
    const signer = new EthersSigner(await openKey(readKeySource(token.uri("seat")), config, "BROP_SEAT_KEY"));
    expect(verifyMessage("vote", await signer.signMessage("vote"))).to.equal(address);
  });

  it("refuses a second key of one label, an address that is none, and one with the PIN in it", async () => {
    const uri = token.uri("once");
    await json("token", "create", uri);
    expect(errorOf(await run("token", "create", uri, "--json")).code).to.equal("key.exists");
    for (const wrong of ["validator-1", "pkcs11:object=x", uri.replace(/pin-source=.*/, "pin-value=2718")]) {
      const { code, stderr } = await run("token", "show", wrong);
      expect(code).to.equal(2);
      expect(stderr)
        .to.match(/error: URI must/)
        .and.not.to.contain("2718");
    }
  });
});
