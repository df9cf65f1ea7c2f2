import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { type BatchRow, insertBatch, type NewBatchItem } from "../store/queries/uplink/batches.ts";
import type { SubmissionRow } from "../store/queries/uplink/submissions.ts";
import type { Caller } from "./form.ts";
import { newBatchId } from "./identifiers.ts";
import { type Made, made } from "./prepare.ts";
import { type Plan, parseSigned, type Submissions } from "./submissions.ts";

/** Many things that were handed over together: each has its own result. */
export interface StoredBatch {
  batch: BatchRow;
  items: NewBatchItem[];
}

/** What is to be stored of a batch. */
export interface BatchPlan {
  caller: Caller;
  kind: string;
  plans: Plan[];
  /** For each item: the place of the plan that carries it, or why it was refused. */
  items: { content: Record<string, unknown>; plan?: number; problem?: BropError }[];
}

/**
 * Plans many signed operations. Each is judged for itself.
 * @param given in the form of JSON-RPC (ERC-7769), as they came
 */
export async function planOperations(
  submissions: Submissions,
  caller: Caller,
  given: readonly unknown[],
): Promise<BatchPlan> {
  const { chainId, check } = submissions;
  const parsed = given.map((json): Made | BropError => {
    try {
      const one = made(parseSigned(json), chainId);
      if (one.signed) return one;
      return new BropError("request.invalid", { field: "signature", reason: "is missing" });
    } catch (error) {
      return BropError.from(error);
    }
  });
  const head = await check.head();
  const good = parsed.filter((one): one is Made => !(one instanceof BropError));
  const faults = await submissions.faults(caller, good, head);
  const faultOf = new Map(good.map((one, index) => [one, faults[index]]));
  const plans: Plan[] = [];
  const items = parsed.map((one): BatchPlan["items"][number] => {
    if (one instanceof BropError) return { content: {}, problem: one };
    const content = { hash: one.hash };
    const problem = faultOf.get(one);
    if (problem !== undefined) return { content, problem };
    return { content, plan: plans.push({ caller, kind: "operation", content: {}, made: one }) - 1 };
  });
  return { caller, kind: "operations", plans, items };
}

/** Stores a batch, its submissions and what became of each item, in the caller's transaction. */
export async function storeBatch(
  tx: Database,
  submissions: Submissions,
  planned: BatchPlan,
): Promise<{ stored: StoredBatch; rows: SubmissionRow[] }> {
  const { caller, kind, plans, items } = planned;
  const batch: BatchRow = { id: newBatchId(), kind, createdAt: submissions.now() };
  const rows = await submissions.store(
    tx,
    plans.map((plan) => ({ ...plan, batch: batch.id })),
  );
  const results = items.map(({ content, plan, problem }, position): NewBatchItem => {
    const submission = plan === undefined ? null : (rows[plan]?.id ?? null);
    return { position, content, submission, problem: problem?.toProblem() ?? null };
  });
  await insertBatch(tx, { ...batch, tenant: caller.tenant }, results);
  const once = [...new Map(rows.map((row) => [row.id, row])).values()];
  return { stored: { batch, items: results }, rows: once };
}
