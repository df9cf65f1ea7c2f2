import { RECORD_BYTES, writeRecord } from "../../../core/batch/serialised-records.ts";
import { BropError } from "../../../core/errors.ts";
import { expectedFor } from "../../../uplink/batch/standing.ts";
import type { Caller, Terms } from "../../../uplink/form.ts";
import { makeRecord, type RecordRequest } from "../../../uplink/forms/record.ts";
import type { Work } from "../../../uplink/idempotency.ts";
import type { ApiContext } from "../../context.ts";
import { showBatchRecord } from "../../shapes/batch.ts";
import { batchesOf } from "./take-records.ts";

/**
 * Takes a single record in mode `batch`: a portion of its own.
 * @throws BropError `request.invalid` for members that make no sense there, and as `BatchIntake.check`
 */
export async function takeOne(
  context: ApiContext,
  caller: Caller,
  account: string,
  { deadlineBlocks, nonce, gas = {}, signature }: Omit<Terms, "account">,
  request: RecordRequest,
): Promise<Work> {
  const { intake, interval } = batchesOf(context);
  const ofOperation = { deadlineBlocks, nonce, signature, ...gas, schema: request.schema };
  const [field] = Object.entries(ofOperation).find(([, value]) => value !== undefined) ?? [];
  if (field !== undefined) throw new BropError("request.invalid", { field, reason: "is not for mode `batch`" });
  const owner = account.toLowerCase();
  const record = new Uint8Array(RECORD_BYTES);
  writeRecord(record, 0, makeRecord(account, request).input);
  await intake.check(caller, owner, 1);
  return async (tx) => {
    const { id, block, createdAt } = await intake.take(tx, caller, owner, record);
    const portion = {
      ...{ number: 0, id, tenant: caller.tenant, account: owner, createdAt, createdBlock: block },
      ...{ recordCount: 1, batch: null, firstLeaf: null },
    };
    const where = { state: "taken", batch: undefined, expectedBlock: expectedFor(block, interval) } as const;
    const shown = showBatchRecord({ portion, position: 0, record }, where, undefined);
    return { status: 201, text: JSON.stringify(shown), subject: shown.id };
  };
}
