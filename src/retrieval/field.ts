import { BropError } from "../core/errors.ts";
import { LIMITS } from "./limits.ts";

/** What an indexed field holds, whatever else its schema says of it. */
export const FIELD_TYPES = ["text", "integer", "number", "decimal", "boolean", "date", "time"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** A member of a schema's documents that can be asked for. */
export interface Field {
  name: string;
  /** JSON Pointer (RFC 6901). */
  path: string;
  type: FieldType;
  /** Whether parts of its text are found. */
  search: boolean;
}

/** A field as it is asked for; what is left out follows from the schema. */
export interface FieldRequest {
  path?: string | undefined;
  type?: FieldType | undefined;
  search?: boolean | undefined;
}

/** A letter of any script in front: a name stands in the header of a table and as a column of a view. */
const NAME = /^[\p{L}][\p{L}\p{N}_]*$/u;
const POINTER = /^(\/([^/~]|~[01])*)+$/;

/**
 * The fields of a request, checked against the schema where that says what they are.
 *
 * @throws BropError `schema.invalid` naming the field
 */
export function checkFields(schema: unknown, requests: Readonly<Record<string, FieldRequest>>): Field[] {
  const names = Object.keys(requests);
  if (names.length > LIMITS.fields) throw invalid("fields", "are too many", { most: LIMITS.fields });
  const folded = new Set<string>();
  return names.map((name) => {
    if (!NAME.test(name) || Buffer.byteLength(name) > LIMITS.fieldNameBytes || RESERVED.has(name)) {
      throw invalid(name, "is no name for a field: letters, digits and _, a letter first", {
        mostBytes: LIMITS.fieldNameBytes,
        reserved: [...RESERVED],
      });
    }
    const key = name.normalize("NFKC").toLowerCase();
    if (folded.has(key)) throw invalid(name, "differs from another field in letter case only");
    folded.add(key);
    return checkField(schema, name, requests[name] as FieldRequest);
  });
}

function checkField(schema: unknown, name: string, { path = `/${name}`, type, search = false }: FieldRequest): Field {
  if (!POINTER.test(path)) throw invalid(name, "its path is no JSON Pointer, as /batch/origin");
  const found = typeAt(schema, path);
  const chosen = type ?? found[0];
  if (chosen === undefined) throw invalid(name, "the schema does not tell its type: give it", { types: FIELD_TYPES });
  if (found.length > 0 && !found.includes(chosen)) {
    throw invalid(name, "the schema has another type there", { path, type: chosen, possible: found });
  }
  if (search && chosen !== "text") throw invalid(name, "only text can be searched", { type: chosen });
  return { name, path, type: chosen, search };
}

/** Columns that every view and export has besides the fields. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...["digest", "owner", "version", "document", "created_at", "state", "status"],
  ...["record", "block", "transaction", "recorded_at"],
]);

/** The parts of a JSON Pointer. */
export function pointerParts(path: string): string[] {
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value that a document has at a place; undefined where it has none. */
export function valueAt(document: unknown, parts: readonly string[]): unknown {
  let value = document;
  for (const part of parts) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

type Node = Readonly<Record<string, unknown>>;

/** Types that a field can have by what the schema says in plain words; empty where it says nothing. */
function typeAt(schema: unknown, path: string): FieldType[] {
  let node = resolve(schema, schema);
  for (const part of pointerParts(path)) {
    const properties = node?.properties;
    if (typeof properties !== "object" || properties === null || !Object.hasOwn(properties, part)) return [];
    node = resolve(schema, (properties as Node)[part]);
  }
  const types = [node?.type].flat().filter((type) => type !== "null");
  if (types.length !== 1) return [];
  switch (types[0]) {
    case "string":
      if (node?.format === "date") return ["date", "text"];
      return node?.format === "date-time" ? ["time", "text"] : ["text", "decimal", "date", "time"];
    case "integer":
      return ["integer", "number"];
    case "number":
      return ["number", "integer"];
    case "boolean":
      return ["boolean"];
    default:
      throw new BropError("schema.invalid", { path, reason: "only single values can be indexed", type: types[0] });
  }
}

/** Follows `$ref`; a checked schema has no circles. */
function resolve(root: unknown, node: unknown): Node | undefined {
  let found = node;
  while (typeof found === "object" && found !== null && typeof (found as Node).$ref === "string") {
    const reference = (found as Node).$ref as string;
    found = reference === "#" ? root : valueAt(root, referenceParts(reference));
  }
  return typeof found === "object" && found !== null ? (found as Node) : undefined;
}

/** The parts of `#/$defs/name`. */
export function referenceParts(reference: string): string[] {
  return pointerParts(decodeURIComponent(reference.slice(1)));
}

function invalid(field: string, reason: string, more: Readonly<Record<string, unknown>> = {}): BropError {
  return new BropError("schema.invalid", { field, reason, ...more });
}
