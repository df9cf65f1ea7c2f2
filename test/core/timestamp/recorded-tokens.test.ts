import { expect } from "chai";
import fc from "fast-check";
import { type TokenExpectation, verifyToken } from "../../../src/core/timestamp/verify-token.ts";
import { proofRefusal } from "../../support/proof-refusal.ts";
import { RECORDED, recordedDigest, recordedRoot, recordedToken } from "../../support/recorded-tokens.ts";

const token = recordedToken("p256-sha256");
const expected: TokenExpectation = { digest: recordedDigest(), authorities: [recordedRoot()] };
const refused = (changes: Partial<TokenExpectation>, bytes = token) =>
  proofRefusal(() => verifyToken(bytes, { ...expected, ...changes }));

describe("a token that openssl made", () => {
  for (const { name, algorithm, policy } of RECORDED) {
    it(`is verified: ${name}`, async () => {
      const digest = recordedDigest(algorithm);
      const verified = await verifyToken(recordedToken(name), {
        digest,
        algorithm,
        authorities: [recordedRoot()],
        policy,
      });
      expect(verified.imprint).to.deep.equal({ algorithm, digest });
      expect(verified.policy).to.equal(policy);
      expect(verified.accuracy).to.equal(1_500.1);
      expect(verified.ordering).to.equal(false);
      expect(verified.nonce).to.be.a("bigint");
      expect(verified.authority.name).to.match(/^Recorded (p256|p384|rsa)$/);
      expect(verified.time).to.be.within(verified.authority.notBefore, new Date());
    });
  }

  it("is also good under the certificate of the authority itself", async () => {
    const { authority } = await verifyToken(token, expected);
    const again = await verifyToken(token, { ...expected, authorities: [authority.certificate] });
    expect(again.authority.certificateDigest).to.equal(authority.certificateDigest);
  });

  it("is refused for other data, and for another digest of the same", async () => {
    expect(await refused({ digest: new Uint8Array(32) })).to.contain("time stamp is of other data");
    expect(await refused({ digest: recordedDigest("SHA-512"), algorithm: "SHA-512" })).to.contain(
      "is of a digest by SHA-256, not SHA-512",
    );
    expect(await refused({ digest: recordedDigest().subarray(0, 31) })).to.contain("is of other data");
  });

  it("is refused with another nonce or policy than were asked for", async () => {
    const { nonce } = await verifyToken(token, expected);
    await verifyToken(token, { ...expected, nonce: nonce as bigint });
    expect(await refused({ nonce: (nonce as bigint) + 1n })).to.contain("another nonce");
    expect(await refused({ policy: "1.2.3" })).to.contain("follows the policy 1.3.6.1.4.1.32473.1, not 1.2.3");
  });

  it("is refused where its time can not be: after it was seen, or before what it stamps", async () => {
    const { time } = await verifyToken(token, expected);
    const shifted = (seconds: number) => new Date(time.getTime() + seconds * 1_000);
    await verifyToken(token, { ...expected, at: shifted(-1), since: shifted(1) });
    expect(await refused({ at: shifted(-2) })).to.contain(", which is after ");
    expect(await refused({ since: shifted(2) })).to.contain(", which is before ");
    await verifyToken(token, { ...expected, at: shifted(-2), tolerance: 500 });
  });

  it("is refused without an authority that is trusted", async () => {
    expect(await refused({ authorities: [] })).to.contain("chain leads to no authority that is trusted");
    const { authority } = await verifyToken(recordedToken("p384-sha384"), {
      ...{ digest: recordedDigest("SHA-384"), algorithm: "SHA-384", authorities: [recordedRoot()] },
    });
    expect(await refused({ authorities: [authority.certificate] })).to.contain("leads to no authority");
  });

  it("is refused with a signature of another token", async () => {
    const other = recordedToken("rsa-pss");
    expect(await refused({}, other)).to.contain("SHA-512, not SHA-256");
  });

  it("is refused cut off at any length, and with anything behind it", async () => {
    for (let length = 0; length < token.length; length++) await refused({}, token.slice(0, length));
    expect(await refused({}, Uint8Array.from([...token, 0]))).to.contain("bytes behind its end");
  });

  it("is refused with any byte changed, or says the same: then it is in a certificate that nobody needs", async () => {
    const plain = await verifyToken(token, expected);
    const root = indexOf(token, recordedRoot());
    for (let index = 0; index < token.length; index++) {
      const changed = token.slice();
      changed[index] = (token[index] as number) ^ (1 << (index % 8));
      const verdict = await verifyToken(changed, expected).catch((error: Error) => error);
      if (verdict instanceof Error) continue;
      expect(index, "changed byte").to.be.within(root, root + recordedRoot().length);
      expect(verdict).to.deep.equal(plain);
    }
  });

  it("gives a clear refusal for whatever bytes", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(fc.asyncProperty(bytes, async (noise) => Boolean(await refused({}, noise))));
  });
});

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes).indexOf(Buffer.from(part));
}
