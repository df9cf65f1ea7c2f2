import type { Database } from "../../database.ts";
import type { Visibility } from "./files.ts";

export interface UploadRow {
  id: string;
  folder: string;
  tenant: string;
  account: Uint8Array | null;
  principal: string;
  size: number;
  received: number;
  digest: Uint8Array | null;
  name: string;
  mediaType: string;
  visibility: Visibility;
  retainedUntil: number | null;
  termEnds: number | null;
  /** Milliseconds since 1970. */
  begunAt: number;
  expiresAt: number;
  file: string | null;
}

export type NewUpload = Omit<UploadRow, "received" | "file">;

const COLUMNS = `id, folder, tenant, account, principal, size, received, digest, name, media_type as "mediaType", visibility,
  retained_until as "retainedUntil", term_ends as "termEnds", begun_at as "begunAt", expires_at as "expiresAt", file`;

export async function insertUpload(tx: Database, upload: NewUpload): Promise<void> {
  await tx.query(
    `insert into file_uploads (id, folder, tenant, account, principal, size, digest, name, media_type, visibility,
       retained_until, term_ends, begun_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[upload.id, upload.folder, upload.tenant, upload.account, upload.principal, upload.size, upload.digest],
      ...[upload.name, upload.mediaType, upload.visibility, upload.retainedUntil, upload.termEnds],
      ...[upload.begunAt, upload.expiresAt],
    ],
  );
}

export async function findUpload(db: Database, id: string): Promise<UploadRow | undefined> {
  return (await db.query<UploadRow>(`select ${COLUMNS} from file_uploads where id = $1`, [id]))[0];
}

/** A tenant's uploads, newest first. */
export function listUploads(db: Database, tenant: string, digest?: Uint8Array): Promise<UploadRow[]> {
  return db.query<UploadRow>(
    `select ${COLUMNS} from file_uploads where tenant = $1 and ($2::bytea is null or digest = $2)
     order by begun_at desc, id limit 200`,
    [tenant, digest ?? null],
  );
}

/**
 * Notes that more of an upload is safe on disk.
 * @returns false where somebody else moved it meanwhile, or it is gone
 */
export async function moveUpload(
  db: Database,
  id: string,
  from: number,
  to: number,
  expiresAt: number,
): Promise<boolean> {
  const rows = await db.query(
    "update file_uploads set received = $3, expires_at = $4 where id = $1 and received = $2 returning 1",
    [id, from, to, expiresAt],
  );
  return rows.length > 0;
}

export async function finishUpload(tx: Database, id: string, file: string): Promise<void> {
  await tx.query("update file_uploads set file = $2 where id = $1", [id, file]);
}

/** @returns whether it was there */
export async function deleteUpload(db: Database, id: string): Promise<boolean> {
  return (await db.query("delete from file_uploads where id = $1 returning 1", [id])).length > 0;
}

/** Uploads of a folder that are over, and those of which everything came and nothing was made. */
export async function uploadsToTend(
  db: Database,
  folder: string,
  now: number,
): Promise<{ expired: string[]; unfinished: string[] }> {
  const rows = await db.query<{ id: string; expired: boolean }>(
    `select id, expires_at <= $2 as expired from file_uploads
     where folder = $1 and (expires_at <= $2 or (received = size and file is null)) limit 1000`,
    [folder, now],
  );
  const ids = (expired: boolean) => rows.filter((row) => row.expired === expired).map(({ id }) => id);
  return { expired: ids(true), unfinished: ids(false) };
}

/** Whether bytes of it are still wanted in a folder. */
export async function isOpenUpload(db: Database, folder: string, id: string): Promise<boolean> {
  const rows = await db.query("select 1 from file_uploads where id = $1 and folder = $2 and file is null", [
    id,
    folder,
  ]);
  return rows.length > 0;
}

/** Uploads that are not finished, for metrics. */
export async function countOpenUploads(db: Database): Promise<number> {
  const rows = await db.query<{ count: number }>(
    "select count(*)::int8 as count from file_uploads where file is null",
    [],
  );
  return rows[0]?.count ?? 0;
}
