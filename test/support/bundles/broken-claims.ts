import { id, ZeroHash } from "ethers";
import type { BatchRecordClaim, Bundle, EventClaim, RecordClaim } from "../../../src/core/bundle/bundle.ts";
import type { BundleReason } from "../../../src/core/bundle/reasons.ts";
import type { SealedNetwork } from "../sealed-network.ts";
import { type Draft, edited } from "./edit-bundle.ts";
import { CERTIFIER, CLAIMS, RECORD_BLOCK, recordClaim, recordedBy } from "./evidence-network.ts";
import { builderOf } from "./valid-vectors.ts";
import type { BundleVector } from "./vector.ts";

/** What is changed of a claim, and the reason that it gives. */
export type Case<Claim> = [
  reason: BundleReason,
  name: string,
  what: string,
  change: (claim: Claim, draft: Draft) => unknown,
];

/** Where somebody put a contract of his own. */
export const ATTACKER = "0x00000000000000000000000000000000000bad00";

/** True blocks, of which a bundle claims what they do not say. */
export async function brokenClaims(network: SealedNetwork): Promise<BundleVector[]> {
  const build = builderOf(network);
  const record = await build(CLAIMS.record);
  const batch = await build(CLAIMS.batch);
  const log = recordedBy(recordClaim);
  const event = await build({ kind: "event", ...log, at: { block: RECORD_BLOCK, logIndex: 2 } });
  const block = await build({ kind: "block", block: 5, hash: network.block(5).hash });
  const ofRecord: Case<Draft["claim"] & RecordClaim>[] = [
    [
      "event.absent",
      "log-out-of-range",
      "A log that the receipt does not have",
      (claim) => Object.assign(claim.at, { log: 2 }),
    ],
    [
      "event.absent",
      "other-transaction",
      "A transaction that the bundle does not show",
      (claim) => Object.assign(claim.at, { transaction: 0 }),
    ],
    [
      "event.absent",
      "other-block",
      "Another block, which does not have the receipt",
      (claim) => Object.assign(claim.at, { block: 2, transaction: 5 }),
    ],
    ["event.address", "other-log", "Another log of the same receipt", (claim) => Object.assign(claim.at, { log: 0 })],
    ["event.differs", "digest", "Another digest", (claim) => Object.assign(claim.record, { digest: id("other data") })],
    ["event.differs", "owner", "Another owner", (claim) => Object.assign(claim, { owner: CERTIFIER })],
    [
      "event.differs",
      "responsible",
      "Another responsible partner",
      (claim) => Object.assign(claim, { responsible: CERTIFIER }),
    ],
    ["event.differs", "algorithm", "Another algorithm", (claim) => Object.assign(claim.record, { algorithm: 0x16 })],
    ["event.differs", "kind", "Another kind", (claim) => Object.assign(claim.record, { kind: 8 })],
    [
      "event.differs",
      "subject",
      "A subject that it has not",
      (claim) => Object.assign(claim.record, { subject: id("subject") }),
    ],
    [
      "event.differs",
      "business-key",
      "Another business key",
      (claim) => Object.assign(claim.record, { businessKey: ZeroHash }),
    ],
    [
      "event.differs",
      "refers-to",
      "A reference that it has not",
      (claim) => Object.assign(claim.record, { refersTo: id("other") }),
    ],
    [
      "contract.missing",
      "no-contract",
      "It is not shown which contract Records is",
      (_, draft) => {
        draft.contracts = [];
        draft.blocks.shift();
      },
    ],
    [
      "contract.listing",
      "contract-address",
      "Records is said to be at another address",
      (_, draft) => Object.assign(draft.contracts[0] as object, { address: ATTACKER }),
    ],
    [
      "contract.twice",
      "contract-twice",
      "Records is named twice",
      (_, draft) => draft.contracts.push(structuredClone(draft.contracts[0]) as never),
    ],
  ];
  const ofBatch: Case<Draft["claim"] & BatchRecordClaim>[] = [
    [
      "batch.index",
      "index-out-of-range",
      "A place that the batch does not have",
      (claim) => Object.assign(claim, { index: 5 }),
    ],
    ["batch.root", "index-of-another", "The place of another record", (claim) => Object.assign(claim, { index: 2 })],
    [
      "batch.root",
      "branch-node",
      "Another node in the branch",
      (claim) => Object.assign(claim.branch, { 4: id("node") }),
    ],
    [
      "batch.root",
      "branch-order",
      "Nodes of the branch in another order",
      (claim) => Object.assign(claim.branch, { 0: claim.branch[1], 1: claim.branch[0] }),
    ],
    [
      "batch.length",
      "branch-length",
      "A branch that ends with another length",
      (claim) => Object.assign(claim.branch, { 20: `0x06${"00".repeat(31)}` }),
    ],
    [
      "batch.root",
      "other-record",
      "A record that is not in the batch",
      (claim) => Object.assign(claim.record, { kind: 8 }),
    ],
    [
      "batch.record",
      "zero-digest",
      "A record without a digest, which no batch has",
      (claim) => Object.assign(claim.record, { digest: ZeroHash }),
    ],
    [
      "batch.record",
      "unknown-algorithm",
      "A record whose algorithm no record has",
      (claim) => Object.assign(claim.record, { algorithm: 1 }),
    ],
    [
      "event.differs",
      "count",
      "Another number of records than was anchored",
      (claim) => Object.assign(claim, { count: 6 }),
    ],
  ];
  const ofEvent: Case<Draft["claim"] & EventClaim>[] = [
    [
      "event.address",
      "event-address",
      "A log of another contract",
      (claim) => Object.assign(claim, { address: ATTACKER }),
    ],
    ["event.differs", "event-data", "A log with other data", (claim) => Object.assign(claim, { data: "0x" })],
    [
      "event.kind",
      "event-kind",
      "A log of another event",
      (claim) => Object.assign(claim.topics, { 0: id("Other()") }),
    ],
    [
      "content.claim",
      "content-of-event",
      "Data beside a claim that names no digest",
      (_, draft) => Object.assign(draft, { content: "QQ==" }),
    ],
    [
      "status.claim",
      "status-of-event",
      "The standing of what is no record",
      (_, draft) => Object.assign(draft, { status: { block: RECORD_BLOCK } }),
    ],
  ];
  const vectors = <Claim>(bundle: Bundle, cases: readonly Case<Claim>[]) =>
    cases.map(
      ([reason, name, what, change]): BundleVector => ({
        ...{ name: `claims-${name}`, what, trust: "genesis", state: "failed", reason },
        content: edited(bundle, (draft) => change(draft.claim as Claim, draft)),
      }),
    );
  return [
    ...vectors(record, ofRecord),
    ...vectors(batch, ofBatch),
    ...vectors(event, ofEvent),
    {
      ...{ name: "claims-block-hash", what: "Another hash than the block has", trust: "genesis", state: "failed" },
      ...{
        reason: "block.differs",
        content: edited(block, ({ claim }) => Object.assign(claim, { hash: id("block") })),
      },
    },
    {
      ...{
        name: "claims-file-differs",
        what: "A file of which one bit was changed",
        trust: "genesis",
        state: "failed",
      },
      ...{ reason: "content.differs", content: record, digest: id("the file with another bit") },
    },
    {
      ...{ name: "claims-content-differs", what: "Other data in the bundle", trust: "genesis", state: "failed" },
      ...{ reason: "content.differs", content: { ...record, content: "b3RoZXI=" } },
    },
  ];
}
