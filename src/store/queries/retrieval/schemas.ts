import type { Database } from "../../database.ts";

export interface SchemaRow {
  id: number;
  tenant: string;
  name: string;
  digest: Uint8Array;
  /** Canonical JSON of the JSON Schema. */
  document: string;
  createdAt: number;
  /** When this version was registered. */
  registeredAt: number;
}

const COLUMNS = `s.id, s.tenant, s.name, s.digest, s.created_at as "createdAt", v.document, v.registered_at as "registeredAt"`;
const FROM = "data_schemas s join data_schema_versions v on v.schema = s.id and v.digest = s.digest";

export async function findSchema(db: Database, tenant: string, name: string): Promise<SchemaRow | undefined> {
  const text = `select ${COLUMNS} from ${FROM} where s.tenant = $1 and s.name = $2`;
  return (await db.query<SchemaRow>(text, [tenant, name]))[0];
}

/** A tenant's schemas, by name. */
export function listSchemas(db: Database, tenant: string): Promise<SchemaRow[]> {
  return db.query(`select ${COLUMNS} from ${FROM} where s.tenant = $1 order by s.name`, [tenant]);
}

/** Holds a schema until the transaction ends: `update` to change it, `share` to write rows of it. */
export async function lockSchema(tx: Database, id: number, strength: "update" | "share"): Promise<boolean> {
  const rows = await tx.query(`select id from data_schemas where id = $1 for ${strength}`, [id]);
  return rows.length > 0;
}

/** @returns its number; undefined when the tenant has one of this name already */
export async function insertSchema(
  tx: Database,
  { tenant, name, digest, createdAt }: Pick<SchemaRow, "tenant" | "name" | "digest" | "createdAt">,
): Promise<number | undefined> {
  const rows = await tx.query<{ id: number }>(
    `insert into data_schemas (tenant, name, digest, created_at) values ($1, $2, $3, $4)
     on conflict (tenant, name) do nothing returning id`,
    [tenant, name, digest, createdAt],
  );
  return rows[0]?.id;
}

export async function countSchemas(db: Database, tenant: string): Promise<number> {
  const rows = await db.query<{ count: number }>("select count(*) as count from data_schemas where tenant = $1", [
    tenant,
  ]);
  return rows[0]?.count ?? 0;
}

/** Makes a version the one that new rows are checked by. */
export async function setVersion(
  tx: Database,
  schema: number,
  digest: Uint8Array,
  document: string,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into data_schema_versions (schema, digest, document, registered_at) values ($1, $2, $3, $4)
     on conflict (schema, digest) do nothing`,
    [schema, digest, document, now],
  );
  await tx.query("update data_schemas set digest = $2 where id = $1", [schema, digest]);
}

export interface VersionRow {
  digest: Uint8Array;
  document: string;
  registeredAt: number;
}

/** Every version of a schema, newest first. */
export function listVersions(db: Database, schema: number): Promise<VersionRow[]> {
  return db.query(
    `select digest, document, registered_at as "registeredAt" from data_schema_versions
     where schema = $1 order by registered_at desc, digest`,
    [schema],
  );
}

export async function deleteSchema(tx: Database, id: number): Promise<void> {
  await tx.query("delete from data_schemas where id = $1", [id]);
}

/** The first record of each digest that its owner made; the others have none. */
export async function findAnchors(
  db: Database,
  owner: Uint8Array,
  digests: readonly Uint8Array[],
  kind: number,
): Promise<{ digest: Uint8Array; id: Uint8Array; block: number; transaction: Uint8Array }[]> {
  return db.query(
    `select distinct on (digest) digest, id, block_number as block, transaction_hash as transaction from records
     where owner = $1 and digest = any($2::bytea[]) and kind = $3 order by digest, block_number, log_index`,
    [owner, digests, kind],
  );
}
