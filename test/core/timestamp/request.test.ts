import { expect } from "chai";
import fc from "fast-check";
import { DIGEST_LENGTHS, DIGEST_OIDS, STAMP_DIGESTS } from "../../../src/core/timestamp/algorithms.ts";
import { integer } from "../../../src/core/timestamp/der-writer.ts";
import { buildQuery, readQuery } from "../../../src/core/timestamp/request.ts";
import {
  FAILURES,
  type Failure,
  grantedResponse,
  readResponse,
  refusedResponse,
} from "../../../src/core/timestamp/response.ts";
import { proofRefusal } from "../../support/proof-refusal.ts";
import { recordedToken } from "../../support/recorded-tokens.ts";

describe("a time-stamp request", () => {
  it("is read as it was built", () => {
    const cases = fc.record({
      algorithm: fc.constantFrom(...STAMP_DIGESTS),
      nonce: fc.option(fc.bigInt(0n, 2n ** 128n), { nil: undefined }),
      policy: fc.option(fc.constantFrom("1.2.3", "2.999.1", "1.3.6.1.4.1.32473.1"), { nil: undefined }),
      certificate: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ algorithm, nonce, policy, certificate }) => {
        const digest = new Uint8Array(DIGEST_LENGTHS[algorithm]).fill(7);
        const read = readQuery(buildQuery({ algorithm, digest, nonce, policy, certificate }));
        expect(read).to.include({ version: 1n, algorithm: DIGEST_OIDS[algorithm], policy, certificate });
        expect(read.digest).to.deep.equal(digest);
        expect(read.nonce).to.deep.equal(nonce === undefined ? undefined : integer(nonce));
      }),
    );
  });

  it("is refused cut off, with anything behind it, and for whatever bytes", async () => {
    const bytes = buildQuery({ algorithm: "SHA-256", digest: new Uint8Array(32), nonce: 5n });
    for (let length = 0; length < bytes.length; length++) {
      await proofRefusal(() => readQuery(bytes.slice(0, length)));
    }
    expect(await proofRefusal(() => readQuery(Uint8Array.from([...bytes, 5, 0])))).to.contain("behind its end");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) =>
        Boolean(await proofRefusal(() => readQuery(noise))),
      ),
    );
  });

  it("is refused with lengths that are not definite, nested deep, and with a nonce of thousands of digits", async () => {
    const indefinite = Uint8Array.from([0x30, 0x80, 0x02, 0x01, 0x01, 0x00, 0x00]);
    expect(await proofRefusal(() => readQuery(indefinite))).to.contain("a length is not definite");
    const padded = Uint8Array.from([0x30, 0x81, 0x03, 0x02, 0x01, 0x01]);
    expect(await proofRefusal(() => readQuery(padded))).to.contain("not in its shortest form");
    let nested: Uint8Array = Uint8Array.from([0x30, 0x00]);
    for (let depth = 0; depth < 60; depth++) nested = Uint8Array.from([0x30, nested.length, ...nested]);
    expect(await proofRefusal(() => readQuery(nested))).to.contain("nesting depth");
    expect(await proofRefusal(() => readQuery(new Uint8Array(10_000)))).to.contain("at most 8192 are read");
    const long = buildQuery({ algorithm: "SHA-256", digest: new Uint8Array(32), nonce: 1n << 1_000n });
    expect(await proofRefusal(() => readQuery(long))).to.contain("a nonce that is too long");
  });
});

describe("a time-stamp response", () => {
  it("with a token is read as it was written", () => {
    const token = recordedToken("p256-sha256");
    expect(readResponse(grantedResponse(token))).to.deep.equal({ token });
  });

  it("that refuses is read with its reason and words", () => {
    for (const failure of Object.keys(FAILURES) as Failure[]) {
      const read = readResponse(refusedResponse(failure, "Nicht möglich"));
      expect(read).to.deep.equal({ token: undefined, status: 2, failure, text: "Nicht möglich" });
    }
  });

  it("is refused for whatever bytes, and with a token that it does not grant", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) =>
        Boolean(await proofRefusal(() => readResponse(noise))),
      ),
    );
    const granted = grantedResponse(recordedToken("p256-sha256"));
    const status = granted.indexOf(0x02) + 2;
    granted[status] = 2;
    expect(await proofRefusal(() => readResponse(granted))).to.contain("refuses a token, and holds one");
    const nothing = Uint8Array.from([0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00]);
    expect(await proofRefusal(() => readResponse(nothing))).to.contain("grants a token, and holds none");
  });
});
