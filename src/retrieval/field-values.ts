import { BropError } from "../core/errors.ts";
import type { Field, FieldType } from "./field.ts";
import { LIMITS } from "./limits.ts";

/** SQL type of a field's column. Text is compared by code points, on every server alike. */
export const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'text collate "C"',
  integer: "bigint",
  number: "numeric",
  decimal: "numeric",
  boolean: "boolean",
  date: "date",
  time: "timestamptz",
};

/** SQL that turns a text parameter into a value of the column's type. */
export function fromText(type: FieldType, parameter: string): string {
  return type === "text" ? `${parameter}::text` : `${parameter}::text::${SQL_TYPES[type]}`;
}

/** SQL that turns a column's value into text, from which `fromText` gives the same value. */
export function toText(type: FieldType, column: string): string {
  if (type === "date") return `to_char(${column}, 'YYYY-MM-DD')`;
  if (type === "time") return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return type === "text" ? column : `${column}::text`;
}

const DECIMAL = /^-?\d{1,60}(\.\d{1,30})?$/;

/** A value as text for `fromText`, or why it is none of the type. */
export type Converted = { text: string } | { reason: string };

/** The value of a document's member, or of a query, for a field. */
export function convert(field: Pick<Field, "type" | "search">, value: unknown): Converted {
  switch (field.type) {
    case "text":
      if (typeof value !== "string") return { reason: "must be text" };
      if (Buffer.byteLength(value) > LIMITS.textBytes) return { reason: `is longer than ${LIMITS.textBytes} bytes` };
      return { text: value };
    case "integer":
      return Number.isSafeInteger(value) ? { text: String(value) } : { reason: "must be a whole number below 2^53" };
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? { text: String(value) }
        : { reason: "must be a number" };
    case "decimal":
      return typeof value === "string" && DECIMAL.test(value)
        ? { text: value }
        : { reason: "must be text of decimal digits, as 12.50" };
    case "boolean":
      return typeof value === "boolean" ? { text: String(value) } : { reason: "must be true or false" };
    case "date":
      return orReason(typeof value === "string" ? parseDate(value) : undefined, "must be a date, as 2030-01-31");
    case "time":
      return orReason(
        typeof value === "string" ? parseTime(value) : undefined,
        "must be a time with its zone, as 2030-01-31T00:00:00Z",
      );
  }
}

/** As `convert`, for a value that somebody asks with. @throws BropError `request.invalid` naming the field */
export function operand(field: Field, value: unknown): string {
  const converted = convert(field, value);
  if ("text" in converted) {
    if (!converted.text.isWellFormed() || converted.text.includes("\0")) {
      throw new BropError("request.invalid", { field: field.name, reason: "has a NUL character or half a character" });
    }
    return converted.text;
  }
  throw new BropError("request.invalid", { field: field.name, type: field.type, reason: converted.reason });
}

function orReason(text: string | undefined, reason: string): Converted {
  return text === undefined ? { reason } : { text };
}

/** A date of the calendar, years 0001 to 9999; undefined for any other text. */
export function parseDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null || match[1] === "0000") return undefined;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  return dayOf(year, month, day) === undefined ? undefined : text;
}

/**
 * A time of RFC 3339 as UTC in microseconds, `2030-01-31T00:00:00.000000Z`; what is finer is cut off. Undefined for any
 * other text, leap seconds (the databases have none) and years beyond 0001 to 9999.
 */
export function parseTime(text: string): string | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number) as number[];
  const fraction = (match[7] ?? "").slice(1, 7).padEnd(6, "0");
  const start = dayOf(year as number, month as number, day as number);
  if (start === undefined || (hour as number) > 23 || (minute as number) > 59 || (second as number) > 59)
    return undefined;
  const offset = offsetOf(match[8] as string);
  if (offset === undefined) return undefined;
  const milliseconds =
    start + (((hour as number) * 60 + (minute as number) - offset) * 60 + (second as number)) * 1_000;
  const date = new Date(milliseconds);
  if (date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9_999) return undefined;
  return `${date.toISOString().slice(0, 19)}.${fraction}Z`;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** Minutes east of UTC; undefined for what is none. */
export function offsetOf(zone: string): number | undefined {
  if (/^[Zz]$/.test(zone)) return 0;
  const match = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (match === null || Number(match[2]) > 23 || Number(match[3]) > 59) return undefined;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** Milliseconds of a day's beginning; undefined when the calendar does not have it. */
function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month >= 1 ? date.getTime() : undefined;
}
