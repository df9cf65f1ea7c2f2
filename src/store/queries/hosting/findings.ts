import type { Database } from "../../database.ts";
import type { ContentFault } from "./contents.ts";

export interface FindingRow {
  id: number;
  digest: Uint8Array;
  fault: ContentFault;
  position: number | null;
  foundBy: string;
  /** Milliseconds since 1970. */
  foundAt: number;
  mendedAt: number | null;
}

/**
 * Writes down what is wrong with a content; while an older finding is not mended, that one stays.
 * @returns whether it is new
 */
export async function insertFinding(
  tx: Database,
  { digest, fault, position, foundBy, foundAt }: Omit<FindingRow, "id" | "mendedAt">,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into file_findings (digest, fault, position, found_by, found_at) values ($1, $2, $3, $4, $5)
     on conflict (digest) where mended_at is null do nothing returning 1`,
    [digest, fault, position, foundBy, foundAt],
  );
  return rows.length > 0;
}

/** The content is right again. */
export async function mendFindings(tx: Database, digest: Uint8Array, now: number): Promise<void> {
  await tx.query("update file_findings set mended_at = $2 where digest = $1 and mended_at is null", [digest, now]);
}

/** Newest first. */
export function listFindings(db: Database, open: boolean): Promise<FindingRow[]> {
  return db.query<FindingRow>(
    `select id, digest, fault, position, found_by as "foundBy", found_at as "foundAt", mended_at as "mendedAt"
     from file_findings ${open ? "where mended_at is null" : ""} order by id desc limit 200`,
    [],
  );
}
