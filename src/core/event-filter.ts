import { BropError } from "./errors.ts";

/** A value that a field is compared with. */
export type FilterValue = string | number | boolean | null;

/** What a field must be: one value, one of several, or within bounds. */
export type Condition = FilterValue | readonly FilterValue[] | Bounds;

/** All that are given must hold. Numbers and decimal digits compare by value, everything else as text. */
export interface Bounds {
  readonly gte?: string | number;
  readonly gt?: string | number;
  readonly lte?: string | number;
  readonly lt?: string | number;
  readonly prefix?: string;
}

/** Which events somebody wants (MW-2). Empty: all of them. */
export interface EventFilter {
  /** `records.recorded`, `records.*` for all of one contract, or `*`. An event must fit one of them. */
  readonly types?: readonly string[];
  /**
   * Conditions on `contract` and on arguments of the event, all of which must hold; dots lead into an argument that has
   * parts, as in `application.name`. An event without the field does not fit.
   */
  readonly where?: Readonly<Record<string, Condition>>;
}

/** What a filter looks at. */
export interface FilteredEvent {
  readonly type: string;
  readonly contract: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

const MOST_TYPES = 100;
const MOST_CONDITIONS = 20;
const MOST_VALUES = 1_000;
const LONGEST_TEXT = 256;
const TYPE = /^(\*|[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*))$/;
const FIELD = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*$/;
const BOUNDS = ["gte", "gt", "lte", "lt", "prefix"] as const;

/**
 * Checks a filter that somebody sent.
 *
 * @throws BropError `request.invalid` naming the field
 */
export function parseEventFilter(given: unknown): EventFilter {
  if (given === undefined) return {};
  const { types, where, ...others } = members(given, "filter");
  for (const name of Object.keys(others)) throw invalid(`filter.${name}`, "there is no such member");
  return {
    ...(types === undefined ? {} : { types: parseTypes(types) }),
    ...(where === undefined ? {} : { where: parseWhere(where) }),
  };
}

/** A function that tells whether an event fits. */
export function compileFilter({ types, where = {} }: EventFilter): (event: FilteredEvent) => boolean {
  const fitsType = compileTypes(types);
  const conditions = Object.entries(where).map(([field, condition]) => {
    const path = field.split(".");
    const fits = compileCondition(condition);
    return (event: FilteredEvent) => {
      const value = fieldOf(event, path);
      return value !== undefined && fits(value);
    };
  });
  return (event) => fitsType(event.type) && conditions.every((fits) => fits(event));
}

/** The value of a field; undefined where the event has none. */
export function fieldOf(event: FilteredEvent, path: readonly string[]): unknown {
  if (path.length === 1 && path[0] === "contract") return event.contract;
  let value: unknown = event.data;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The one form in which equal values are equal texts: hexadecimal digits in lower case, numbers in decimal digits. */
export function comparable(value: unknown): string {
  const text = String(value);
  return text.startsWith("0x") || text.startsWith("0X") ? text.toLowerCase() : text;
}

function compileTypes(types: readonly string[] | undefined): (type: string) => boolean {
  if (types === undefined || types.includes("*")) return () => true;
  const exact = new Set(types);
  const families = new Set(types.filter((type) => type.endsWith(".*")).map((type) => type.slice(0, -1)));
  return (type) => exact.has(type) || families.has(type.slice(0, type.indexOf(".") + 1));
}

function compileCondition(condition: Condition): (value: unknown) => boolean {
  if (condition === null || typeof condition !== "object") {
    const wanted = comparable(condition);
    return (value) => comparable(value) === wanted;
  }
  if (isList(condition)) {
    const wanted = new Set(condition.map(comparable));
    return (value) => wanted.has(comparable(value));
  }
  const { gte, gt, lte, lt, prefix } = condition;
  const start = prefix === undefined ? undefined : comparable(prefix);
  return (value) =>
    (gte === undefined || compare(value, gte) >= 0) &&
    (gt === undefined || compare(value, gt) > 0) &&
    (lte === undefined || compare(value, lte) <= 0) &&
    (lt === undefined || compare(value, lt) < 0) &&
    (start === undefined || comparable(value).startsWith(start));
}

const isList = (condition: object): condition is readonly FilterValue[] => Array.isArray(condition);

function compare(one: unknown, other: unknown): number {
  const [left, right] = [comparable(one), comparable(other)];
  if (isWhole(left) && isWhole(right)) {
    const difference = BigInt(left) - BigInt(right);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  return left === right ? 0 : left < right ? -1 : 1;
}

const isWhole = (text: string): boolean => /^\d{1,78}$/.test(text);

function parseTypes(given: unknown): readonly string[] {
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_TYPES) {
    throw invalid("filter.types", `must be a list of 1 to ${MOST_TYPES} event types`);
  }
  for (const type of given) {
    if (typeof type !== "string" || type.length > LONGEST_TEXT || !TYPE.test(type)) {
      throw invalid("filter.types", "must be types as `records.recorded`, `records.*` or `*`");
    }
  }
  return given;
}

function parseWhere(given: unknown): Readonly<Record<string, Condition>> {
  const conditions = members(given, "filter.where");
  const fields = Object.keys(conditions);
  if (fields.length > MOST_CONDITIONS) throw invalid("filter.where", `must have at most ${MOST_CONDITIONS} fields`);
  for (const field of fields) {
    if (field.length > LONGEST_TEXT || !FIELD.test(field)) throw invalid("filter.where", "has a field with no name");
    checkCondition(conditions[field], `filter.where.${field}`);
  }
  return conditions as Readonly<Record<string, Condition>>;
}

function checkCondition(condition: unknown, field: string): void {
  if (Array.isArray(condition)) {
    if (condition.length === 0 || condition.length > MOST_VALUES) throw invalid(field, `must list 1 to ${MOST_VALUES}`);
    for (const value of condition) checkValue(value, field);
    return;
  }
  if (condition === null || typeof condition !== "object") {
    checkValue(condition, field);
    return;
  }
  const names = Object.keys(condition);
  if (names.length === 0) throw invalid(field, `must have one of ${BOUNDS.join(", ")}`);
  for (const name of names) {
    if (!(BOUNDS as readonly string[]).includes(name)) throw invalid(`${field}.${name}`, "there is no such bound");
    const bound = (condition as Record<string, unknown>)[name];
    if (typeof bound === "boolean" || bound === null) throw invalid(`${field}.${name}`, "must be a text or a number");
    checkValue(bound, `${field}.${name}`);
  }
}

function checkValue(value: unknown, field: string): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isSafeInteger(value)) return;
  if (typeof value === "string" && value.length <= LONGEST_TEXT) return;
  throw invalid(field, `must be a text of at most ${LONGEST_TEXT} characters, a whole number, a boolean or null`);
}

function members(given: unknown, field: string): Record<string, unknown> {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  throw invalid(field, "must be an object");
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}
