/** A name as SQL takes it whatever is in it. PostgreSQL cuts names of more than 63 bytes, which would make two one. */
export function quoted(name: string): string {
  if (name === "" || name.includes("\0") || Buffer.byteLength(name) > 63)
    throw new Error("this can not be a name in SQL");
  return `"${name.replaceAll('"', '""')}"`;
}
