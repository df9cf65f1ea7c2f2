import { createReadStream } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseStrict } from "../core/canonical-json.ts";
import type { DigestAlgorithm } from "../core/digest.ts";
import { BropError } from "../core/errors.ts";
import { createRecordInput, type RecordDescription } from "../core/record-input.ts";

/** A record of a list. */
export interface ListedRecord {
  description: RecordDescription;
  /** What the list calls it; its line where it has no name. */
  name: string;
}

/** What a bare digest does not say. */
export interface ListDefaults {
  algorithm: DigestAlgorithm;
  kind: number;
}

const MEMBERS: ReadonlySet<string> = new Set(["digest", "algorithm", "kind", "subject", "businessKey", "refersTo"]);
/** As `sha256sum` and its kin print it; a backslash in front marks a name with escaped characters. */
const DIGEST_LINE = /^\\?(?:0x)?([0-9a-f]{64})(?:[ \t]+\*?(.*))?$/i;

/**
 * Reads records a line: a digest, alone or with a name behind it, or a JSON object with the members of a record. Empty lines
 * are left out. Of a file of any size one line is in memory.
 *
 * @throws BropError `request.invalid` with the `line` that is none; `file.not-found`
 */
export async function* readRecordList(path: string, defaults: ListDefaults): AsyncGenerator<ListedRecord> {
  let line = 0;
  // Read ahead by a stream: an error of the file has to end the reading.
  const input = createReadStream(path);
  const failed = new Promise<never>((_, reject) => input.once("error", reject));
  failed.catch(() => undefined);
  await Promise.race([new Promise<void>((resolve) => input.once("open", () => resolve())), failed]);
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === "") continue;
    yield recordOf(text.trim(), line, defaults);
  }
}

function recordOf(text: string, line: number, defaults: ListDefaults): ListedRecord {
  try {
    const record = text.startsWith("{") ? fromJson(text, line, defaults) : fromDigest(text, line, defaults);
    createRecordInput(record.description);
    return record;
  } catch (thrown) {
    const error = BropError.from(thrown);
    const { reason = error.message, ...details } = error.details;
    throw new BropError("request.invalid", { ...details, line, reason }, undefined, { cause: thrown });
  }
}

function fromDigest(text: string, line: number, defaults: ListDefaults): ListedRecord {
  const [, digits, name = ""] = DIGEST_LINE.exec(text) ?? [];
  if (digits === undefined) {
    throw new BropError("request.invalid", {
      reason: "is neither a digest of 64 hexadecimal digits nor a JSON object",
    });
  }
  return {
    description: { ...defaults, digest: `0x${digits.toLowerCase()}` },
    name: name === "" ? `line ${line}` : name,
  };
}

function fromJson(text: string, line: number, defaults: ListDefaults): ListedRecord {
  const members = parseStrict(text) as Record<string, unknown>;
  for (const field of Object.keys(members)) {
    if (!MEMBERS.has(field)) throw new BropError("request.invalid", { field, reason: "is no member of a record" });
  }
  for (const [field, value] of Object.entries(members)) {
    if (typeof value !== (field === "kind" ? "number" : "string")) {
      throw new BropError("request.invalid", { field, reason: "must be a text, and `kind` a number" });
    }
  }
  if (members.digest === undefined) throw new BropError("request.invalid", { field: "digest", reason: "is missing" });
  return { description: { ...defaults, ...members } as RecordDescription, name: `line ${line}` };
}
