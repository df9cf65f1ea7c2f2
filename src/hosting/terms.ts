import { BropError } from "../core/errors.ts";

/** How long a file is kept. Milliseconds since 1970. */
export interface FileTimes {
  /** Nobody deletes it before. */
  retainedUntil?: number | null | undefined;
  /** Then the platform deletes it. */
  termEnds?: number | null | undefined;
}

/** @throws BropError `request.invalid` for times that lie in the past or contradict each other */
export function checkTimes(
  { retainedUntil = null, termEnds = null }: FileTimes,
  now: number,
): { retainedUntil: number | null; termEnds: number | null } {
  if (retainedUntil !== null && retainedUntil <= now) throw invalid("retainUntil", "lies in the past");
  if (termEnds !== null && termEnds <= now) throw invalid("until", "lies in the past");
  if (termEnds !== null && retainedUntil !== null && termEnds < retainedUntil) {
    throw invalid("until", "lies before the time until which the file has to be kept");
  }
  return { retainedUntil, termEnds };
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}

/** Control characters, what turns the direction of writing, and what separates folders. */
const NOT_IN_NAMES = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/u;
const LONGEST_NAME = 255;

/**
 * A file's name as its owner gives it: one name and no path, nothing that shows as another one. It never becomes a name
 * on the platform's disk.
 *
 * @throws BropError `request.invalid`
 */
export function checkFileName(name: string): string {
  const text = name.trim();
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_NAME) throw invalid("name", `must have at most ${LONGEST_NAME} bytes`);
  if (!text.isWellFormed() || NOT_IN_NAMES.test(text) || text === "." || text === "..") {
    throw invalid("name", "must be one name, without folders and invisible characters");
  }
  return text;
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;

/** What its owner says that a file is; it is told, and never served as such. @throws BropError `request.invalid` */
export function checkMediaType(text: string): string {
  const [type = ""] = text.toLowerCase().split(";");
  if (MEDIA_TYPE.test(type.trim())) return type.trim();
  throw invalid("mediaType", "must be a media type, for example application/pdf");
}
