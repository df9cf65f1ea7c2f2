import { BropError } from "../core/errors.ts";
import { bytesToHex, hexToBytes, isHexBytes } from "../core/hex.ts";
import type { Database } from "../store/database.ts";
import { findLiveIndexes } from "../store/queries/retrieval/indexes.ts";
import { findSchema, lockSchema, type SchemaRow } from "../store/queries/retrieval/schemas.ts";
import { type Field, pointerParts, valueAt } from "./field.ts";
import { convert } from "./field-values.ts";
import { documentsTable, type IndexedDocument, writeIndexRows } from "./index-table.ts";
import { LIMITS } from "./limits.ts";
import { canonicalText, checkText } from "./parse-json.ts";
import { digestOf } from "./schemas.ts";
import type { Validators } from "./validators.ts";

/** A row that somebody hands over. */
export interface GivenRow {
  document: unknown;
  /** Account whose record stands for it on chain; by default the tenant's own. */
  owner?: string | undefined;
}

export type PutResult =
  | { state: "stored" | "present"; digest: string }
  /** Not stored; the others are. */
  | { state: "refused"; digest?: string | undefined; error: BropError };

interface CheckedRow {
  digest: string;
  owner: string;
  text: string;
  document: unknown;
}

export interface PutOptions {
  validators: Validators;
  schema: SchemaRow;
  /** The tenant's account; null where it has none. */
  account: string | null;
  /** What the document of each row has to have; undefined: any. */
  digest: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Stores rows; each for itself is stored, there already, or refused. One transaction, so that a crash leaves all or none.
 * What a row is known by is the digest of its canonical JSON, that which is recorded on chain.
 */
export async function putRows(
  db: Database,
  { validators, schema, account, digest, now }: PutOptions,
  rows: readonly GivenRow[],
): Promise<PutResult[]> {
  return db.transaction(async (tx) => {
    // Whoever changes the schema waits until these rows are written, and they are written into what is there.
    const held = await lockSchema(tx, schema.id, "share");
    const current = held ? await findSchema(tx, schema.tenant, schema.name) : undefined;
    if (current === undefined) throw new BropError("resource.not-found", { schema: schema.name });
    const validator = validators.of(current);
    const indexes = await findLiveIndexes<Field[]>(tx, current.id);
    const fields = (indexes.at(-1) as (typeof indexes)[number]).fields;
    const checked = rows.map((row) => attempt(() => checkRow(row, { account, digest, validator, fields })));
    const sound = checked.filter((row): row is CheckedRow => !(row instanceof BropError));
    const stored = await insertDocuments(tx, current, sound, now);
    for (const { id, fields } of indexes) await writeIndexRows(tx, id, fields, stored.added);
    return results(checked, stored);
  });
}

interface Checks extends Pick<PutOptions, "account" | "digest"> {
  validator: { check(document: unknown): void };
  fields: readonly Field[];
}

function checkRow(
  { document, owner: named }: GivenRow,
  { account, digest: wanted, validator, fields }: Checks,
): CheckedRow {
  const owner = named ?? account;
  if (owner === null) {
    const reason = "the key speaks for no account: name the account that records the row";
    throw new BropError("request.invalid", { field: "owner", reason });
  }
  if (!isHexBytes(owner, 20)) throw new BropError("request.invalid", { field: "owner", reason: "must be an address" });
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new BropError("request.invalid", { field: "document", reason: "must be an object" });
  }
  checkText(document);
  checkDepthOf(document, 1);
  const text = canonicalText(document, "document", LIMITS.documentBytes);
  validator.check(document);
  for (const field of fields) checkField(document, field);
  const digest = bytesToHex(digestOf(text));
  if (wanted !== undefined && wanted.toLowerCase() !== digest) {
    throw new BropError("evidence.digest-mismatch", { expected: wanted, actual: digest });
  }
  return { digest, owner: owner.toLowerCase(), text, document };
}

/** What is stored from now on is found by every field. */
function checkField(document: unknown, field: Field): void {
  const value = valueAt(document, pointerParts(field.path)) ?? null;
  if (value === null) return;
  const converted = convert(field, value);
  if ("reason" in converted) {
    const { name, type, path } = field;
    throw new BropError("document.invalid", { at: path, field: name, type, reason: converted.reason });
  }
}

function checkDepthOf(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > LIMITS.depth) {
    throw new BropError("request.invalid", { field: "document", reason: "is nested too deep", most: LIMITS.depth });
  }
  for (const member of Array.isArray(value) ? value : Object.values(value)) checkDepthOf(member, depth + 1);
}

function attempt<Value>(work: () => Value): Value | BropError {
  try {
    return work();
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
}

interface Stored {
  added: IndexedDocument[];
  /** Owner of each digest that was there before or is now. */
  owners: Map<string, string>;
  new: Set<string>;
}

async function insertDocuments(
  tx: Database,
  schema: SchemaRow,
  rows: readonly CheckedRow[],
  now: number,
): Promise<Stored> {
  const unique = new Map<string, CheckedRow>();
  for (const row of rows) if (!unique.has(row.digest)) unique.set(row.digest, row);
  const given = [...unique.values()];
  if (given.length === 0) return { added: [], owners: new Map(), new: new Set() };
  const digests = given.map(({ digest }) => digest.slice(2));
  const table = documentsTable(schema.id);
  const owners = given.map(({ owner }) => owner.slice(2));
  const texts = given.map(({ text }) => text);
  // Numbered as they come, and written in the order of their digests: two that store the same rows do not wait for each
  // other.
  const inserted = await tx.query<{ id: number; digest: Uint8Array }>(
    `with numbered as materialized (
       select nextval(pg_get_serial_sequence('${table}', 'id')) as id, decode(given.digest, 'hex') as digest,
         decode(given.owner, 'hex') as owner, given.document
       from unnest($1::text[], $2::text[], $3::text[]) as given(digest, owner, document)
     )
     insert into ${table} (id, digest, owner, version, document, created_at) overriding system value
     select id, digest, owner, $4::bytea, document, $5::bigint from numbered order by digest
     on conflict (digest) do nothing returning id, digest`,
    [digests, owners, texts, schema.digest, now],
  );
  const added = inserted.map(({ id, digest }) => ({ id, document: unique.get(bytesToHex(digest))?.document }));
  const found = await tx.query<{ digest: Uint8Array; owner: Uint8Array }>(
    `select digest, owner from ${table}
     where digest in (select decode(given, 'hex') from unnest($1::text[]) as given)`,
    [digests],
  );
  return {
    added,
    owners: new Map(found.map(({ digest, owner }) => [bytesToHex(digest), bytesToHex(owner)])),
    new: new Set(inserted.map(({ digest }) => bytesToHex(digest))),
  };
}

function results(checked: readonly (CheckedRow | BropError)[], stored: Stored): PutResult[] {
  return checked.map((row) => {
    if (row instanceof BropError) return { state: "refused", error: row };
    const { digest } = row;
    if (stored.owners.get(digest) !== row.owner) {
      const details = { field: "owner", digest, owner: stored.owners.get(digest) };
      return { state: "refused", digest, error: new BropError("document.owner-differs", details) };
    }
    // Of the same row twice in one request the first is new.
    return { state: stored.new.delete(digest) ? "stored" : "present", digest };
  });
}

/** Forgets a row for good: what erasing needs (EV-1). @returns whether it was there */
export async function deleteRow(db: Database, schema: SchemaRow, digest: string): Promise<boolean> {
  const rows = await db.query(`delete from ${documentsTable(schema.id)} where digest = $1 returning id`, [
    hexToBytes(digest),
  ]);
  return rows.length > 0;
}
