import type { Database } from "../store/database.ts";
import { type Field, pointerParts, valueAt } from "./field.ts";
import { convert, fromText, SQL_TYPES } from "./field-values.ts";
import { grams, searchable } from "./grams.ts";

/** Table of a schema's documents. Numbers only: no name of somebody else's gets into SQL here. */
export const documentsTable = (schema: number) => `public.data_documents_${whole(schema)}`;
/** Table of what is indexed of them. */
export const indexTable = (index: number) => `public.data_index_${whole(index)}`;
/** Column of a field's value, by its place. */
export const typedColumn = (place: number) => `c${whole(place)}`;

function whole(number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${number} is no number of a table`);
  return number;
}

/** Makes the table of a schema's documents. */
export async function createDocumentsTable(tx: Database, schema: number): Promise<void> {
  await tx.query(
    `create table ${documentsTable(schema)} (
       id bigint generated always as identity primary key,
       digest bytea not null unique,
       owner bytea not null,
       version bytea not null,
       document text not null,
       created_at bigint not null
     )`,
    [],
  );
}

/**
 * Makes an index table: for each field a typed column with a B-tree that also serves paging, and for one that is searched
 * its searchable text and the parts of that.
 */
export async function createIndexTable(tx: Database, schema: number, index: number, fields: readonly Field[]) {
  const table = indexTable(index);
  const columns = fields.flatMap(({ type, search }, place) => [
    `${typedColumn(place)} ${SQL_TYPES[type]}`,
    ...(search ? [`s${place} text`, `g${place} text[]`] : []),
  ]);
  const reference = `id bigint primary key references ${documentsTable(schema)} on delete cascade`;
  await tx.query(`create table ${table} (${[reference, ...columns].join(", ")})`, []);
  for (const [place, { search }] of fields.entries()) {
    await tx.query(`create index on ${table} (${typedColumn(place)}, id)`, []);
    if (search) await tx.query(`create index on ${table} using gin (g${place})`, []);
  }
}

/** A document with its number. */
export interface IndexedDocument {
  id: number;
  document: unknown;
}

/**
 * Writes what is indexed of documents; one that is there already stays.
 *
 * @returns how many values do not have their field's type and are left out
 */
export async function writeIndexRows(
  tx: Database,
  index: number,
  fields: readonly Field[],
  documents: readonly IndexedDocument[],
): Promise<number> {
  if (documents.length === 0) return 0;
  let misfits = 0;
  const names = ["id"];
  const select = ["given.id"];
  const types = ["int8[]"];
  const arrays: unknown[][] = [documents.map(({ id }) => id)];
  const add = (name: string, type: string, value: string, values: unknown[]) => {
    names.push(name);
    types.push(type);
    select.push(value);
    arrays.push(values);
  };
  for (const [place, field] of fields.entries()) {
    const parts = pointerParts(field.path);
    const texts = documents.map(({ document }) => {
      const value = valueAt(document, parts) ?? null;
      if (value === null) return null;
      const converted = convert(field, value);
      if ("text" in converted) return converted.text;
      misfits++;
      return null;
    });
    const column = typedColumn(place);
    add(column, "text[]", fromText(field.type, `given.${column}`), texts);
    if (!field.search) continue;
    const searched = texts.map((text) => (text === null ? null : searchable(text)));
    add(`s${place}`, "text[]", `given.s${place}`, searched);
    // A list of lists of different lengths is no array: each travels as one text, and no part has the character between.
    const parted = searched.map((text) => (text === null ? null : grams(text).join(SEPARATOR)));
    add(`g${place}`, "text[]", `string_to_array(given.g${place}, chr(31))`, parted);
  }
  const given = types.map((type, position) => `$${position + 1}::${type}`).join(", ");
  await tx.query(
    `insert into ${indexTable(index)} (${names.join(", ")}) select ${select.join(", ")}
     from unnest(${given}) as given(${names.join(", ")}) on conflict (id) do nothing`,
    arrays,
  );
  return misfits;
}

/** Unit separator. */
const SEPARATOR = "\x1f";
