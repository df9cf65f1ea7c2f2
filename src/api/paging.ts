import { BropError } from "../core/errors.ts";
import { bytesToHex, hexToBytes, isHexBytes } from "../core/hex.ts";
import type { KeyKind, KeyValue, Order, PageOf, PageRequest } from "../store/queries/page.ts";
import type { Schema } from "./schema.ts";

const MOST = 200;
const USUAL = 50;

/** `?limit=&cursor=` of every list. */
export const paging: Readonly<Record<string, Schema>> = {
  limit: { type: "integer", minimum: 1, maximum: MOST, default: USUAL, description: `Most items, up to ${MOST}` },
  cursor: { type: "string", maxLength: 1_000, description: "`next` of the page before" },
};

export interface PagingQuery {
  limit: number;
  cursor?: string;
}

/** @throws BropError `request.invalid` for a cursor that is not from this list */
export function pageRequest({ limit, cursor }: PagingQuery, order: Order): PageRequest {
  if (cursor === undefined) return { limit };
  const values = decode(cursor);
  const kinds = Object.values(order.columns);
  const fits = values.length === kinds.length && kinds.every((kind, index) => isOfKind(values[index], kind));
  if (!fits) throw invalidCursor();
  return {
    limit,
    after: values.map((value, index) => (kinds[index] === "bytes" ? hexToBytes(value as string) : value)),
  };
}

/** A page as the routes answer it. */
export function pageAnswer<Row, Item>(
  page: PageOf<Row>,
  show: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  return { items: page.rows.map(show), next: page.next === null ? null : encode(page.next) };
}

function encode(values: readonly KeyValue[]): string {
  const plain = values.map((value) => (value instanceof Uint8Array ? bytesToHex(value) : value));
  return Buffer.from(JSON.stringify(plain)).toString("base64url");
}

function decode(cursor: string): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(values)) return values;
  } catch {
    // Falls through to the same refusal.
  }
  throw invalidCursor();
}

function isOfKind(value: unknown, kind: KeyKind): boolean {
  if (kind === "integer") return Number.isSafeInteger(value);
  // PostgreSQL's text can not hold NUL.
  if (kind === "text") return typeof value === "string" && !value.includes("\0");
  return kind === "bytes" ? isHexBytes(value) : typeof value === "string" && /^\d{1,78}$/.test(value);
}

function invalidCursor(): BropError {
  return new BropError("request.invalid", { field: "cursor", reason: "it is not from this list" });
}
