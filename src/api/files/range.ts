/** Bytes from one position until before another. */
export interface ByteRange {
  from: number;
  to: number;
}

const ONE_RANGE = /^bytes=\s*(\d{0,16})-(\d{0,16})\s*$/i;

/**
 * What a request's `Range` asks for (RFC 9110 §14): one range of bytes. Several at once, other units and what is no range
 * are passed over, as that allows, and the whole file is answered; so is a range of another version by `If-Range`.
 *
 * @param etag of the file as it is
 * @returns undefined: all of it. "none": no byte of the file lies in the range
 */
export function rangeOf(
  { range, "if-range": ifRange }: { range?: string | undefined; "if-range"?: string | undefined },
  size: number,
  etag: string,
): ByteRange | "none" | undefined {
  // A date is no validator here: files have none.
  if (range === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) return undefined;
  const [, first = "", last = ""] = ONE_RANGE.exec(range) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return Number(last) === 0 ? "none" : { from: Math.max(0, size - Number(last)), to: size };
  const from = Number(first);
  if (last !== "" && Number(last) < from) return undefined;
  if (from >= size) return "none";
  return { from, to: last === "" ? size : Math.min(size, Number(last) + 1) };
}

/** Whether a version is among those that a request has already (`If-None-Match`). */
export function isKnownVersion(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
}
