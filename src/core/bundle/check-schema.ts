import { isBase64 } from "../base64.ts";
import { BUNDLE_SCHEMA, type BundleSchema } from "./schema.ts";

const PATTERNS = new Map<string, RegExp>();

/**
 * Checks a value by what a bundle's form uses of JSON Schema. A library for all of it makes code out of the schema,
 * which the policy of web pages forbids.
 * @returns the place of the first thing that does not fit, as a JSON pointer; undefined where everything does
 */
export function misfit(value: unknown, schema: BundleSchema = BUNDLE_SCHEMA, path = ""): string | undefined {
  const { $ref, oneOf } = schema;
  if ($ref !== undefined) {
    return misfit(value, BUNDLE_SCHEMA.$defs[$ref.slice("#/$defs/".length)] as BundleSchema, path);
  }
  if (oneOf !== undefined) {
    const misfits = oneOf.map((one) => misfit(value, one, path));
    if (misfits.filter((one) => one === undefined).length === 1) return undefined;
    // The alternative that fits furthest says best what is wrong.
    return misfits.reduce((one, other) => ((other?.length ?? 0) > (one?.length ?? 0) ? other : one)) ?? path;
  }
  if (schema.const !== undefined) return value === schema.const ? undefined : path;
  switch (schema.type) {
    case "object":
      return objectMisfit(value, schema, path);
    case "array":
      return arrayMisfit(value, schema, path);
    case "string":
      return typeof value === "string" && stringFits(value, schema) ? undefined : path;
    case "integer":
      return Number.isSafeInteger(value) && isBetween(value as number, schema.minimum, schema.maximum)
        ? undefined
        : path;
    default:
      return typeof value === "boolean" ? undefined : path;
  }
}

function objectMisfit(value: unknown, { properties = {}, required = [] }: BundleSchema, path: string) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return path;
  for (const name of required) if (!Object.hasOwn(value, name)) return `${path}/${name}`;
  for (const [name, member] of Object.entries(value)) {
    if (!Object.hasOwn(properties, name)) return `${path}/${name}`;
    const wrong = misfit(member, properties[name], `${path}/${name}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function arrayMisfit(value: unknown, { items, minItems, maxItems }: BundleSchema, path: string) {
  if (!Array.isArray(value) || !isBetween(value.length, minItems, maxItems)) return path;
  for (const [index, item] of value.entries()) {
    const wrong = misfit(item, items, `${path}/${index}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function stringFits(value: string, { maxLength = value.length, pattern, contentEncoding }: BundleSchema): boolean {
  // JSON Schema counts characters, of which one may be two units.
  if (value.length > 2 * maxLength || (value.length > maxLength && [...value].length > maxLength)) return false;
  if (pattern !== undefined && !patternOf(pattern).test(value)) return false;
  return contentEncoding === undefined || isBase64(value);
}

function isBetween(value: number, least = 0, most = Number.MAX_SAFE_INTEGER): boolean {
  return value >= least && value <= most;
}

function patternOf(text: string): RegExp {
  const known = PATTERNS.get(text) ?? new RegExp(text, "u");
  PATTERNS.set(text, known);
  return known;
}
