import { BropError } from "../../../core/errors.ts";
import type { ApiContext } from "../../context.ts";
import { toAddress } from "../../format.ts";
import { accountAddress } from "../../lookup.ts";
import { given, type Schema } from "../../schema.ts";
import type { Input } from "./act-route.ts";

/** Members of requests to the operator. */
export const fields = {
  account: given.account,
  address: given.address,
  hash: given.hash,
  number: given.number,
  ground: given.hash("Digest of the stated ground, which is kept on chain (GO-2)"),
  reason: given.hash("Digest of the document that explains the proposal; by default of the calls themselves"),
  name: (description: string): Schema => ({ type: "string", pattern: "^[\\x21-\\x7e]{1,31}$", description }),
  location: (description: string): Schema => ({ type: "string", minLength: 1, maxLength: 2_000, description }),
  moment: (description: string): Schema => ({
    ...{ type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$" },
    description: `${description}: ISO 8601 in UTC, as 2030-01-31T00:00:00Z`,
  }),
  points: (description: string): Schema => ({
    ...{ type: "integer", minimum: 0, maximum: 2 ** 48 - 1 },
    description,
  }),
} as const;

/** What was given, with the account's address in place of its printed ID. */
export async function accountOf(input: Input, { db }: ApiContext): Promise<Input> {
  return { ...input, account: toAddress(await accountAddress(db, input.account)) };
}

/** Seconds since 1970. @throws BropError `request.invalid` */
export function momentOf(input: Input, field: string): number {
  const milliseconds = Date.parse(input[field]);
  if (Number.isFinite(milliseconds)) return Math.floor(milliseconds / 1_000);
  throw new BropError("request.invalid", { field, reason: "is no time of the calendar", value: input[field] });
}
