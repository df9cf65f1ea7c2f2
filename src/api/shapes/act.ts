import { ACT_KINDS } from "../../operator/acts/index.ts";
import { ACT_STATES, type ActRow } from "../../store/queries/operator/acts.ts";
import type { TransactionRow } from "../../store/queries/operator/transactions.ts";
import { orNull, toAddress, toHex } from "../format.ts";
import {
  address,
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

export const ACT_NAMES = [...ACT_KINDS.keys()];

/** Members follow from the act or the error. */
const anything: Schema = { type: "object", additionalProperties: true };

export const actSchema = objectOf({
  id: whole,
  act: oneOf(ACT_NAMES),
  input: described(anything, "What was asked for"),
  state: described(
    oneOf(ACT_STATES),
    "received: nothing is signed yet; sent: a transaction may have reached the chain; done, failed (a transaction was " +
      "included without success) and refused are final",
  ),
  requestedBy: described(text, "Identifier of the API key, or `account:0x…`"),
  requestId: described(text, "The request in the audit log"),
  requestedAt: described(time, "ISO 8601 (UTC)"),
  confirmation: nullable(
    described(
      objectOf({ by: nullable(text), at: nullable(time) }),
      "The second person, where the two-person rule holds; `by` is null while it is waited for",
    ),
  ),
  planned: nullable(described(whole, "Transactions that it takes, as far as that is known")),
  transactions: listOf(
    objectOf({
      what: text,
      sender: address,
      nonce: whole,
      hash,
      state: oneOf(["signed", "included", "displaced"]),
      success: nullable(flag),
      block: nullable(whole),
    }),
  ),
  result: nullable(described(anything, "What came of it, once it is done")),
  error: nullable(described(anything, "Problem details (RFC 9457), when it failed or was refused")),
  waiting: nullable(described(anything, "Why it does not go on, as problem details: it is tried again by itself")),
  endedAt: nullable(time),
});

export function showAct(row: ActRow, transactions: readonly TransactionRow[]) {
  const moment = (milliseconds: number) => new Date(milliseconds).toISOString();
  const { id, act, input, state, planned, result, error, trouble } = row;
  return {
    ...{ id, act, input, state },
    ...{ requestedBy: row.requested_by, requestId: row.request_id, requestedAt: moment(row.requested_at) },
    confirmation: row.needs_confirmation ? { by: row.confirmed_by, at: orNull(row.confirmed_at, moment) } : null,
    planned,
    transactions: transactions.map(({ what, sender, nonce, hash, state, success, block_number }) => ({
      ...{ what, sender: toAddress(sender), nonce, hash: toHex(hash), state, success, block: block_number },
    })),
    ...{ result, error, waiting: trouble, endedAt: orNull(row.ended_at, moment) },
  };
}
