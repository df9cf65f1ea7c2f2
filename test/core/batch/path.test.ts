import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { batchMultiPathFault, verifyBatchMultiPath } from "../../../src/core/batch/multi-path.ts";
import { type BatchPath, batchPathFault, verifyBatchPath } from "../../../src/core/batch/path.ts";
import { RecordBatch } from "../../../src/core/batch/record-batch.ts";
import {
  RECORD_BYTES,
  readRecord,
  recordFault,
  serialisedRoots,
  writeRecord,
} from "../../../src/core/batch/serialised-records.ts";
import { batchRoot, MAX_BATCH, treeLevels, treePath } from "../../../src/core/batch/tree.ts";
import { bytesToHex, hexToBytes } from "../../../src/core/hex.ts";
import { type RecordInput, recordRoot, recordRoots } from "../../../src/core/ssz-record.ts";
import { errorOf } from "../code-of.ts";
import { someRecords } from "../record-fixtures.ts";
import { ReferenceRecord, referenceTree, referenceValue } from "../ssz-reference.ts";

const records = someRecords(6);
const batch = new RecordBatch(records);
const leafOf = (index: number) => bytesToHex(recordRoot(records[index] as RecordInput));

function pathOf(index: number): BatchPath {
  return { leaf: leafOf(index), index, length: 6, path: batch.proof(index).branch, root: batch.root };
}

/** The node above a leaf and its sibling, with what is left of their path. */
function innerNode(height: number): Pick<BatchPath, "leaf" | "path"> {
  const levels = treeLevels(recordRoots(records), 0, height);
  return { leaf: bytesToHex((levels[height] as Uint8Array).subarray(0, 32)), path: pathOf(0).path.slice(height) };
}

describe("the path of a record in a batch", () => {
  it("leads from each record to the root", () => {
    for (let index = 0; index < 6; index++) {
      expect(batchPathFault(pathOf(index))).to.equal(undefined);
      verifyBatchPath(pathOf(index));
    }
    expect(bytesToHex(batchRoot(recordRoots(records)))).to.equal(batch.root);
  });

  it("is refused with its exact fault", () => {
    const good = pathOf(2);
    const { path } = good;
    const attacks: [Partial<BatchPath>, string][] = [
      [{ leaf: "0x12" }, "malformed"],
      [{ root: `${batch.root}00` }, "malformed"],
      [{ path: path.with(3, "0x") }, "malformed"],
      [{ path: undefined as unknown as string[] }, "malformed"],
      [{ path: Array.from({ length: 21 }) as string[] }, "malformed"],
      [{ length: 0 }, "length-out-of-range"],
      [{ length: MAX_BATCH + 1 }, "length-out-of-range"],
      [{ length: 6.5 }, "length-out-of-range"],
      [{ index: 6 }, "index-out-of-range"],
      [{ index: -1 }, "index-out-of-range"],
      [{ index: 2 + MAX_BATCH }, "index-out-of-range"],
      [{ index: 1.5 }, "index-out-of-range"],
      [{ path: path.slice(0, -1) }, "wrong-depth"],
      [{ path: path.slice(1) }, "wrong-depth"],
      [{ path: [...path, ZeroHash] }, "wrong-depth"],
      [{ path: [] }, "wrong-depth"],
      [{ length: 7 }, "other-length"],
      [{ length: 5 }, "other-length"],
      [{ path: path.with(20, ZeroHash) }, "other-length"],
      [{ index: 3 }, "other-root"],
      [{ leaf: leafOf(3) }, "other-root"],
      [{ leaf: ZeroHash, index: 5 }, "other-root"],
      [{ root: id("root") }, "other-root"],
      [{ path: path.with(7, id("node")) }, "other-root"],
    ];
    for (const [attack, fault] of attacks) {
      expect(batchPathFault({ ...good, ...attack }), JSON.stringify(attack)).to.equal(fault);
    }
    const error = errorOf(() => verifyBatchPath({ ...good, index: 6 }));
    expect(error?.code).to.equal("proof.invalid");
    expect(error?.details).to.include({ part: "batch path", fault: "index-out-of-range" });
  });

  it("takes no inner node for a leaf, at whatever height", () => {
    for (const height of [1, 2, 3, 10, 20]) {
      const given = { ...pathOf(0), ...innerNode(height) };
      expect(batchPathFault(given), `height ${height}`).to.equal("inner-node");
      expect(batchPathFault({ ...given, path: [id("x"), ...given.path] })).to.equal(
        height === 1 ? "other-root" : "wrong-depth",
      );
    }
  });
});

describe("a proof of several records of a batch", () => {
  const many = someRecords(300, "many");
  const large = new RecordBatch(many);
  const proofOf = (indices: number[]) => ({
    leaves: indices.map((index) => ({ leaf: bytesToHex(recordRoot(many[index] as RecordInput)), index })),
    ...{ length: 300, nodes: large.multiProof(indices), root: large.root },
  });

  it("leads to the root, with fewer nodes than the single ones have", () => {
    for (const indices of [[0], [299], [0, 1], [0, 1, 2, 3], [5, 6, 130, 299], [0, 299], many.map((_, at) => at)]) {
      expect(batchMultiPathFault(proofOf(indices)), indices.join()).to.equal(undefined);
      verifyBatchMultiPath(proofOf(indices));
    }
    expect(large.multiProof([17])).to.deep.equal(large.proof(17).branch);
    expect(large.multiProof([0, 1]).length).to.equal(20);
    expect(large.multiProof(many.map((_, at) => at)).length).to.be.lessThan(22);
  });

  it("has the nodes of the consensus specifications, in their order", () => {
    const reference = referenceTree(many);
    const indices = [5, 6, 130, 299];
    const base = 2 ** 21;
    const path = (at: number) => Array.from({ length: 21 }, (_, height) => Math.floor((base + at) / 2 ** height));
    const own = new Set(indices.flatMap(path));
    const helpers = new Set(indices.flatMap((at) => path(at).map((node) => node ^ 1)).filter((node) => !own.has(node)));
    const ordered = [...helpers].sort((a, b) => b - a);
    const nodes = ordered.map((node) => {
      const height = 21 - Math.floor(Math.log2(node));
      const leaf = BigInt((node ^ 1) * 2 ** height);
      return bytesToHex(reference.proof(leaf)[height] as Uint8Array);
    });
    expect(large.multiProof(indices)).to.deep.equal(nodes);
  });

  it("is refused with its exact fault", () => {
    const good = proofOf([5, 6, 130]);
    const { nodes, leaves } = good;
    const [first, second, third] = leaves as [(typeof leaves)[0], (typeof leaves)[0], (typeof leaves)[0]];
    const attacks: [object, string][] = [
      [{ leaves: [] }, "malformed"],
      [{ nodes: nodes.with(0, "0x12") }, "malformed"],
      [{ length: 0 }, "length-out-of-range"],
      [{ length: 130 }, "index-out-of-range"],
      [{ leaves: [second, first, third] }, "index-out-of-range"],
      [{ leaves: [first, first, third] }, "index-out-of-range"],
      [{ leaves: [first, second, { ...third, index: 300 }] }, "index-out-of-range"],
      [{ nodes: nodes.slice(1) }, "wrong-depth"],
      [{ nodes: [...nodes, ZeroHash] }, "wrong-depth"],
      [{ leaves: [first, second] }, "wrong-depth"],
      [{ nodes: new Array(4_000).fill(ZeroHash) }, "wrong-depth"],
      [{ length: 299 }, "other-length"],
      [{ nodes: nodes.with(-1, ZeroHash) }, "other-length"],
      [{ nodes: nodes.with(4, id("node")) }, "other-root"],
      [{ leaves: [first, { ...second, leaf: id("leaf") }, third] }, "other-root"],
      [{ root: id("root") }, "other-root"],
    ];
    for (const [attack, fault] of attacks) {
      expect(batchMultiPathFault({ ...good, ...attack }), JSON.stringify(attack).slice(0, 200)).to.equal(fault);
    }
    expect(errorOf(() => verifyBatchMultiPath({ ...good, root: id("root") }))?.details.fault).to.equal("other-root");
  });
});

describe("records as bytes", () => {
  const some = someRecords(2_100, "bytes");
  const bytes = new Uint8Array(some.length * RECORD_BYTES);
  for (const [at, record] of some.entries()) writeRecord(bytes, at * RECORD_BYTES, record);

  it("are SSZ's serialisation, with the same roots", () => {
    for (const at of [0, 1, 7, 2_099]) {
      const own = bytes.subarray(at * RECORD_BYTES, (at + 1) * RECORD_BYTES);
      expect([...own]).to.deep.equal([...ReferenceRecord.serialize(referenceValue(some[at] as RecordInput))]);
      expect(readRecord(bytes, at * RECORD_BYTES)).to.deep.equal(some[at]);
    }
    expect(bytesToHex(serialisedRoots(bytes))).to.equal(bytesToHex(recordRoots(some)));
    expect(serialisedRoots(new Uint8Array(0))).to.have.length(0);
  });

  it("name what the chain would not take", () => {
    const one = bytes.slice(0, RECORD_BYTES);
    expect(recordFault(one, 0)).to.equal(undefined);
    expect(recordFault(one.with(32, 0x99), 0)?.field).to.equal("algorithm");
    const noDigest = one.slice();
    noDigest.fill(0, 0, 32);
    expect(recordFault(noDigest, 0)?.field).to.equal("digest");
  });

  it("give the groups of a tree whose paths join into one", () => {
    const leaves = recordRoots(some);
    const groups = treeLevels(leaves, 0, 4);
    const top = treeLevels(groups[4] as Uint8Array, 4, 16);
    const at = 1_234;
    const group = treeLevels(leaves.subarray((at & ~15) * 32, ((at & ~15) + 16) * 32), 0, 4);
    const path = [...treePath(group, 0, at & 15), ...treePath(top, 4, at >>> 4)].map(bytesToHex);
    expect(path).to.deep.equal(new RecordBatch(some).proof(at).branch.slice(0, 20));
    expect(bytesToHex(top[16] as Uint8Array)).to.match(/^0x/);
    expect(hexToBytes(new RecordBatch(some).root)).to.have.length(32);
  });
});
