import { expect } from "chai";
import { id, sha256, ZeroHash } from "ethers";
import fc from "fast-check";
import {
  anchorId,
  type BatchProof,
  BRANCH_LENGTH,
  MAX_BATCH,
  RecordBatch,
  verifyBatchProof,
} from "../../../src/core/batch/record-batch.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { objectId } from "../../../src/core/record-id.ts";
import { type RecordInput, recordRoot } from "../../../src/core/ssz-record.ts";
import { errorOf } from "../code-of.ts";
import { someRecords } from "../record-fixtures.ts";
import { ReferenceRecord, referenceTree, referenceValue } from "../ssz-reference.ts";

const COUNTS = [1, 2, 3, 4, 5, 31, 32, 33, 1_000];

/** A batch, one of its records and its proof, for attacks to change. */
function settle(count = 6, index = 2) {
  const records = someRecords(count);
  const batch = new RecordBatch(records);
  return { records, batch, record: records[index] as RecordInput, proof: batch.proof(index) };
}

describe("batches of records (EV-6)", () => {
  for (const count of COUNTS) {
    it(`have the root and the proofs of SSZ's List[Record, 2^20] with ${count} records`, () => {
      const records = someRecords(count);
      const batch = new RecordBatch(records);
      const reference = referenceTree(records);
      expect(batch.root).to.equal(bytesToHex(reference.root));
      for (const index of new Set([0, Math.floor(count / 2), count - 1])) {
        const branch = reference.proof(BigInt(2 * MAX_BATCH + index)).map(bytesToHex);
        expect(batch.proof(index)).to.deep.equal({ index, branch });
        expect(verifyBatchProof(batch, records[index] as RecordInput, batch.proof(index))).to.equal(true);
      }
    });
  }

  it("have leaves that are SSZ's roots of the records, whatever these hold", () => {
    const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);
    const record = fc.record({
      digest: word.filter((value) => value !== ZeroHash),
      algorithm: fc.constantFrom(0x12, 0x16, 0x1015, 0x534d),
      kind: fc.nat(2 ** 32 - 1),
      subject: word,
      businessKey: word,
      refersTo: word,
    });
    fc.assert(
      fc.property(record, (one) => {
        expect(recordRoot(one)).to.deep.equal(ReferenceRecord.hashTreeRoot(referenceValue(one)));
      }),
    );
  });

  it("commit to the whole record: with any field changed it is not in the batch", () => {
    const { batch, record, proof } = settle();
    for (const change of [
      { digest: id("x") },
      { algorithm: record.algorithm === 0x12 ? 0x16 : 0x12 },
      { kind: record.kind + 1 },
      { subject: id("x") },
      { businessKey: id("x") },
      { refersTo: id("x") },
    ]) {
      expect(verifyBatchProof(batch, { ...record, ...change }, proof), JSON.stringify(change)).to.equal(false);
    }
  });

  it("do not verify at another place, of another length or under another root", () => {
    const { batch, record, proof } = settle();
    for (const index of [0, 1, 3, 5, 6, 2 + MAX_BATCH, -1, 2.5, Number.NaN]) {
      expect(verifyBatchProof(batch, record, { ...proof, index }), `index ${index}`).to.equal(false);
    }
    for (const count of [5, 7, 2, 0, MAX_BATCH + 1, 6.5, -6]) {
      expect(verifyBatchProof({ ...batch, root: batch.root, count }, record, proof), `count ${count}`).to.equal(false);
    }
    for (const root of [id("root"), "0x", batch.root.slice(0, -2)]) {
      expect(verifyBatchProof({ root, count: batch.count }, record, proof), root).to.equal(false);
    }
  });

  it("do not verify with a branch that was changed, shortened, lengthened or whose siblings were swapped", () => {
    const { batch, record, proof } = settle();
    const { branch } = proof;
    const attacks: string[][] = [
      ...branch.map((_, at) => branch.with(at, id("node"))),
      branch.slice(1),
      branch.slice(0, -1),
      [...branch, ZeroHash],
      [],
      branch.with(0, branch[1] as string).with(1, branch[0] as string),
      branch.map((node) => node.slice(2)),
    ];
    for (const [at, attack] of attacks.entries()) {
      expect(verifyBatchProof(batch, record, { ...proof, branch: attack }), `attack ${at}`).to.equal(false);
    }
    const noBranch = { index: 2 } as unknown as BatchProof;
    expect(verifyBatchProof(batch, record, noBranch)).to.equal(false);
  });

  it("take no zero of the padding for a record", () => {
    const { batch, proof } = settle(5, 4);
    expect(errorOf(() => verifyBatchProof(batch, { ...settle().record, digest: ZeroHash }, proof))?.code).to.equal(
      "request.invalid",
    );
  });

  it("read hexadecimal in any letter case", () => {
    const { batch, record, proof } = settle();
    const upper = (hex: string) => `0x${hex.slice(2).toUpperCase()}`;
    const commitment = { root: upper(batch.root), count: batch.count };
    expect(verifyBatchProof(commitment, record, { ...proof, branch: proof.branch.map(upper) })).to.equal(true);
  });

  it("refuse no records, records that the chain would not take, and places they do not have", () => {
    const records = someRecords(3);
    const refused = (index: number, change: object) =>
      errorOf(() => new RecordBatch(records.with(index, { ...(records[index] as RecordInput), ...change })))?.details;
    expect(errorOf(() => new RecordBatch([]))?.details.field).to.equal("records");
    expect(errorOf(() => new RecordBatch(new Array(MAX_BATCH + 1)))?.details.field).to.equal("records");
    expect(refused(1, { digest: ZeroHash })).to.include({ field: "digest", index: 1 });
    expect(refused(2, { digest: "0x12" })).to.include({ field: "digest", index: 2 });
    expect(refused(0, { algorithm: 0x13 })).to.include({ field: "algorithm", index: 0 });
    for (const kind of [-1, 2 ** 32, 1.5]) expect(refused(0, { kind })).to.include({ field: "kind", index: 0 });
    for (const field of ["subject", "businessKey", "refersTo"]) {
      expect(refused(0, { [field]: "0x" })).to.include({ field, index: 0 });
    }
    for (const index of [-1, 3, 0.5]) {
      expect(errorOf(() => new RecordBatch(records).proof(index))?.details.field).to.equal("index");
    }
  });

  it("have branches of 21 nodes, the last of them the length", () => {
    const { branch } = settle(300, 299).proof;
    expect(branch).to.have.length(BRANCH_LENGTH);
    expect(branch[BRANCH_LENGTH - 1]).to.equal(`0x2c01${"00".repeat(30)}`);
    expect(branch[19]).to.match(/^0x[1-9a-f]/);
    expect(sha256(`0x${"00".repeat(64)}`)).to.equal(settle(1, 0).proof.branch[1]);
  });

  it("are anchored under an identifier of their owner's", () => {
    const owner = `0x${"ab".repeat(20)}`;
    expect(anchorId(owner, id("root"))).to.equal(objectId(owner, id("root")));
  });
});
