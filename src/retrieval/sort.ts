import { createHash } from "node:crypto";
import { canonicalize } from "../core/canonical-json.ts";
import { BropError } from "../core/errors.ts";
import type { Field } from "./field.ts";
import { columnOf } from "./filter.ts";

/** Order of an answer: by a field, and within the same value by when rows came. */
export interface Sort {
  /** Undefined: only by when rows came. */
  column: number | undefined;
  descending: boolean;
}

/**
 * Reads `field`, `-field` (greatest first), `$added` or `-$added`; without one, the newest row first.
 *
 * @throws BropError `query.field-unknown`
 */
export function parseSort(fields: readonly Field[], sort: string | undefined): Sort {
  if (sort === undefined) return { column: undefined, descending: true };
  const descending = sort.startsWith("-");
  const name = descending ? sort.slice(1) : sort;
  return { column: name === "$added" ? undefined : columnOf(fields, name), descending };
}

/** Where a page ended: the last row's value (null: it has none) and number. */
export interface Place {
  value: string | null;
  id: number;
}

/** What a cursor has to fit: a place of one question in the answer to another means nothing. */
export function fingerprint(schema: number, field: Field | undefined, descending: boolean, where: unknown): string {
  const { name, type } = field ?? { name: "$added", type: "" };
  const text = canonicalize([schema, name, type, descending, where ?? null]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

export function cursorOf(place: Place, question: string): string {
  return Buffer.from(JSON.stringify([question, place.value, place.id])).toString("base64url");
}

/** @throws BropError `request.invalid` for what is no cursor of this question */
export function parseCursor(cursor: string, question: string, accepts: (value: string) => boolean): Place {
  const [asked, value, id, ...more] = read(cursor);
  const fits =
    asked === question &&
    more.length === 0 &&
    Number.isSafeInteger(id) &&
    (value === null || (typeof value === "string" && accepts(value)));
  if (!fits) throw new BropError("request.invalid", { field: "cursor", reason: "it is not from this question" });
  return { value: value as string | null, id: id as number };
}

function read(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(values)) return values;
  } catch {
    // Falls through to the same refusal.
  }
  return [];
}
