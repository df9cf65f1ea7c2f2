import { expect } from "chai";
import fc from "fast-check";
import { createNativeDigest } from "../../src/core/digest.node.ts";
import {
  createDigest,
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  digestAlgorithmOf,
  digestBytes,
  digestStream,
  parseDigestAlgorithm,
} from "../../src/core/digest.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import { codeOf, errorOf } from "./code-of.ts";

const algorithms = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];
const utf8 = new TextEncoder();

// FIPS 180-4 and FIPS 202 examples; GB/T 32905-2016, appendix A.
const VECTORS: Record<DigestAlgorithm, [string, string][]> = {
  "sha2-256": [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ],
  "sha3-256": [
    ["", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"],
    ["abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"],
  ],
  "sm3-256": [
    ["abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"],
    ["abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"],
  ],
  "sha2-512-256": [
    ["", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"],
    ["abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"],
  ],
};

describe("digest", () => {
  for (const algorithm of algorithms) {
    it(`gives the published values of ${algorithm}`, () => {
      for (const [text, expected] of VECTORS[algorithm]) {
        expect(bytesToHex(digestBytes(utf8.encode(text), algorithm))).to.equal(`0x${expected}`);
      }
    });

    it(`gives for ${algorithm} what OpenSSL gives, however the data is cut into pieces`, () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
          const own = createDigest(algorithm);
          const native = createNativeDigest(algorithm);
          for (const piece of pieces) {
            own.update(piece);
            native.update(piece);
          }
          expect(own.digest()).to.deep.equal(native.digest());
        }),
      );
    });
  }

  it("uses SHA-256 unless told", async () => {
    const expected = digestBytes(utf8.encode("abc"), "sha2-256");
    expect(digestBytes(utf8.encode("abc"))).to.deep.equal(expected);
    expect(await digestStream(new Blob(["abc"]))).to.deep.equal(expected);
  });

  it("does not mix up two digests in the making", () => {
    for (const algorithm of algorithms) {
      const first = createDigest(algorithm);
      const second = createDigest(algorithm);
      for (let round = 0; round < 10; round++) {
        first.update(new Uint8Array(50).fill(1));
        second.update(new Uint8Array(70).fill(2));
      }
      expect(first.digest()).to.deep.equal(digestBytes(new Uint8Array(500).fill(1), algorithm));
      expect(second.digest()).to.deep.equal(digestBytes(new Uint8Array(700).fill(2), algorithm));
    }
  });

  it("knows algorithms by their multicodec code", () => {
    for (const name of algorithms) expect(digestAlgorithmOf(DIGEST_ALGORITHMS[name])).to.equal(name);
    expect(digestAlgorithmOf(0x534dn)).to.equal("sm3-256");
    expect(digestAlgorithmOf(0x13)).to.equal(undefined);
  });

  it("refuses an unknown algorithm and lists the known ones", () => {
    for (const name of ["md5", "", "constructor", undefined, 0x12]) {
      expect(codeOf(() => parseDigestAlgorithm(name))).to.equal("request.invalid");
    }
    const error = errorOf(() => createDigest("md5" as DigestAlgorithm));
    expect(error?.details.known).to.deep.equal(algorithms);
  });
});

describe("digestStream", () => {
  const data = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);

  it("digests blobs, streams and iterables alike", async () => {
    async function* pieces() {
      for (let start = 0; start < data.length; start += 7_000) yield data.subarray(start, start + 7_000);
    }
    const withoutIterator = new Blob([data]).stream();
    Object.defineProperty(withoutIterator, Symbol.asyncIterator, { value: undefined });
    const bare = { getReader: () => withoutIterator.getReader() } as ReadableStream<Uint8Array>;
    for (const algorithm of algorithms) {
      const expected = digestBytes(data, algorithm);
      expect(await digestStream(new Blob([data]), { algorithm })).to.deep.equal(expected);
      expect(await digestStream(new Blob([data]).stream(), { algorithm })).to.deep.equal(expected);
      expect(await digestStream(pieces(), { algorithm })).to.deep.equal(expected);
    }
    expect(await digestStream(bare)).to.deep.equal(digestBytes(data));
  });

  it("reports progress up to the end, and the size where it is known", async () => {
    const seen: [number, number | undefined][] = [];
    await digestStream(new Blob([data]), { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen.at(-1)).to.deep.equal([data.length, data.length]);
    expect(seen.map(([done]) => done)).to.deep.equal(seen.map(([done]) => done).toSorted((a, b) => a - b));

    const sizes: (number | undefined)[] = [];
    await digestStream(new Blob([data]).stream(), { onProgress: (_, total) => sizes.push(total) });
    expect(new Set(sizes)).to.deep.equal(new Set([undefined]));
  });

  it("lets an error of the source through", async () => {
    async function* broken() {
      yield data;
      throw new Error("line cut");
    }
    const error = await digestStream(broken()).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("line cut");
  });
});
