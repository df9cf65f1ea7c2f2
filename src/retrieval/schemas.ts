import { createHash } from "node:crypto";
import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { findLiveIndexes, type IndexRow, insertIndex, retireIndexes } from "../store/queries/retrieval/indexes.ts";
import {
  countSchemas,
  deleteSchema,
  findSchema,
  insertSchema,
  listVersions,
  lockSchema,
  type SchemaRow,
  setVersion,
} from "../store/queries/retrieval/schemas.ts";
import { createDataView, dropDataView } from "./data-view.ts";
import { checkFields, type Field, type FieldRequest } from "./field.ts";
import { createDocumentsTable, createIndexTable, documentsTable, indexTable } from "./index-table.ts";
import { compileSchema } from "./json-schema.ts";
import { LIMITS } from "./limits.ts";
import { canonicalText } from "./parse-json.ts";

/**
 * Kind of a record that anchors a schema: its digest is SHA-256 of the schema's canonical JSON (RFC 8785), its owner
 * the account whose schema it is. "JS2" in ASCII.
 */
export const SCHEMA_RECORD_KIND = 0x4a5332;

/** Letters and digits of any script; a name stands in paths and as the name of a view. */
const NAME = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{Nd}_]*$/u;

export interface SchemaRequest {
  name: string;
  schema: unknown;
  fields: Readonly<Record<string, FieldRequest>>;
}

/**
 * Registers a schema, or another version of one, or other fields. The same once more changes nothing. Fields that are
 * not those of before are indexed in the background; meanwhile questions are answered by the fields of before.
 *
 * @throws BropError `schema.invalid`, `request.invalid`
 */
export async function registerSchema(
  db: Database,
  tenant: string,
  { name, schema, fields: asked }: SchemaRequest,
  now: number,
): Promise<{ row: SchemaRow; created: boolean }> {
  if (!NAME.test(name) || Buffer.byteLength(name) > LIMITS.fieldNameBytes) {
    const reason = "small letters, digits and _, a letter first";
    throw new BropError("request.invalid", { field: "name", reason, mostBytes: LIMITS.fieldNameBytes });
  }
  compileSchema(schema);
  const document = canonicalText(schema, "schema", LIMITS.schemaBytes);
  const fields = checkFields(schema, asked);
  const digest = digestOf(document);
  const created = await db.transaction(async (tx) => {
    const id = await insertSchema(tx, { tenant, name, digest, createdAt: now });
    if (id === undefined) return false;
    if ((await countSchemas(tx, tenant)) > LIMITS.schemas) throw tooMany("schemas", LIMITS.schemas);
    await setVersion(tx, id, digest, document, now);
    await createDocumentsTable(tx, id);
    const index = await insertIndex(tx, { schema: id, fields, state: "current", total: 0, lastRow: 0 });
    await createIndexTable(tx, id, index, fields);
    await createDataView(tx, { tenant, name, schema: id, index, fields });
    return true;
  });
  if (!created) await changeSchema(db, tenant, name, { digest, document, fields }, now);
  return { row: (await findSchema(db, tenant, name)) as SchemaRow, created };
}

interface Version {
  digest: Uint8Array;
  document: string;
  fields: Field[];
}

async function changeSchema(db: Database, tenant: string, name: string, version: Version, now: number): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await findSchema(tx, tenant, name);
    if (row === undefined || !(await lockSchema(tx, row.id, "update"))) {
      throw new BropError("resource.not-found", { schema: name });
    }
    if ((await listVersions(tx, row.id)).length >= LIMITS.versions) throw tooMany("versions", LIMITS.versions);
    await setVersion(tx, row.id, version.digest, version.document, now);
    const indexes = await findLiveIndexes<Field[]>(tx, row.id);
    const current = indexes.find(({ state }) => state === "current") as IndexRow<Field[]>;
    const building = indexes.find(({ state }) => state === "building");
    if (sameFields((building ?? current).fields, version.fields)) return;
    await retireIndexes(tx, row.id, "building", now);
    if (!sameFields(current.fields, version.fields)) await beginIndex(tx, row.id, version.fields);
  });
}

/** Whoever writes rows from now on writes them into this index too, so only the rows of now are to be looked through. */
async function beginIndex(tx: Database, schema: number, fields: Field[]): Promise<void> {
  const [rows] = await tx.query<{ total: number; last: number }>(
    `select count(*) as total, coalesce(max(id), 0) as last from ${documentsTable(schema)}`,
    [],
  );
  const { total, last } = rows as { total: number; last: number };
  const index = await insertIndex(tx, { schema, fields, state: "building", total, lastRow: last });
  await createIndexTable(tx, schema, index, fields);
}

/** Ends a schema that has no rows. @throws BropError `request.invalid` */
export async function removeSchema(db: Database, row: SchemaRow): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await lockSchema(tx, row.id, "update"))) return;
    const rows = await tx.query(`select id from ${documentsTable(row.id)} limit 1`, []);
    if (rows.length > 0) {
      throw new BropError("request.invalid", { field: "name", reason: "it has rows: delete these first" });
    }
    await dropDataView(tx, row.tenant, row.name);
    for (const { id } of await tx.query<{ id: number }>("select id from data_indexes where schema = $1", [row.id])) {
      await tx.query(`drop table if exists ${indexTable(id)}`, []);
    }
    await tx.query(`drop table ${documentsTable(row.id)}`, []);
    await deleteSchema(tx, row.id);
  });
}

function sameFields(some: readonly Field[], others: readonly Field[]): boolean {
  const text = (fields: readonly Field[]) =>
    JSON.stringify(fields.map(({ name, path, type, search }) => [name, path, type, search]));
  return text(some) === text(others);
}

export function digestOf(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

function tooMany(what: string, most: number): BropError {
  return new BropError("request.invalid", { field: what, reason: "are too many", most });
}
