import { canonicalBytes } from "../../core/canonical-json.ts";
import { createNativeDigest } from "../../core/digest.node.ts";
import { type DigestAlgorithm, parseDigestAlgorithm } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { recordId } from "../../core/record-id.ts";
import { createRecordInput } from "../../core/record-input.ts";
import type { RecordInput } from "../../core/ssz-record.ts";
import type { DataToKeep, Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";

/** What is recorded: data, of which the digest is made here, or the digest itself. */
export interface DigestRequest {
  /** JSON; the digest is that of its canonical form (RFC 8785). */
  data?: unknown;
  /** Bytes in base64. */
  bytes?: string | undefined;
  digest?: string | undefined;
  algorithm?: DigestAlgorithm | undefined;
}

/** A record in the words of the business. */
export interface RecordRequest extends DigestRequest {
  kind?: number | undefined;
  subject?: string | undefined;
  businessKey?: string | undefined;
  refersTo?: string | undefined;
  /** Name of the schema by which the data is kept. */
  schema?: string | undefined;
}

/** A record as the chain takes it. */
export interface MadeRecord {
  input: RecordInput;
  content: { record: string; digest: string; algorithm: string };
  keep: DataToKeep[];
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const ZERO = `0x${"00".repeat(32)}`;

/**
 * The digest that is asked for.
 * @throws BropError `request.invalid` unless exactly one of data, bytes and digest is there; `canonical.invalid` for JSON
 * that has no canonical form
 */
export function digestOf({ data, bytes, digest, algorithm }: DigestRequest): {
  digest: string;
  algorithm: DigestAlgorithm;
} {
  const name = parseDigestAlgorithm(algorithm ?? "sha2-256");
  const given = [data, bytes, digest].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new BropError("request.invalid", { field: "data", reason: "give exactly one of data, bytes and digest" });
  }
  if (digest !== undefined) return { digest: digest.toLowerCase(), algorithm: name };
  if (bytes !== undefined && !BASE64.test(bytes)) {
    throw new BropError("request.invalid", { field: "bytes", reason: "must be base64" });
  }
  const made = createNativeDigest(name);
  made.update(bytes === undefined ? canonicalBytes(data) : Buffer.from(bytes, "base64"));
  return { digest: bytesToHex(made.digest()), algorithm: name };
}

/**
 * Makes the record of a request.
 * @param owner account that records
 * @param object whose link it becomes, instead of a subject of its own
 * @throws BropError `request.invalid`, `canonical.invalid`
 */
export function makeRecord(owner: string, request: RecordRequest, object?: string): MadeRecord {
  const { kind, subject, businessKey, refersTo, schema, data } = request;
  const { digest, algorithm } = digestOf(request);
  if (object !== undefined && subject !== undefined) {
    throw new BropError("request.invalid", { field: "subject", reason: "the subject of a link is its object" });
  }
  if (schema !== undefined && data === undefined) {
    throw new BropError("request.invalid", { field: "schema", reason: "needs data" });
  }
  const input = createRecordInput({ digest, algorithm, kind, subject, businessKey, refersTo });
  if (input.digest === ZERO) throw new BropError("request.invalid", { field: "digest", reason: "must not be zero" });
  return {
    input,
    content: { record: recordId(owner, input.digest, object ?? input.subject), digest: input.digest, algorithm },
    keep: schema === undefined ? [] : [{ schema, digest: input.digest, owner, data }],
  };
}

/** One record. @throws BropError `request.invalid`, `canonical.invalid` */
export async function recordForm(book: ContractBook, owner: string, request: RecordRequest): Promise<Form> {
  const { input, content, keep } = makeRecord(owner, request);
  const { address, interface: abi } = await book.find("Records");
  return {
    kind: "record",
    calls: [{ target: address, data: abi.encodeFunctionData("record", [input]) }],
    content,
    keep,
  };
}
