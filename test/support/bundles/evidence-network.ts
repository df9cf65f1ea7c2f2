import { id, sha256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import type { LogPosition } from "../../../src/chain/bundle/block-parts.ts";
import type { BundleRequest, ClaimRequest } from "../../../src/chain/bundle/build-bundle.ts";
import { anchorId, RecordBatch } from "../../../src/core/batch/record-batch.ts";
import type { BatchRecordClaim, ClaimedRecord, RecordClaim } from "../../../src/core/bundle/bundle.ts";
import { addressWord, anchoredLog, CONTRACT_REGISTERED, recordedLog } from "../../../src/core/bundle/events.ts";
import {
  anchorSlots,
  certificationTrace,
  partnerTrace,
  recognitionTrace,
  recordSlot,
} from "../../../src/core/bundle/evidence-slots.ts";
import { DIRECTORY } from "../../../src/core/bundle/listed-contracts.ts";
import { directorySlot } from "../../../src/core/directory-slots.ts";
import { word } from "../../../src/core/hex.ts";
import { recordId } from "../../../src/core/record-id.ts";
import { listStart, slotName } from "../../../src/core/storage-slots.ts";
import { validatorKey } from "../sealed-block.ts";
import { SealedNetwork, type TestLog } from "../sealed-network.ts";

// A network of sealed blocks with evidence on it: the events and storage are as BROP's contracts leave them, the seals are
// real and by test keys. Nothing is executed.

export const CONTRACTS = {
  Records: "0x00000000000000000000000000000000000c0001",
  BatchAnchors: "0x00000000000000000000000000000000000c0002",
  Certifications: "0x00000000000000000000000000000000000c0003",
  Partners: "0x00000000000000000000000000000000000c0004",
};
type ContractName = keyof typeof CONTRACTS;

export const OWNER = "0x1000000000000000000000000000000000000001";
export const CERTIFIER = "0x2000000000000000000000000000000000000002";
export const RECOGNISER = "0x3000000000000000000000000000000000000003";
export const CONTENT = toUtf8Bytes("Lot 4711, 20 crates of apples, picked on 2026-11-20\n");

const LISTED_BLOCK = 1;
export const RECORD_BLOCK = 3;
export const BATCH_BLOCK = 5;
/** Block with many transactions, of which one recorded. */
export const FULL_BLOCK = 6;
export const FULL_TRANSACTIONS = 130;
/** Block of the revocation. */
export const REVOKED_STATE = 8;
/** Newest block. */
export const HEAD = 9;
/** The first state in which the record of `RECORD_BLOCK` stands, the last in which it does. */
export const VALID_STATE = 7;

const plain = { kind: 7, subject: ZeroHash, businessKey: id("lot 4711"), refersTo: ZeroHash };
export const RECORD: ClaimedRecord = { ...plain, digest: sha256(CONTENT), algorithm: 0x12 };
export const recordClaim: Omit<RecordClaim, "at"> = {
  ...{ kind: "record", owner: OWNER, responsible: ZeroAddress },
  record: RECORD,
};
const fullClaim: Omit<RecordClaim, "at"> = {
  ...recordClaim,
  record: { ...RECORD, digest: id("a record in a full block"), kind: 8 },
};

const BATCH: readonly ClaimedRecord[] = Array.from({ length: 5 }, (_, index) => ({
  ...plain,
  algorithm: 0x12,
  digest: index === 3 ? RECORD.digest : id(`record ${index} of the batch`),
}));
export const batch = new RecordBatch([...BATCH]);
const batchClaim: Omit<BatchRecordClaim, "at"> & { root: string } = {
  ...{ kind: "batch-record", owner: OWNER, responsible: CERTIFIER, record: BATCH[3] as ClaimedRecord },
  ...{ index: 3, count: batch.count, branch: batch.proof(3).branch, root: batch.root },
};

/** Where the network's events stand among the logs of their blocks. */
export const CLAIMS = {
  record: { ...recordClaim, at: { block: RECORD_BLOCK, logIndex: 2 } },
  batch: { ...batchClaim, at: { block: BATCH_BLOCK, logIndex: 0 } },
  full: { ...fullClaim, at: { block: FULL_BLOCK, logIndex: 77 } },
} as const satisfies Record<string, ClaimRequest>;

const noise = (name: string): TestLog => ({
  address: "0x00000000000000000000000000000000000000aa",
  topics: [id("Noise(bytes32)"), id(name)],
  data: "0x",
});
const logOf = (expected: { address: string; topics: readonly string[]; data?: string }): TestLog => ({
  address: expected.address,
  topics: [...expected.topics],
  data: expected.data ?? "0x",
});
export const recordedBy = (claim: Omit<RecordClaim, "at">, address: string = CONTRACTS.Records): TestLog =>
  logOf(recordedLog({ ...claim, at: { block: 0, transaction: 0, log: 0 } }, address));

const names = Object.keys(CONTRACTS) as ContractName[];
/** The event by which Directory lists a contract. */
export const listingOf = (name: string, address: string): TestLog => ({
  address: DIRECTORY,
  topics: [CONTRACT_REGISTERED, nameTopic(name), `0x${addressWord(address)}`],
  data: `0x${word(1)}${id(name).slice(2)}`,
});
const listings = names.map((name) => listingOf(name, CONTRACTS[name]));

/** The network up to its newest block. Validators change in blocks 2 and 4; blocks 1 and 5 took further rounds. */
export function evidenceNetwork(): SealedNetwork {
  const network = new SealedNetwork();
  const time = (block: number) => BigInt(network.block(block).timestamp as string);
  const directory = names.map((name) => ({
    address: DIRECTORY,
    slot: directorySlot(name),
    value: BigInt(CONTRACTS[name]) | (1n << 160n) | (BigInt(LISTED_BLOCK) << 192n),
  }));
  network.mine({ round: 1, logs: listings, storage: directory });
  network.mine({ validators: [1, 2, 3, 4, 5].map(validatorKey) });
  network.mine({ transactions: [[noise("first")], [noise("second"), recordedBy(recordClaim)], []] });
  network.mine({ validators: [1, 2, 6, 4, 5].map(validatorKey) });
  network.mine({
    round: 2,
    logs: [
      logOf(
        anchoredLog({ ...batchClaim, at: { block: 0, transaction: 0, log: 0 } }, CONTRACTS.BatchAnchors, batch.root),
      ),
    ],
  });
  const full = Array.from({ length: FULL_TRANSACTIONS }, (_, at) =>
    at === CLAIMS.full.at.logIndex ? [recordedBy(fullClaim)] : [noise(`transaction ${at}`)],
  );
  network.mine({ transactions: full });
  const slot = recordSlot(recordId(OWNER, RECORD.digest, RECORD.subject));
  const stored = (status: bigint) =>
    time(RECORD_BLOCK) | (BigInt(RECORD.kind) << 40n) | (BigInt(RECORD.algorithm) << 72n) | (status << 88n);
  const [rootSlot, restSlot] = anchorSlots(anchorId(OWNER, batch.root));
  const anchors = CONTRACTS.BatchAnchors;
  network.mine({
    storage: [
      { address: CONTRACTS.Records, slot, value: stored(1n) },
      { address: anchors, slot: rootSlot, value: BigInt(batch.root) },
      {
        address: anchors,
        slot: restSlot,
        value: time(BATCH_BLOCK) | (BigInt(batch.count) << 40n) | (BigInt(CERTIFIER) << 72n),
      },
      ...history(CONTRACTS.Certifications, certificationTrace(OWNER, CERTIFIER), [
        [2, certification(3, 1, 1_800_000_000, 1_900_000_000)],
        [3, certification(5, 1, 1_800_000_000, 1_900_000_000)],
        [6, certification(5, 3, 1_800_000_000, 1_900_000_000)],
      ]),
      ...history(CONTRACTS.Partners, partnerTrace(CERTIFIER), [[1, 1n | (7n << 8n)]]),
      ...history(CONTRACTS.Partners, recognitionTrace(RECOGNISER, CERTIFIER), [
        [1, 2n],
        [4, 0n],
      ]),
    ],
  });
  network.mine({ storage: [{ address: CONTRACTS.Records, slot, value: stored(2n) }] });
  network.mineTo(HEAD);
  return network;
}

/** What an index knows of the network. */
export function evidenceRequest(network: SealedNetwork, claim: ClaimRequest): BundleRequest {
  const changes: LogPosition[] = [2, 4].map((block) => ({ block, logIndex: 0 }));
  const contracts = new Map(
    names.map((name, logIndex) => [name, { address: CONTRACTS[name], listed: { block: LISTED_BLOCK, logIndex } }]),
  );
  return { claim, changes: changes.filter(({ block }) => block <= network.head), contracts };
}

/** Slots of a history of checkpoints: [block, value]. */
function history(address: string, trace: string, checkpoints: readonly (readonly [block: number, value: bigint])[]) {
  const start = listStart(trace);
  return [
    { address, slot: trace, value: BigInt(checkpoints.length) },
    ...checkpoints.map(([block, value], index) => ({
      address,
      slot: slotName(start + BigInt(index)),
      value: BigInt(block) | (value << 48n),
    })),
  ];
}

function certification(level: number, status: number, issuedAt: number, expiresAt: number): bigint {
  return BigInt(level) | (BigInt(status) << 8n) | (BigInt(issuedAt) << 24n) | (BigInt(expiresAt) << 64n) | (1n << 104n);
}

function nameTopic(name: string): string {
  return `0x${Buffer.from(name).toString("hex").padEnd(64, "0")}`;
}
