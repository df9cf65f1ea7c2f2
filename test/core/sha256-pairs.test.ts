import { expect } from "chai";
import { sha256 } from "ethers";
import { RecordBatch } from "../../src/core/batch/record-batch.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import { installNativePairHasher } from "../../src/core/sha256-pairs.node.ts";
import { hashPairs, setPairHasher } from "../../src/core/sha256-pairs.ts";
import { codeOf } from "./code-of.ts";
import { someRecords } from "./record-fixtures.ts";

/** The digests of pairs, one after another. */
function digests(pairs: Uint8Array): Uint8Array {
  const target = new Uint8Array(pairs.length / 2);
  hashPairs(pairs, target);
  return target;
}

describe("hashing pairs", () => {
  const pairs = Uint8Array.from({ length: 64 * 40 }, (_, at) => (at * at) % 251);
  const expected = Array.from({ length: 40 }, (_, at) => [
    ...hexToBytes(sha256(pairs.subarray(at * 64, at * 64 + 64))),
  ]).flat();

  it("gives the SHA-256 digest of each 64 bytes, in JavaScript and natively", async () => {
    expect([...digests(pairs)]).to.deep.equal(expected);
    const root = new RecordBatch(someRecords(100)).root;
    expect(await installNativePairHasher()).to.equal(true);
    expect([...digests(pairs)]).to.deep.equal(expected);
    expect([...digests(new Uint8Array(0))]).to.deep.equal([]);
    expect(new RecordBatch(someRecords(100)).root).to.equal(root);
  });

  it("takes no other function", () => {
    expect(codeOf(() => setPairHasher(() => undefined))).to.equal("service.internal");
    expect([...digests(pairs)]).to.deep.equal(expected);
  });
});
