import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Checksum } from "../../hosting/receiving.ts";
import type { UploadRow } from "../../store/queries/hosting/uploads.ts";
import type { Schema } from "../schema.ts";

/** The version of tus that is spoken here (tus.io/protocols/resumable-upload). */
export const TUS_VERSION = "1.0.0";
export const TUS_EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration";
export const CHECKSUMS = ["sha256", "sha512", "sha1", "md5"] as const;

const MOST_METADATA = 4_096;
const METADATA_KEY = /^[!-+\--~]{1,64}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

const bytes = (description: string, least = 0): Schema => ({
  ...{ type: "integer", minimum: least, maximum: Number.MAX_SAFE_INTEGER, description },
});

/** Headers of requests, as the OpenAPI document has them. */
export const TUS_HEADERS = {
  version: { "tus-resumable": { type: "string", enum: [TUS_VERSION], description: "Version of tus" } },
  length: { "upload-length": bytes("Bytes of the file", 1) },
  offset: { "upload-offset": bytes("Where the sender believes that the upload stands") },
  metadata: {
    "upload-metadata": { type: "string", maxLength: MOST_METADATA, description: "Names with base64 behind them" },
  },
  checksum: { "upload-checksum": { type: "string", description: "Algorithm and base64 of the part's digest" } },
} as const satisfies Record<string, Record<string, Schema>>;

/** @throws BropError `upload.version` */
export function checkVersion(headers: IncomingHttpHeaders, reply: FastifyReply): void {
  reply.header("tus-resumable", TUS_VERSION);
  if (headers["tus-resumable"] === TUS_VERSION) return;
  reply.header("tus-version", TUS_VERSION);
  throw new BropError("upload.version", { given: headers["tus-resumable"] ?? null, known: TUS_VERSION });
}

/** A header that is a number of bytes. @throws BropError `request.invalid` */
export function byteCount(headers: IncomingHttpHeaders, name: string): number {
  const text = headers[name];
  const count = typeof text === "string" && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count)) return count;
  throw invalid(name, "must be a number of bytes");
}

/** `Upload-Metadata`: names, each with a text in base64. @throws BropError `request.invalid` */
export function readMetadata(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined || header.trim() === "") return {};
  if (header.length > MOST_METADATA) throw invalid("upload-metadata", `must have at most ${MOST_METADATA} characters`);
  const members = new Map<string, string>();
  for (const pair of header.split(",")) {
    const [key = "", value = "", ...more] = pair.trim().split(" ");
    if (!METADATA_KEY.test(key) || !BASE64.test(value) || more.length > 0 || members.has(key)) {
      throw invalid("upload-metadata", "must be names, each once, with a space and base64 behind it");
    }
    members.set(key, decode(value));
  }
  return Object.fromEntries(members);
}

function decode(base64: string): string {
  try {
    return utf8.decode(Buffer.from(base64, "base64"));
  } catch {
    throw invalid("upload-metadata", "must be texts in UTF-8");
  }
}

const LENGTHS = { sha1: 20, md5: 16, sha256: 32, sha512: 64 } as const;

/** `Upload-Checksum`: an algorithm and the digest in base64. @throws BropError `request.invalid` */
export function readChecksum(header: string | undefined): Checksum | undefined {
  if (header === undefined) return undefined;
  const [algorithm = "", text = "", ...more] = header.trim().split(" ");
  const known = CHECKSUMS.find((name) => name === algorithm);
  const value = Buffer.from(text, "base64");
  if (known === undefined || more.length > 0 || !BASE64.test(text) || value.length !== LENGTHS[known]) {
    throw invalid("upload-checksum", `must be one of ${CHECKSUMS.join(", ")} and the digest in base64`);
  }
  return { algorithm: known, value };
}

/** What every answer about an upload says. */
export function describeUpload(reply: FastifyReply, { size, received, expiresAt, file }: UploadRow): FastifyReply {
  reply.headers({ "upload-offset": received, "upload-length": size, "cache-control": "no-store" });
  if (file === null) reply.header("upload-expires", new Date(expiresAt).toUTCString());
  else reply.header("content-location", `/v1/files/${file}`);
  return reply;
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, in: "headers", reason });
}
