import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { BropError } from "../core/errors.ts";
import { referenceParts, valueAt } from "./field.ts";
import { parseDate, parseTime } from "./field-values.ts";
import { LIMITS } from "./limits.ts";
import { canonicalText, checkText, countValues } from "./parse-json.ts";
import { linearExpression } from "./regular-expression.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const FORMATS = ["duration", "email", "hostname", "ipv4", "ipv6", "uuid"] as const;
const MOST_PROBLEMS = 10;

// Keywords by what stands under them.
const ONE = ["not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"];
const UNEVALUATED = ["unevaluatedItems", "unevaluatedProperties"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED = ["properties", "patternProperties", "dependentSchemas", "$defs"];
const REFUSED = ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary", "definitions"];

type Node = Readonly<Record<string, unknown>>;

/** A JSON Schema that was checked and compiled. */
export interface CompiledSchema {
  /**
   * Checks a document.
   * @throws BropError `document.invalid` with the places and reasons
   */
  check(document: unknown): void;
}

/**
 * Checks a JSON Schema (2020-12) of somebody else's and compiles it. Checking a document by it ends soon, whatever both
 * say: references lead to no other place and not round in circles, patterns are linear, size times size is bounded.
 *
 * @throws BropError `schema.invalid` with the reason
 */
export function compileSchema(schema: unknown): CompiledSchema {
  checkText(schema);
  canonicalText(schema, "schema", LIMITS.schemaBytes);
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw invalid("#", "must be an object");
  const { $schema } = schema as Node;
  if ($schema !== undefined && $schema !== DIALECT) throw invalid("#/$schema", `must be ${DIALECT}`);
  const size = expandedSize(schema as Node);
  const validate = compile(schema);
  return {
    check(document) {
      if (size * countValues(document) > LIMITS.checks) {
        throw new BropError("document.invalid", { reason: "it has too many values for a schema of this size" });
      }
      if (!validate(document)) throw unfit(validate.errors ?? []);
    },
  };
}

function compile(schema: object): ValidateFunction {
  const engine = Object.assign((pattern: string) => linearExpression(pattern), { code: "" });
  const ajv = new Ajv2020({
    strict: false,
    // Names of Object's prototype are members like all others.
    ownProperties: true,
    validateSchema: false,
    logger: false,
    code: { regExp: engine },
    formats: { date: (text: string) => parseDate(text) !== undefined, "date-time": isTime },
  });
  addFormats.default(ajv, [...FORMATS]);
  try {
    if (ajv.validateSchema(schema) !== true) {
      const [first] = ajv.errors ?? [];
      throw invalid(`#${first?.instancePath ?? ""}`, first?.message ?? "is no JSON Schema");
    }
    return ajv.compile(schema);
  } catch (error) {
    if (error instanceof BropError) throw error;
    throw invalid("#", error instanceof Error ? error.message : String(error));
  }
}

const isTime = (text: string) => parseTime(text) !== undefined;

/** Subschemas, each counted as often as references lead to it. @throws BropError `schema.invalid` for circles and bombs */
function expandedSize(root: Node): number {
  const sizes = new Map<unknown, number>();
  const above = new Set<unknown>();
  const sizeOf = (node: unknown, place: string): number => {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    if (above.has(node)) throw invalid(place, "refers to itself");
    above.add(node);
    checkNode(node as Node, place);
    let size = 1;
    for (const [child, at] of children(root, node as Node, place)) size += sizeOf(child, at);
    if (size > LIMITS.subschemas) throw invalid(place, "has too many subschemas", { most: LIMITS.subschemas });
    above.delete(node);
    sizes.set(node, size);
    return size;
  };
  return sizeOf(root, "#");
}

function checkNode(node: Node, place: string): void {
  const refused = REFUSED.find((keyword) => Object.hasOwn(node, keyword));
  if (refused !== undefined) throw invalid(`${place}/${refused}`, "is not supported: refer to #/$defs/NAME");
  if (node.uniqueItems === true && !(Number(node.maxItems) <= LIMITS.uniqueItems)) {
    throw invalid(place, `uniqueItems needs maxItems of at most ${LIMITS.uniqueItems}`);
  }
  if (typeof node.pattern === "string") linearExpression(node.pattern);
  if (isNode(node.patternProperties))
    for (const pattern of Object.keys(node.patternProperties)) linearExpression(pattern);
}

function* children(root: Node, node: Node, place: string): Generator<[child: unknown, place: string]> {
  for (const keyword of [...ONE, ...UNEVALUATED]) {
    if (Object.hasOwn(node, keyword)) yield [node[keyword], `${place}/${keyword}`];
  }
  for (const keyword of LISTS) {
    const list = node[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of list.entries()) yield [child, `${place}/${keyword}/${index}`];
  }
  for (const keyword of NAMED) {
    const named = node[keyword];
    if (!isNode(named)) continue;
    for (const [name, child] of Object.entries(named)) yield [child, `${place}/${keyword}/${name}`];
  }
  if (!Object.hasOwn(node, "$ref")) return;
  const reference = node.$ref;
  if (typeof reference !== "string" || !/^#(\/|$)/.test(reference)) {
    throw invalid(`${place}/$ref`, "must lead to a place of this schema, as #/$defs/NAME");
  }
  yield [follow(root, reference, place), `${place}/$ref`];
}

function follow(root: Node, reference: string, place: string): unknown {
  let target: unknown;
  try {
    target = reference === "#" ? root : valueAt(root, referenceParts(reference));
  } catch {
    // Not percent-encoded as a URI has to be.
  }
  if (target === undefined) throw invalid(`${place}/$ref`, "leads to nothing", { reference });
  return target;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unfit(errors: readonly ErrorObject[]): BropError {
  const problems = errors.slice(0, MOST_PROBLEMS).map(({ instancePath, message = "", params }) => {
    const { additionalProperty } = params as { additionalProperty?: string };
    return {
      at: instancePath,
      reason: additionalProperty === undefined ? message : `${message}: ${additionalProperty}`,
    };
  });
  return new BropError("document.invalid", { ...problems[0], problems });
}

function invalid(at: string, reason: string, more: Readonly<Record<string, unknown>> = {}): BropError {
  return new BropError("schema.invalid", { at, reason, ...more });
}
