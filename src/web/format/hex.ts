/** A long hexadecimal text cut in the middle, for tables: "0x1234ab…cdef98". Short texts stay whole. */
export function shorten(hex: string, digits = 6): string {
  return hex.length <= 2 * digits + 5 ? hex : `${hex.slice(0, digits + 2)}…${hex.slice(-digits)}`;
}

/**
 * A digest as people paste it (64 digits, with or without `0x`, in any case, with spaces between) in the form that the
 * query interface takes; undefined for anything else.
 */
export function parseDigest(text: string): string | undefined {
  const digits = text.replace(/[\s:]/g, "").replace(/^0x/i, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? `0x${digits}` : undefined;
}
