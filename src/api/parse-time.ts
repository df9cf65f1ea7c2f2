import { BropError } from "../core/errors.ts";

const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Milliseconds since 1970 of a date or time (ISO 8601).
 *
 * @param field name of the field, for the refusal
 * @throws BropError `request.invalid`
 */
export function parseTime(field: string, text: string): number {
  const milliseconds = ISO_8601.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(milliseconds)) return milliseconds;
  const reason = "must be a date, or a time with Z or an offset (ISO 8601)";
  throw new BropError("request.invalid", { field, reason });
}
