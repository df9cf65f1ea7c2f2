import { createPublicKey, type KeyObject } from "node:crypto";
import { expect } from "chai";
import { runTokenTool } from "../../../src/chain/signing/token/pkcs11-tool.ts";
import { BropError } from "../../../src/core/errors.ts";
import { readPkcs11Uri } from "../../../src/core/pkcs11-uri.ts";
import { buildQuery, readQuery } from "../../../src/core/timestamp/request.ts";
import { verifyToken } from "../../../src/core/timestamp/verify-token.ts";
import { tokenKeySigner } from "../../../src/timestamp/authority/token-key-signer.ts";
import { TokenWriter } from "../../../src/timestamp/authority/token-writer.ts";
import { makeSoftToken, type SoftToken, whyNoToken } from "../../support/soft-token.ts";
import { certifyIssuer, certifyStamping, digestOfText, newKey, POLICY } from "../../support/time-stamp-authorities.ts";

describe("an authority's key in a PKCS#11 token", function () {
  this.timeout(60_000);
  const root = certifyIssuer("Root");
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

  /** Makes a key in the token. @returns its public part */
  async function generate(label: string, kind: string, id: string): Promise<KeyObject> {
    const name = readPkcs11Uri(token.uri(label));
    const how = ["--keypairgen", "--key-type", kind, "--usage-sign", "--label", label, "--id", id];
    await runTokenTool(name, how, { login: true });
    const read = ["--read-object", "--type", "pubkey", "--id", id];
    return createPublicKey({
      key: await runTokenTool(name, read, { login: true, output: true }),
      format: "der",
      type: "spki",
    });
  }

  it("signs tokens: on P-256 and RSA, several at once", async () => {
    for (const [index, kind] of ["EC:prime256v1", "rsa:2048"].entries()) {
      const publicKey = await generate(`stamp-${index}`, kind, `0${index + 1}`);
      // The issuer signs the certificate; the key itself is not asked.
      const own = certifyStamping("In a token", root, { key: { publicKey, privateKey: root.key } });
      const signer = await tokenKeySigner(token.uri(`stamp-${index}`), publicKey);
      const writer = new TokenWriter({ signer, certificates: [own.certificate], policy: POLICY, accuracy: 1_000 });
      const { imprint, nonce } = readQuery(buildQuery({ algorithm: "SHA-256", digest: digestOfText(), nonce: 4n }));
      const content = { imprint, nonce, time: new Date(), certificate: true };
      const stamps = await Promise.all([1n, 2n, 3n, 4n, 5n, 6n].map((serial) => writer.write({ ...content, serial })));
      for (const [at, stamp] of stamps.entries()) {
        const verified = await verifyToken(stamp, {
          digest: digestOfText(),
          authorities: [root.certificate],
          nonce: 4n,
          tolerance: 2_000,
        });
        expect(verified.serial).to.equal(BigInt(at + 1));
      }
    }
  });

  it("is refused where it is not the certificate's, not there, or named in a way that is none", async () => {
    const { publicKey } = newKey();
    const refusal = async (address: string) => {
      const error = await tokenKeySigner(address, publicKey).catch((thrown: unknown) => thrown);
      if (error instanceof BropError) return error;
      throw new Error("Nothing was refused");
    };
    await generate("other", "EC:prime256v1", "0a");
    expect((await refusal(token.uri("other"))).message).to.contain("not that of the certificate");
    expect((await refusal(token.uri("missing"))).code).to.equal("key.not-found");
    expect((await refusal("pkcs11:object=a;pin-value=1234")).code).to.equal("configuration.invalid");
  });
});
