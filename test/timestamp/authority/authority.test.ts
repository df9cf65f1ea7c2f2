import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { DIGEST_LENGTHS, DIGEST_OIDS, STAMP_DIGESTS } from "../../../src/core/timestamp/algorithms.ts";
import { boolean, integer, nothing, octets, oid, sequence, tagged } from "../../../src/core/timestamp/der-writer.ts";
import { buildQuery } from "../../../src/core/timestamp/request.ts";
import { grantedResponse, readResponse } from "../../../src/core/timestamp/response.ts";
import { inspectToken, verifyToken } from "../../../src/core/timestamp/verify-token.ts";
import { OpensslFolder, openssl, whyNoOpenssl } from "../../support/openssl.ts";
import {
  authorityOf,
  certifyIssuer,
  certifyStamping,
  digestOfText,
  newKey,
  POLICY,
  type Stamping,
  stampText,
  TEXT,
} from "../../support/time-stamp-authorities.ts";

describe("a time-stamping authority", () => {
  const root = certifyIssuer("Root");
  const stamping: Stamping = { root, own: certifyStamping("Authority", root) };
  const authority = authorityOf(stamping);

  const ask = async (request: Uint8Array, of = authority) => readResponse(await of.answer(request));
  const refusal = async (request: Uint8Array, of = authority) => {
    const answer = await ask(request, of);
    if (answer.token !== undefined) throw new Error("A token was given");
    expect(answer.status).to.equal(2);
    expect(answer.text).not.to.equal("");
    return answer.failure;
  };
  const imprint = (algorithm = DIGEST_OIDS["SHA-256"], length = 32, ...parameters: Uint8Array[]) =>
    sequence(sequence(oid(algorithm), ...parameters), octets(new Uint8Array(length)));

  it("stamps digests of SHA-256, SHA-384 and SHA-512, with nonce and certificates as asked", async () => {
    for (const algorithm of STAMP_DIGESTS) {
      const digest = new Uint8Array(DIGEST_LENGTHS[algorithm]).fill(3);
      const { token } = await ask(buildQuery({ algorithm, digest, nonce: 99n, policy: POLICY }));
      const verified = await verifyToken(token as Uint8Array, {
        ...{ digest, algorithm, authorities: [root.certificate], nonce: 99n, policy: POLICY, tolerance: 1_000 },
      });
      expect(verified).to.include({ accuracy: 1_000, ordering: false });
      const bare = await ask(buildQuery({ algorithm, digest, certificate: false }));
      expect(inspectToken(bare.token as Uint8Array).nonce).to.equal(undefined);
      expect((bare.token as Uint8Array).length).to.be.below((token as Uint8Array).length - 500);
    }
  });

  it("takes a digest's algorithm with null as parameter, or with none", async () => {
    for (const parameters of [[], [nothing()]]) {
      const request = sequence(integer(1), imprint(DIGEST_OIDS["SHA-256"], 32, ...parameters), boolean(true));
      expect((await ask(request)).token).to.be.instanceOf(Uint8Array);
    }
  });

  it("refuses in the protocol's own words, each with its reason", async () => {
    const sha1 = "1.3.14.3.2.26";
    expect(await refusal(sequence(integer(1), imprint(sha1, 20)))).to.equal("badAlg");
    expect(await refusal(sequence(integer(1), imprint("1.2.3", 32)))).to.equal("badAlg");
    expect(await refusal(sequence(integer(1), imprint(DIGEST_OIDS["SHA-256"], 32, integer(1))))).to.equal("badAlg");
    expect(await refusal(sequence(integer(2), imprint()))).to.equal("badRequest");
    expect(await refusal(sequence(integer(1), imprint(DIGEST_OIDS["SHA-256"], 31)))).to.equal("badDataFormat");
    expect(await refusal(sequence(integer(1), imprint(DIGEST_OIDS["SHA-512"], 32)))).to.equal("badDataFormat");
    expect(await refusal(sequence(integer(1), imprint(), oid("1.2.3.4")))).to.equal("unacceptedPolicy");
    const extension = tagged(0, sequence(oid("1.2.3.4"), octets(nothing())));
    expect(await refusal(sequence(integer(1), imprint(), extension))).to.equal("unacceptedExtension");
  });

  it("answers whatever bytes with badDataFormat, and huge, nested and endless ones too", async () => {
    for (const bytes of [new Uint8Array(), new TextEncoder().encode("GET / HTTP/1.1"), new Uint8Array(8_192)]) {
      expect(await refusal(bytes)).to.equal("badDataFormat");
    }
    expect(await refusal(Uint8Array.of(0x30, 0x80, 0x02, 0x01, 0x01, 0, 0))).to.equal("badDataFormat");
    expect(await refusal(Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x02, 0x01, 0x01))).to.equal(
      "badDataFormat",
    );
    let nested: Uint8Array = sequence();
    while (nested.length < 8_000) nested = sequence(nested);
    expect(await refusal(nested)).to.equal("badDataFormat");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => (await refusal(bytes)) === "badDataFormat"),
    );
  });

  it("never stamps anything else than it was asked, whichever byte of a request is changed", async () => {
    const request = buildQuery({ algorithm: "SHA-256", digest: digestOfText(), nonce: 5n });
    for (let index = 0; index < request.length; index++) {
      const changed = request.slice();
      changed[index] = (request[index] as number) ^ (1 << (index % 8));
      const { token } = await ask(changed);
      if (token === undefined) continue;
      // What was changed was the digest, the nonce, or whether certificates are wanted.
      const { imprint: stamped, nonce } = inspectToken(token);
      const same = Buffer.compare(stamped.digest, digestOfText()) === 0 && nonce === 5n;
      expect(same, `byte ${index}`).to.equal(index === request.length - 1);
    }
  });

  it("gives no token without a time, and says why", async () => {
    const without = authorityOf(stamping, () => undefined);
    const request = buildQuery({ algorithm: "SHA-256", digest: digestOfText() });
    expect(await refusal(request, without)).to.equal("timeNotAvailable");
    expect(without.outcomes).to.deep.equal({ timeNotAvailable: 1 });
  });

  it("gives no token outside of its certificate's validity", async () => {
    const request = buildQuery({ algorithm: "SHA-256", digest: digestOfText() });
    for (const time of [new Date("2020-01-01"), new Date("2060-01-01")]) {
      const late = authorityOf(stamping, () => time);
      expect(await refusal(request, late)).to.equal("systemFailure");
      expect(late.fault).to.contain("certificate is not valid");
    }
    expect(authority.fault).to.equal(undefined);
  });

  it("gives no token when its key can not sign, and says nothing about the fault to others", async () => {
    const failing = authorityOf({ ...stamping, own: { ...stamping.own, key: newKey("secp521r1").publicKey } });
    const answer = await ask(buildQuery({ algorithm: "SHA-256", digest: digestOfText() }), failing);
    expect(answer).to.include({ failure: "systemFailure", text: "The authority has a fault; try again" });
  });

  describe("and openssl", function () {
    this.timeout(30_000);
    let folder: OpensslFolder;

    before(function () {
      const reason = whyNoOpenssl();
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        this.skip();
      }
      folder = new OpensslFolder();
    });
    after(() => folder?.close());

    it("openssl accepts its tokens, of each digest and kind of key, and refuses them for other data", async () => {
      const data = folder.file("data", TEXT);
      const trust = folder.certificate("root.pem", root);
      for (const curve of ["prime256v1", "secp384r1", "secp521r1"]) {
        const own = certifyStamping(`Authority ${curve}`, root, { key: newKey(curve) });
        for (const algorithm of STAMP_DIGESTS) {
          const query = join(folder.path, "query");
          const asked = openssl(
            ...["ts", "-query", "-data", data, `-${algorithm.replace("-", "")}`, "-cert", "-out", query],
          );
          expect(asked.code, asked.text).to.equal(0);
          const answer = await authorityOf({ root, own }).answer(readFileSync(query));
          const reply = folder.file("reply", answer);
          const judged = openssl("ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", trust);
          expect(judged.text).to.contain("Verification: OK");
          const other = folder.file("other", "Another text.\n");
          const refused = openssl("ts", "-verify", "-data", other, "-in", reply, "-CAfile", trust);
          expect(refused.text).to.contain("FAILED");
        }
      }
    });

    it("openssl accepts it through authorities between, without certificates, and shows what it says", async () => {
      const middle = certifyIssuer("Middle", root);
      const own = certifyStamping("Authority below", middle);
      const token = await stampText({ root, own, between: [middle] }, new Date(), { certificate: false });
      const reply = folder.file("reply", grantedResponse(token));
      const [data, trust] = [folder.file("data", TEXT), folder.certificate("root.pem", root)];
      const others = folder.certificate("others.pem", own, middle);
      const judged = openssl("ts", "-verify", "-data", data, "-in", reply, "-CAfile", trust, "-untrusted", others);
      expect(judged.text).to.contain("Verification: OK");
      const shown = openssl("ts", "-reply", "-in", reply, "-text").text;
      for (const words of [`Policy OID: ${POLICY}`, "Accuracy: 0x01 seconds", "Ordering: no", "Authority below"]) {
        expect(shown).to.contain(words);
      }
    });

    it("BROP accepts openssl's tokens, answers and refusals", async () => {
      const settings = folder.settings(POLICY);
      const own = certifyStamping("Openssl's", root);
      const files = ["-signer", folder.certificate("own.pem", own), "-inkey", folder.key("own.key", own)];
      const reply = (query: Uint8Array) => {
        const out = join(folder.path, "answer");
        const input = folder.file("query", query);
        const chain = folder.certificate("chain.pem", root);
        const args = ["ts", "-reply", "-config", settings, "-section", "tsa", "-queryfile", input, ...files];
        const made = openssl(...args, "-chain", chain, "-out", out);
        expect(made.code, made.text).to.equal(0);
        return readResponse(new Uint8Array(readFileSync(out)));
      };
      const { token } = reply(buildQuery({ algorithm: "SHA-256", digest: digestOfText(), nonce: 12n, policy: POLICY }));
      const expected = {
        digest: digestOfText(),
        authorities: [root.certificate],
        nonce: 12n,
        policy: POLICY,
        tolerance: 2_000,
      };
      expect((await verifyToken(token as Uint8Array, expected)).authority.name).to.equal("Openssl's");
      const refused = reply(buildQuery({ algorithm: "SHA-256", digest: digestOfText(), policy: "1.2.3" }));
      expect(refused).to.include({ token: undefined, failure: "unacceptedPolicy" });
    });
  });
});
