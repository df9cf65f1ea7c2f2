import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { type EpcisDocument, type EpcisEvent, eventsOf } from "./epcis.ts";
import { EPCIS_DOCUMENT_SCHEMAS, EPCIS_EVENT_SCHEMAS, EPCIS_EXTENSION_EVENT_SCHEMA } from "./epcis-schema.ts";
import { BropError } from "./errors.ts";

// Not for browsers, though nothing here is Node's own: Ajv compiles schemas with `new Function`, which the site's content
// security policy forbids.

const MOST_PROBLEMS = 20;

/** What is wrong with a document: the place as `epcisBody.eventList[3].bizStep`, and why. */
interface Problem {
  at: string;
  reason: string;
}

/**
 * Checks a document of GS1 EPCIS 2.0 in its JSON form: capture document, result of a query, or single event.
 * @returns the same value, with its type
 * @throws BropError `epcis.invalid` with the first problem's place and reason, and up to 20 problems in all
 */
export function parseEpcis(value: unknown): EpcisDocument {
  const type = (value as { type?: unknown } | null)?.type;
  const documentSchema = typeof type === "string" ? validatorOf(EPCIS_DOCUMENT_SCHEMAS, type) : undefined;
  if (documentSchema === undefined) {
    const problem = typeof type === "string" ? checkEvent(value, "") : { at: "type", reason: "is missing" };
    if (problem !== undefined) throw invalid([problem]);
    if ((value as EpcisEvent)["@context"] === undefined) throw invalid([{ at: "@context", reason: "is missing" }]);
    return value as EpcisDocument;
  }
  if (!documentSchema(value)) throw invalid([describe(documentSchema.errors, "")]);
  const document = value as EpcisDocument;
  const path =
    document.type === "EPCISDocument" ? "epcisBody.eventList" : "epcisBody.queryResults.resultsBody.eventList";
  const problems: Problem[] = [];
  for (const [index, event] of eventsOf(document).entries()) {
    const problem = checkEvent(event, `${path}[${index}]`);
    if (problem !== undefined && problems.push(problem) === MOST_PROBLEMS) break;
  }
  if (problems.length > 0) throw invalid(problems);
  return document;
}

function checkEvent(event: unknown, path: string): Problem | undefined {
  const { type } = event as EpcisEvent;
  const validate =
    validatorOf(EPCIS_EVENT_SCHEMAS, type) ??
    (type.includes(":") ? validatorOf({ extension: EPCIS_EXTENSION_EVENT_SCHEMA }, "extension") : undefined);
  if (validate === undefined) return { at: join(path, "type"), reason: `${JSON.stringify(type)} is no type of event` };
  return validate(event) ? undefined : describe(validate.errors, path);
}

// One error an event is enough, and bounds the work on hostile documents.
const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  formats: { uri: isUri, "date-time": isDateTime },
});
const validators = new Map<object, ValidateFunction>();

function validatorOf(schemas: Record<string, object>, name: string): ValidateFunction | undefined {
  const schema = Object.hasOwn(schemas, name) ? (schemas[name] as object) : undefined;
  if (schema === undefined) return undefined;
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const compiled = ajv.compile(schema);
  validators.set(schema, compiled);
  return compiled;
}

function describe(found: ErrorObject[] | null | undefined, path: string): Problem {
  // `if` only says that one of its branches failed, which stands before it; `anyOf` sums up what stands before it.
  const errors = (found ?? []).filter((error) => error.keyword !== "if");
  const wrongName = errors.find((error) => error.propertyName !== undefined);
  const error = wrongName ?? errors.at(-1);
  const place = pathOf(error, path);
  const noMember = (name: unknown) => ({ at: join(place, String(name)), reason: "is no member of the standard here" });
  if (wrongName !== undefined) return noMember(wrongName.propertyName);
  switch (error?.keyword) {
    case "required":
      return { at: join(place, String(error.params.missingProperty)), reason: "is missing" };
    case "additionalProperties":
      return noMember(error.params.additionalProperty);
    case "format":
      return {
        at: place,
        reason: error.params.format === "uri" ? "must be a URI" : "must be a real date and time with offset",
      };
    case "enum":
      return { at: place, reason: `must be one of ${(error.params.allowedValues as string[]).join(", ")}` };
    case "false schema":
      return { at: place, reason: "is not allowed with this action" };
    case "anyOf":
      return { at: place, reason: reasonOfChoice(errors) };
    default:
      return { at: place, reason: error?.message ?? "is not valid" };
  }
}

function reasonOfChoice(errors: ErrorObject[]): string {
  if (errors.some((error) => error.keyword === "enum")) {
    return "is no word of the Core Business Vocabulary and no URI of another vocabulary";
  }
  const missing = errors.flatMap((error) => {
    if (error.keyword === "required") return [String(error.params.missingProperty)];
    return error.keyword === "minItems" ? [pathOf(error, "")] : [];
  });
  return missing.length > 0 ? `needs ${[...new Set(missing)].join(" or ")}` : "has none of the allowed forms";
}

function pathOf(error: ErrorObject | undefined, start: string): string {
  const parts = (error?.instancePath ?? "").split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")).reduce(join, start);
}

function join(path: string, part: string): string {
  if (/^\d+$/.test(part)) return `${path}[${part}]`;
  return path === "" ? part : `${path}.${part}`;
}

function invalid(problems: Problem[]): BropError {
  const [first] = problems as [Problem];
  return new BropError("epcis.invalid", problems.length === 1 ? { ...first } : { ...first, problems });
}

function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text);
}

function isDateTime(text: string): boolean {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth;
}
