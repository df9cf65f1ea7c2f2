import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from "@chainsafe/ssz";
import { hexToBytes } from "../../src/core/hex.ts";
import type { RecordInput } from "../../src/core/ssz-record.ts";

const bytes32 = new ByteVectorType(32);

/** The record as another library's container: what ours is compared with. */
export const ReferenceRecord = new ContainerType({
  digest: bytes32,
  algorithm: new UintNumberType(2),
  kind: new UintNumberType(4),
  subject: bytes32,
  businessKey: bytes32,
  refersTo: bytes32,
});

const ReferenceBatch = new ListCompositeType(ReferenceRecord, 2 ** 20);

/** A record as that library takes it. */
export const referenceValue = (record: RecordInput) => ({
  ...record,
  digest: hexToBytes(record.digest),
  subject: hexToBytes(record.subject),
  businessKey: hexToBytes(record.businessKey),
  refersTo: hexToBytes(record.refersTo),
});

/** Root of a batch, and the nodes of its proofs, as that library has them. */
export function referenceTree(records: readonly RecordInput[]) {
  const view = ReferenceBatch.toView(records.map(referenceValue));
  const { tree } = view as unknown as { tree: { getSingleProof(generalisedIndex: bigint): Uint8Array[] } };
  return { root: view.hashTreeRoot(), proof: (generalisedIndex: bigint) => tree.getSingleProof(generalisedIndex) };
}
