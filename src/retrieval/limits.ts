/** What is refused beyond: every list, text and tree that comes from outside ends somewhere. */
export const LIMITS = {
  /** Bytes of a schema's canonical JSON. */
  schemaBytes: 65_536,
  /** Subschemas, counted as often as references lead to them. */
  subschemas: 2_000,
  /** Bytes of a row's canonical JSON. */
  documentBytes: 65_536,
  /** Containers inside containers, in schemas and rows. */
  depth: 32,
  /** Subschemas times values: what checking one row may cost. */
  checks: 10_000_000,
  /** Items of an array that has to hold each value once: comparing them is quadratic. */
  uniqueItems: 1_000,
  patternLength: 500,
  /** Schemas of one tenant. */
  schemas: 100,
  /** Versions of one schema. */
  versions: 1_000,
  fields: 50,
  /** Bytes in UTF-8, so that a quoted name of a view's column is never cut. */
  fieldNameBytes: 60,
  /** Bytes in UTF-8 of an indexed text: an entry of a B-tree ends at 2,704. */
  textBytes: 2_000,
  /** Rows that come in one request. */
  rows: 1_000,
  /** Bytes of one request with rows. */
  requestBytes: 8_388_608,
  /** Bytes of a query's JSON. */
  queryBytes: 65_536,
  /** Conditions of a query. */
  conditions: 20,
  /** Values of one `in`. */
  set: 500,
  page: 200,
  measures: 10,
  groups: 1_000,
  /** Exports that one process writes at a time. */
  exports: 20,
} as const;
