import { type BatchFault, batchPathFault } from "../batch/path.ts";
import { anchorId } from "../batch/record-batch.ts";
import { digestAlgorithmOf } from "../digest.ts";
import { bytesToHex } from "../hex.ts";
import { recordId } from "../record-id.ts";
import { recordRoot } from "../ssz-record.ts";
import type { BatchRecordClaim, Bundle, Claim } from "./bundle.ts";
import { anchoredLog, checkLog, type ExpectedLog, recordedLog } from "./events.ts";
import { contractAt, type ListedContract } from "./listed-contracts.ts";
import { BundleFault, type BundleReason, under } from "./reasons.ts";
import { blockAt, logAt, type ShownBlocks } from "./shown-blocks.ts";

/** What the statements are made from. */
export interface Shown {
  bundle: Bundle;
  blocks: ShownBlocks;
  contracts: ReadonlyMap<string, ListedContract>;
}

/** Contract of a claim's event, by its name in Directory; undefined where any contract may be meant. */
export function contractOf({ kind }: Claim): string | undefined {
  if (kind === "record") return "Records";
  return kind === "batch-record" ? "BatchAnchors" : undefined;
}

/** The block that a claim is about. */
export function blockOf(claim: Claim): number {
  return claim.kind === "block" ? claim.block : claim.at.block;
}

/** That the contract of the event is the one which Directory lists. @throws BundleFault `contract.*` */
export function contractFacts({ bundle, contracts }: Shown): Record<string, unknown> {
  const name = contractOf(bundle.claim) as string;
  contractAt(contracts, name, blockOf(bundle.claim));
  return { ...contracts.get(name) };
}

/** That the event, or the block, is the claimed one. @throws BundleFault `event.*`, `block.*` */
export function eventFacts({ bundle: { claim }, blocks, contracts }: Shown): Record<string, unknown> {
  const { number, hash, timestamp } = blockAt(blocks, blockOf(claim));
  const place = { block: number, blockHash: hash, timestamp };
  if (claim.kind === "block") {
    if (hash !== claim.hash) throw new BundleFault("block.differs", hash);
    return place;
  }
  const log = logAt(blocks, claim.at);
  const where = { ...place, transaction: claim.at.transaction, log: claim.at.log };
  if (claim.kind === "event") {
    const { address, topics, data } = claim;
    checkLog(log, { address, topics, data });
    return { ...where, address, topics, data };
  }
  const address = contractAt(contracts, contractOf(claim) as string, number);
  const { owner, responsible, record } = claim;
  const facts = { ...where, owner, responsible, ...record, algorithmName: digestAlgorithmOf(record.algorithm) ?? null };
  let expected: ExpectedLog;
  if (claim.kind === "record") expected = recordedLog(claim, address);
  else expected = anchoredLog(claim, address, log.topics[3] ?? "0x");
  checkLog(log, expected);
  if (claim.kind === "record") return { ...facts, recordId: recordId(owner, record.digest, record.subject) };
  return { ...facts, anchorId: log.topics[1], root: log.topics[3], index: claim.index, count: claim.count };
}

/** That the record is in the anchored batch. @throws BundleFault `batch.*` */
export function batchFacts(claim: BatchRecordClaim, blocks: ShownBlocks): Record<string, unknown> {
  const { record, index, count, branch } = claim;
  const root = logAt(blocks, claim.at).topics[3] as string;
  const leaf = bytesToHex(under("batch.record", () => recordRoot(record)));
  const fault = batchPathFault({ leaf, index, length: count, path: branch, root });
  if (fault !== undefined) throw new BundleFault(PATH_REASONS[fault] ?? "batch.root", fault);
  return { anchorId: anchorId(claim.owner, root), root, index, count, leaf };
}

/** Other faults of a path are those of a bundle's form, or of the root. */
const PATH_REASONS: Partial<Record<BatchFault, BundleReason>> = {
  "index-out-of-range": "batch.index",
  "length-out-of-range": "batch.length",
  "other-length": "batch.length",
};
