import type { Field, FieldType } from "../../../src/retrieval/field.ts";

/** A document as the oracle keeps it: the values of its fields, and when it came. */
export interface OracleRow {
  digest: string;
  order: number;
  values: Readonly<Record<string, unknown>>;
}

/** A document's values compared as the page on retrieval says; null is no value. */
export function compareValues(type: FieldType, a: unknown, b: unknown): number {
  if (type === "text") return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  if (type === "decimal") return compareDecimals(a as string, b as string);
  if (type === "time") return Number(microseconds(a as string) - microseconds(b as string));
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** Exact: both are scaled to the same whole numbers. */
function compareDecimals(a: string, b: string): number {
  const [x, y] = [scaled(a), scaled(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const PLACES = 40;
export function scaled(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const magnitude = BigInt(whole + fraction.padEnd(PLACES, "0"));
  return text.startsWith("-") ? -magnitude : magnitude;
}

function microseconds(text: string): bigint {
  const fraction = (/\.(\d+)/.exec(text)?.[1] ?? "").slice(0, 6).padEnd(6, "0");
  return BigInt(Date.parse(text.replace(/\.\d+/, ""))) * 1_000n + BigInt(fraction);
}

type Where = Record<string, unknown>;

/** Rows for which all of `where` holds. */
export function select(fields: readonly Field[], rows: readonly OracleRow[], where: Where): OracleRow[] {
  return rows.filter((row) =>
    Object.entries(where).every(([name, asked]) => {
      const { type } = fields.find((field) => field.name === name) as Field;
      const value = row.values[name] ?? null;
      if (asked === null) return value === null;
      if (typeof asked !== "object") return value !== null && compareValues(type, value, asked) === 0;
      return Object.entries(asked).every(([operator, operand]) => holds(type, value, operator, operand));
    }),
  );
}

function holds(type: FieldType, value: unknown, operator: string, operand: unknown): boolean {
  if (operator === "null") return (value === null) === operand;
  if (value === null) return false;
  const order = (other: unknown) => compareValues(type, value, other);
  switch (operator) {
    case "eq":
      return order(operand) === 0;
    case "in":
      return (operand as unknown[]).some((item) => order(item) === 0);
    case "lt":
      return order(operand) < 0;
    case "lte":
      return order(operand) <= 0;
    case "gt":
      return order(operand) > 0;
    case "gte":
      return order(operand) >= 0;
    case "prefix":
      return (value as string).startsWith(operand as string);
    case "search":
      return fold(value as string).includes(fold(operand as string));
    default:
      throw new Error(`the oracle does not know ${operator}`);
  }
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase();

/** Rows in order: by the field, rows without it last, then by when they came; turned round as a whole when descending. */
export function sort(fields: readonly Field[], rows: readonly OracleRow[], by: string | undefined): OracleRow[] {
  const descending = by === undefined || by.startsWith("-");
  const name = by?.replace(/^-/, "");
  const field = fields.find((candidate) => candidate.name === name);
  const ascending = [...rows].sort((a, b) => {
    const [x, y] = field === undefined ? [null, null] : [a.values[field.name] ?? null, b.values[field.name] ?? null];
    if (x === null && y !== null) return 1;
    if (x !== null && y === null) return -1;
    const order = x === null || field === undefined ? 0 : compareValues(field.type, x, y);
    return order === 0 ? a.order - b.order : order;
  });
  return descending ? ascending.reverse() : ascending;
}
