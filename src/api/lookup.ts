import { parseAccountId } from "../core/account-id.ts";
import { BropError } from "../core/errors.ts";
import { hexToBytes, isHexBytes } from "../core/hex.ts";
import type { Database } from "../store/database.ts";
import { accountOfNumber } from "../store/queries/accounts.ts";
import { readPosition } from "../store/queries/position.ts";

/**
 * The address that an account is named by: itself, or its printed account ID.
 * @throws BropError `identifier.invalid` for neither; `resource.not-found` for an ID that no account has
 */
export async function accountAddress(db: Database, text: string): Promise<Uint8Array> {
  if (isHexBytes(text, 20)) return hexToBytes(text);
  const address = await accountOfNumber(db, parseAccountId(text));
  if (address === undefined) throw new BropError("resource.not-found", { account: text });
  return address;
}

/** As `accountAddress`, for a filter that may be left out. */
export async function optionalAccount(db: Database, text: string | undefined): Promise<Uint8Array | undefined> {
  return text === undefined ? undefined : accountAddress(db, text);
}

export function optionalBytes(hex: string | undefined): Uint8Array | undefined {
  return hex === undefined ? undefined : hexToBytes(hex);
}

/** @throws BropError `request.invalid` for a block that is not indexed yet: what it will hold nobody knows */
export async function checkBlock(db: Database, at: number | undefined): Promise<number | undefined> {
  if (at === undefined) return undefined;
  const newest = (await readPosition(db))?.block_number ?? -1;
  if (at > newest)
    throw new BropError("request.invalid", { field: "at", reason: "this block is not indexed yet", newest });
  return at;
}

/** @throws BropError `resource.not-found` where there is nothing */
export function found<Value>(value: Value | undefined, what: string, identifier: string | number): Value {
  if (value === undefined) throw new BropError("resource.not-found", { [what]: identifier });
  return value;
}
