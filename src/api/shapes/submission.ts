import { getAddress } from "ethers";
import { operationTypedData } from "../../core/operation-typed-data.ts";
import { parseUserOperation } from "../../core/user-operation.ts";
import type { BatchItemRow, BatchRow } from "../../store/queries/uplink/batches.ts";
import { SUBMISSION_STATES, type SubmissionRow } from "../../store/queries/uplink/submissions.ts";
import type { StoredBatch } from "../../uplink/operation-batch.ts";
import { orNull } from "../format.ts";
import {
  address,
  blockNumber,
  described,
  flag,
  hash,
  listOf,
  nullable,
  objectOf,
  oneOf,
  type Schema,
  text,
  time,
  whole,
} from "../schema.ts";

const anything = (description: string): Schema => ({ type: "object", additionalProperties: true, description });
const state = described(
  oneOf(SUBMISSION_STATES),
  "received: waits for its signature; signed: no relay has taken it yet; submitted: a relay has; included, expired and rejected are final",
);
const reason = nullable(
  anything(
    "Why it did nothing (`success` false), was rejected, or was refused by a relay last: `code`, `message`, details",
  ),
);

const members = {
  id: text,
  kind: described(text, "The form in which it was handed over"),
  state,
  account: described(address, "Account that acts"),
  hash: described(hash, "Hash of the operation (ERC-4337 userOpHash): what the account's key signs"),
  nonce: described(text, "Decimal digits"),
  deadline: described(blockNumber, "Last block in which it can be included"),
  batch: nullable(text),
  content: anything("What follows from it, in the words of its kind: a record's identifier and digest, for example"),
  createdAt: time,
  attempts: described(whole, "How often it was offered to relays"),
  relay: nullable(described(text, "Relay that took it last")),
  reason,
  endedAt: nullable(time),
  blockNumber: nullable(described(blockNumber, "Block of its inclusion, or in which another end was certain")),
  transactionHash: nullable(hash),
  success: nullable(described(flag, "Whether its execution succeeded; null: it is not included")),
  gasUsed: nullable(whole),
};

export const submissionSchema = objectOf(members);

export const wholeSubmissionSchema = objectOf({
  ...members,
  operation: anything("The operation in the form of JSON-RPC (ERC-7769)"),
  typedData: nullable(
    anything("While it waits for its signature: EIP-712 typed data for `eth_signTypedData_v4`, whose hash is `hash`"),
  ),
});

export function showSubmission(row: SubmissionRow) {
  const { id, kind, state, hash, deadline, batch, content, attempts, relay, reason } = row;
  const { blockNumber, transactionHash, success, gasUsed } = row;
  return {
    ...{
      id,
      kind,
      state,
      account: getAddress(row.sender),
      hash,
      nonce: row.nonce.toString(),
      deadline,
      batch,
      content,
    },
    ...{ createdAt: toMoment(row.createdAt), attempts, relay, reason, endedAt: orNull(row.endedAt, toMoment) },
    ...{ blockNumber, transactionHash, success, gasUsed },
  };
}

/** With the operation, and what a wallet needs to sign it. */
export function showWholeSubmission(row: SubmissionRow, chainId: number) {
  const { operation } = row;
  const waits = row.state === "received";
  const typedData = waits ? operationTypedData(parseUserOperation(operation), chainId) : null;
  return { ...showSubmission(row), operation, typedData };
}

export const batchItemSchema = objectOf({
  index: described(whole, "Place in the request, from 0"),
  content: anything("What follows from it: a record's identifier and digest, an operation's hash"),
  submission: nullable(described(text, "The submission that carries it; null: it was refused")),
  problem: nullable(anything("Why it was refused, as problem details (RFC 9457)")),
});

export const newBatchSchema = objectOf({
  id: text,
  kind: text,
  createdAt: time,
  accepted: described(whole, "Items that were not refused"),
  refused: whole,
  items: listOf(batchItemSchema, "A result for each item, in the order of the request"),
  submissions: listOf(submissionSchema, "What carries the items; those that are `received` wait for their signatures"),
});

export function showNewBatch({ batch, items }: StoredBatch, rows: readonly SubmissionRow[]) {
  const refused = items.filter(({ problem }) => problem !== null).length;
  return {
    ...{ id: batch.id, kind: batch.kind, createdAt: toMoment(batch.createdAt) },
    ...{ accepted: items.length - refused, refused },
    items: items.map(({ position, content, submission, problem }) => ({
      index: position,
      content,
      submission,
      problem,
    })),
    submissions: rows.map(showSubmission),
  };
}

export const batchSchema = objectOf({
  id: text,
  kind: text,
  createdAt: time,
  items: anything("How many items stand in each state; `refused`: not taken in"),
});

export function showBatch({ id, kind, createdAt }: BatchRow, items: Record<string, number>) {
  return { id, kind, createdAt: toMoment(createdAt), items };
}

export const batchResultSchema = objectOf({
  index: described(whole, "Place in the request, from 0"),
  content: anything("What follows from it"),
  submission: nullable(text),
  state: described(oneOf([...SUBMISSION_STATES, "refused"]), "Of its submission; `refused`: it was not taken in"),
  success: nullable(flag),
  blockNumber: nullable(blockNumber),
  problem: nullable(anything("Why it was refused, or why its submission did nothing")),
});

export function showBatchResult({ position, content, submission, state, success, blockNumber, ...row }: BatchItemRow) {
  return {
    ...{ index: position, content, submission, state: state ?? "refused", success, blockNumber },
    problem: row.problem ?? row.reason,
  };
}

/** ISO 8601 of milliseconds since 1970. */
function toMoment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
