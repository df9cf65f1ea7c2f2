import { createHash } from "node:crypto";
import type { Database } from "../store/database.ts";
import type { ContentRow } from "../store/queries/hosting/contents.ts";
import type { ContentStore } from "./content-store.ts";
import { ContentDamaged, readVerified } from "./verified-read.ts";

/**
 * Reads all of a content and compares it with its digest, and each piece with its own.
 *
 * @param onBytes called with the bytes of each piece; what it waits for slows the reading down
 * @returns what is wrong, and where; undefined where nothing is
 */
export async function checkContent(
  db: Database,
  store: ContentStore,
  { digest, size }: Pick<ContentRow, "digest" | "size">,
  onBytes: (bytes: number) => Promise<void> | void = () => undefined,
): Promise<ContentDamaged | undefined> {
  const whole = createHash("sha256");
  try {
    const there = await store.sizeOf(Buffer.from(digest).toString("hex"));
    if (there === undefined) return new ContentDamaged("missing", 0);
    if (there !== size) return new ContentDamaged("size", Math.min(there, size));
    for await (const bytes of readVerified(db, store, { digest, size, from: 0, to: size })) {
      whole.update(bytes);
      await onBytes(bytes.length);
    }
  } catch (error) {
    if (error instanceof ContentDamaged) return error;
    throw error;
  }
  // Every piece is as it is written down, and the whole is not: what is written down was changed.
  return whole.digest().equals(digest) ? undefined : new ContentDamaged("record", 0);
}
