import { BropError } from "../core/errors.ts";
import { isHexBytes } from "../core/hex.ts";
import type { Field } from "./field.ts";
import { operand } from "./field-values.ts";
import { grams, searchable } from "./grams.ts";
import { LIMITS } from "./limits.ts";

export type Comparison = "<" | "<=" | ">" | ">=";

/** A checked condition; values are text that `fromText` reads. */
export type Condition =
  | { kind: "equal"; column: number; value: string }
  | { kind: "in"; column: number; values: string[] }
  | { kind: "compare"; column: number; comparison: Comparison; value: string }
  | { kind: "null"; column: number; is: boolean }
  | { kind: "search"; column: number; text: string; grams: string[] }
  | { kind: "owner"; address: string }
  | { kind: "recorded"; is: boolean };

const COMPARISONS: Readonly<Record<string, Comparison>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };
const OPERATORS = ["eq", "in", "lt", "lte", "gt", "gte", "prefix", "search", "null"];

/**
 * Reads `{ field: value, field: { operator: value } }`; all of it has to hold. Beside the fields there are `$owner`, an
 * address, and `$state`, `recorded` or `unrecorded`.
 *
 * @throws BropError `query.field-unknown` with the fields that there are; `request.invalid` for all else
 */
export function parseFilter(fields: readonly Field[], where: unknown): Condition[] {
  if (where === undefined) return [];
  if (!isObject(where)) throw invalid("where", "must be an object of fields");
  const conditions = Object.entries(where).flatMap(([name, asked]) => {
    if (name === "$owner") return [ownerCondition(asked)];
    if (name === "$state") return [stateCondition(asked)];
    const column = columnOf(fields, name);
    return conditionsOf(fields[column] as Field, column, asked);
  });
  if (conditions.length > LIMITS.conditions) throw invalid("where", "has too many conditions", LIMITS.conditions);
  return conditions;
}

/** The place of a field. @throws BropError `query.field-unknown` */
export function columnOf(fields: readonly Field[], name: unknown): number {
  const column = fields.findIndex((field) => field.name === name);
  if (column === -1)
    throw new BropError("query.field-unknown", { field: name, fields: fields.map((field) => field.name) });
  return column;
}

function conditionsOf(field: Field, column: number, asked: unknown): Condition[] {
  if (asked === null) return [{ kind: "null", column, is: true }];
  if (!isObject(asked)) return [{ kind: "equal", column, value: operand(field, asked) }];
  const operators = Object.entries(asked);
  if (operators.length === 0) throw invalid(field.name, "has no operator");
  return operators.flatMap(([operator, value]) => conditionOf(field, column, operator, value));
}

function conditionOf(field: Field, column: number, operator: string, value: unknown): Condition[] {
  const comparison = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (comparison !== undefined) {
    if (field.type === "boolean") throw invalid(field.name, "true and false have no order");
    return [{ kind: "compare", column, comparison, value: operand(field, value) }];
  }
  switch (operator) {
    case "eq":
      return conditionsOf(field, column, isObject(value) ? undefined : value);
    case "in":
      if (!Array.isArray(value)) throw invalid(field.name, "in wants a list of values");
      if (value.length > LIMITS.set) throw invalid(field.name, "in has too many values", LIMITS.set);
      return [{ kind: "in", column, values: value.map((item) => operand(field, item)) }];
    case "null":
      if (typeof value !== "boolean") throw invalid(field.name, "null wants true or false");
      return [{ kind: "null", column, is: value }];
    case "prefix":
      return prefixConditions(field, column, value);
    case "search":
      return [searchCondition(field, column, value)];
    default:
      throw new BropError("request.invalid", { field: field.name, operator, operators: OPERATORS });
  }
}

/** What begins with a text lies, by code points, between the text and the next text of its length. */
function prefixConditions(field: Field, column: number, value: unknown): Condition[] {
  if (field.type !== "text") throw invalid(field.name, "only text has a prefix");
  const from = operand(field, value);
  if (from === "") return [{ kind: "null", column, is: false }];
  const until = successor(from);
  const begin: Condition = { kind: "compare", column, comparison: ">=", value: from };
  return until === undefined ? [begin] : [begin, { kind: "compare", column, comparison: "<", value: until }];
}

const LAST_CHARACTER = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

/** The least text that is greater than every text with this prefix; undefined when there is none. */
export function successor(prefix: string): string | undefined {
  const characters = [...prefix].map((character) => character.codePointAt(0) as number);
  while (characters.at(-1) === LAST_CHARACTER) characters.pop();
  const last = characters.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...characters, last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1);
}

function searchCondition(field: Field, column: number, value: unknown): Condition {
  if (!field.search) throw invalid(field.name, "is not registered for searching");
  const text = searchable(operand(field, value));
  const parts = grams(text);
  if (parts.length === 0) throw invalid(field.name, "search wants three letters, or one character of Chinese");
  return { kind: "search", column, text, grams: parts };
}

function ownerCondition(value: unknown): Condition {
  if (!isHexBytes(value, 20)) throw invalid("$owner", "must be an address");
  return { kind: "owner", address: (value as string).slice(2).toLowerCase() };
}

function stateCondition(value: unknown): Condition {
  if (value !== "recorded" && value !== "unrecorded") throw invalid("$state", "must be recorded or unrecorded");
  return { kind: "recorded", is: value === "recorded" };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(field: string, reason: string, most?: number): BropError {
  return new BropError("request.invalid", { field, reason, ...(most === undefined ? {} : { most }) });
}
