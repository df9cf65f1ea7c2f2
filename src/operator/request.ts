import { createHash } from "node:crypto";
import { canonicalize } from "../core/canonical-json.ts";
import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { hexToBytes } from "../core/hex.ts";
import { bropErrorFrom } from "../sdk/index.ts";
import type { Database } from "../store/database.ts";
import { type ActRow, findAct, findActByKey, insertAct } from "../store/queries/operator/acts.ts";
import type { ActContext, ActKind } from "./act-kind.ts";
import { addressOf, preview } from "./preview.ts";

/** Who asks, and how. */
export interface Requester {
  /** Identifier of the key, or `account:0x…`. */
  id: string;
  role: string;
  account: string | null;
  /** Whose idempotency keys these are. */
  tenant: string;
  requestId: string;
  idempotencyKey: string | undefined;
}

/**
 * Takes an act in. With an idempotency key the same request gives the same act, however often it comes.
 *
 * @param input checked by the route's schema
 * @returns the act, and whether it was known before
 * @throws BropError `idempotency.conflict`; what the contract refuses the act with now: then nothing is stored;
 * `chain.unreachable`
 */
export async function requestAct(
  db: Database,
  at: ActContext,
  kind: ActKind<unknown>,
  input: Record<string, unknown>,
  by: Requester,
  { needsConfirmation, now }: { needsConfirmation: boolean; now: number },
): Promise<{ act: ActRow; isNew: boolean }> {
  const { id, role, account, tenant, requestId, idempotencyKey } = by;
  if (hasNul(input)) throw new BropError("request.invalid", { reason: "a text has the character U+0000" });
  const digest = digestOf(kind.name, input);
  const known = idempotencyKey === undefined ? undefined : await findActByKey(db, tenant, idempotencyKey);
  if (known !== undefined) return { act: same(known, digest, idempotencyKey), isNew: false };
  await tryOut(kind, input, at);
  const act = await insertAct(db, {
    ...{ act: kind.name, input, requestedBy: id, role, tenant, requestId, idempotencyKey, digest, needsConfirmation },
    ...{ account: account === null ? null : hexToBytes(account), requestedAt: now },
  });
  if (act !== undefined) return { act, isNew: true };
  // The same request came twice at once: the other one was first.
  const other = (await findActByKey(db, tenant, idempotencyKey ?? "")) as ActRow;
  return { act: same(other, digest, idempotencyKey), isNew: false };
}

async function tryOut(kind: ActKind<unknown>, input: object, at: ActContext): Promise<void> {
  try {
    const [first] = await kind.steps(input, at, 0);
    if (first === undefined) return;
    addressOf(at, first);
    await preview(at, first);
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

/** PostgreSQL keeps every other character. */
function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some((member) => member.some(hasNul));
}

const POLL_INTERVAL = 250;

/**
 * Waits for the end of an act.
 * @param timeout milliseconds
 * @returns the act as it is then, ended or not
 */
export async function waitForAct(
  db: Database,
  id: number,
  { timeout, clock, signal }: { timeout: number; clock: Clock; signal: AbortSignal },
): Promise<ActRow | undefined> {
  const until = clock.now() + timeout;
  for (;;) {
    const act = await findAct(db, id);
    const left = until - clock.now();
    if (act === undefined || act.ended_at !== null || left <= 0 || signal.aborted) return act;
    await clock.sleep(Math.min(POLL_INTERVAL, left), signal);
  }
}

function same(act: ActRow, digest: Uint8Array, key: string | undefined): ActRow {
  if (Buffer.compare(act.request_digest, digest) === 0) return act;
  throw new BropError("idempotency.conflict", { key, since: new Date(act.requested_at) });
}

function digestOf(act: string, input: Record<string, unknown>): Uint8Array {
  return new Uint8Array(createHash("sha256").update(canonicalize({ act, input })).digest());
}
