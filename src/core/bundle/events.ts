import { anchorId } from "../batch/record-batch.ts";
import { word } from "../hex.ts";
import type { ReceiptLog } from "../receipt.ts";
import type { BatchRecordClaim, RecordClaim } from "./bundle.ts";
import { BundleFault } from "./reasons.ts";

// The events that a bundle rests on, as a receipt holds them. A claim is turned into the log that it must have left, and
// the two are compared: nothing of a log is interpreted.

/** `Recorded(bytes32 indexed digest, address indexed owner, bytes32 indexed subject, uint16 algorithm, uint32 kind,
 * address responsible, bytes32 businessKey, bytes32 refersTo)` of Records. */
export const RECORDED = "0x486c7593abdbd8d79c6908dabf5e1f05bc88b48185b66f1932b6d6ac5f74536a";
/** `Anchored(bytes32 indexed id, address indexed owner, bytes32 indexed root, uint32 count, address responsible)` of
 * BatchAnchors. */
export const ANCHORED = "0xd69bf0a00b41f789dde488228658f5075ed44e6b484d247e68634007d740766d";
/** `ContractRegistered(bytes32 indexed name, address indexed target, uint32 version, bytes32 abiDigest)` of Directory. */
export const CONTRACT_REGISTERED = "0x9e0e6fc12c1dc3a615bfcff842326f777eb123d484b27adff1092f4cb6869db3";

/** A log as it has to be; data undefined: whatever they are. */
export interface ExpectedLog {
  address: string;
  topics: readonly string[];
  data?: string;
}

/** An address as a word of topics and data. */
export const addressWord = (address: string): string => address.slice(2).padStart(64, "0");

export function recordedLog(claim: RecordClaim, address: string): ExpectedLog {
  const { owner, responsible, record } = claim;
  const { digest, algorithm, kind, subject, businessKey, refersTo } = record;
  const numbers = word(algorithm) + word(kind) + addressWord(responsible);
  return {
    address,
    topics: [RECORDED, digest, `0x${addressWord(owner)}`, subject],
    data: `0x${numbers}${businessKey.slice(2)}${refersTo.slice(2)}`,
  };
}

/** @param root of the batch, as the log says it */
export function anchoredLog(claim: BatchRecordClaim, address: string, root: string): ExpectedLog {
  const { owner, responsible, count } = claim;
  return {
    address,
    topics: [ANCHORED, anchorId(owner, root), `0x${addressWord(owner)}`, root],
    data: `0x${word(count)}${addressWord(responsible)}`,
  };
}

/** @throws BundleFault `event.*` that says in what a log is another one than expected */
export function checkLog(log: ReceiptLog, expected: ExpectedLog): void {
  if (log.address !== expected.address) throw new BundleFault("event.address", log.address);
  if (log.topics[0] !== expected.topics[0]) throw new BundleFault("event.kind");
  const isSame =
    log.topics.length === expected.topics.length && log.topics.every((one, at) => one === expected.topics[at]);
  if (!isSame || (expected.data !== undefined && log.data !== expected.data)) throw new BundleFault("event.differs");
}
