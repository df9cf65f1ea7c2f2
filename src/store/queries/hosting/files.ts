import type { Database } from "../../database.ts";
import { Conditions } from "../conditions.ts";
import { type Order, type PageOf, type PageRequest, readPage } from "../page.ts";

export type Visibility = "private" | "public";

export interface FileRow {
  id: string;
  tenant: string;
  account: Uint8Array | null;
  digest: Uint8Array;
  size: number;
  name: string;
  mediaType: string;
  visibility: Visibility;
  /** Milliseconds since 1970, as the others. */
  keptFrom: number;
  /** Identifier of the key that brought it. */
  keptBy: string;
  retainedUntil: number | null;
  termEnds: number | null;
  deletedAt: number | null;
  deletedBy: string | null;
  deletionReason: string | null;
}

export type NewFile = Omit<FileRow, "deletedAt" | "deletedBy" | "deletionReason">;

/** What an owner may change. */
export type FileChanges = Partial<Pick<FileRow, "name" | "visibility" | "retainedUntil" | "termEnds">>;

const COLUMNS = `files.id, files.tenant, files.account, files.digest, files.size, files.name, files.media_type as "mediaType",
  files.visibility, files.kept_from as "keptFrom", files.kept_by as "keptBy", files.retained_until as "retainedUntil",
  files.term_ends as "termEnds", files.deleted_at as "deletedAt", files.deleted_by as "deletedBy",
  files.deletion_reason as "deletionReason"`;

/** Newest first. */
export const FILE_ORDER: Order = {
  columns: { "files.kept_from": "integer", "files.id": "text" },
  direction: "desc",
};

export async function insertFile(tx: Database, file: NewFile): Promise<void> {
  await tx.query(
    `insert into files (id, tenant, account, digest, size, name, media_type, visibility, kept_from, kept_by,
       retained_until, term_ends) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[file.id, file.tenant, file.account, file.digest, file.size, file.name, file.mediaType, file.visibility],
      ...[file.keptFrom, file.keptBy, file.retainedUntil, file.termEnds],
    ],
  );
}

export async function findFile(db: Database, id: string): Promise<FileRow | undefined> {
  return (await db.query<FileRow>(`select ${COLUMNS} from files where id = $1`, [id]))[0];
}

/** As `findFile`; until the end of the transaction nobody else changes it. */
export async function lockFile(tx: Database, id: string): Promise<FileRow | undefined> {
  return (await tx.query<FileRow>(`select ${COLUMNS} from files where id = $1 for update`, [id]))[0];
}

/** The tenant's file of a content, if it is kept. */
export async function findKeptFile(db: Database, tenant: string, digest: Uint8Array): Promise<FileRow | undefined> {
  const rows = await db.query<FileRow>(
    `select ${COLUMNS} from files where tenant = $1 and digest = $2 and deleted_at is null`,
    [tenant, digest],
  );
  return rows[0];
}

/** A kept file of a content that somebody may read: their own, else a public one. */
export async function findReadableFile(
  db: Database,
  tenant: string | undefined,
  digest: Uint8Array,
): Promise<FileRow | undefined> {
  const rows = await db.query<FileRow>(
    `select ${COLUMNS} from files
     where digest = $2 and deleted_at is null and (tenant = $1 or visibility = 'public')
     order by tenant is distinct from $1, kept_from, id limit 1`,
    [tenant ?? null, digest],
  );
  return rows[0];
}

export function listFiles(
  db: Database,
  { tenant, digest, deleted }: { tenant: string; digest?: Uint8Array | undefined; deleted?: boolean | undefined },
  page: PageRequest,
): Promise<PageOf<FileRow>> {
  const conditions = new Conditions().equal("files.tenant", tenant).equal("files.digest", digest);
  if (deleted !== undefined) conditions.add(`files.deleted_at is ${deleted ? "not null" : "null"}`);
  return readPage<FileRow>(db, { select: COLUMNS, from: "files", conditions, order: FILE_ORDER, page });
}

/** Whether any file has this content. */
export async function isUsed(tx: Database, digest: Uint8Array): Promise<boolean> {
  const rows = await tx.query("select 1 from files where digest = $1 and deleted_at is null limit 1", [digest]);
  return rows.length > 0;
}

export async function changeFile(tx: Database, id: string, changes: FileChanges): Promise<void> {
  const columns: Readonly<Record<string, string>> = {
    name: "name",
    visibility: "visibility",
    retainedUntil: "retained_until",
    termEnds: "term_ends",
  };
  const names = Object.keys(changes);
  if (names.length === 0) return;
  const sets = names.map((name, index) => `${columns[name]} = $${index + 2}`);
  await tx.query(`update files set ${sets.join(", ")} where id = $1`, [id, ...Object.values(changes)]);
}

/** Ends a file; its row stays. */
export async function endFile(tx: Database, id: string, by: string, reason: string | null, now: number): Promise<void> {
  await tx.query("update files set deleted_at = $4, deleted_by = $2, deletion_reason = $3 where id = $1", [
    ...[id, by, reason, now],
  ]);
}

/** Files whose term is over. */
export async function endedTerms(db: Database, now: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    "select id from files where deleted_at is null and term_ends <= $1 order by term_ends limit 1000",
    [now],
  );
  return rows.map(({ id }) => id);
}

/** Accounts of those whose kept files have a content, for whoever has to be told. */
export async function filesOfContent(db: Database, digest: Uint8Array): Promise<FileRow[]> {
  return db.query<FileRow>(`select ${COLUMNS} from files where digest = $1 and deleted_at is null order by id`, [
    digest,
  ]);
}
