import type { FileRow } from "../../store/queries/hosting/files.ts";
import type { UploadRow } from "../../store/queries/hosting/uploads.ts";
import { orNull, toHex } from "../format.ts";
import { described, hash, nullable, objectOf, oneOf, type Schema, text, whole } from "../schema.ts";

const moment: Schema = { type: "string", description: "ISO 8601 (UTC)" };

export const fileId: Schema = {
  type: "string",
  pattern: "^file_[0-9a-f]{32}$",
  description: "Identifier of the file",
};

export const uploadId: Schema = {
  type: "string",
  pattern: "^upload_[0-9a-f]{32}$",
  description: "Identifier of the upload",
};

/** What an owner says about a file. */
export const givenFile = {
  name: { type: "string", maxLength: 255, description: "One name, without folders" },
  mediaType: { type: "string", maxLength: 127, description: "Told to those who ask; files are never served as it" },
  visibility: { ...oneOf(["private", "public"]), description: "Who may read it; private by default" },
  until: { type: "string", maxLength: 40, description: "ISO 8601: end of its term, when the platform deletes it" },
  retainUntil: { type: "string", maxLength: 40, description: "ISO 8601: until then nobody can delete it" },
} as const satisfies Record<string, Schema>;

export const fileSchema = objectOf({
  id: text,
  digest: described(hash, "SHA-256 of its bytes"),
  size: described(whole, "Bytes"),
  name: text,
  mediaType: described(text, "As its owner says"),
  visibility: oneOf(["private", "public"]),
  address: described(text, "Where its bytes can be had; SHA-256 of it is the address digest on chain"),
  addressDigest: hash,
  keptFrom: moment,
  keptBy: described(text, "Identifier of the key that brought it"),
  retainUntil: nullable(moment),
  until: nullable(moment),
  deleted: nullable(
    objectOf({
      at: moment,
      by: described(text, "Identifier of the key that deleted it, or `platform`"),
      reason: nullable(text),
    }),
  ),
});

export const uploadSchema = objectOf({
  id: text,
  size: described(whole, "Bytes"),
  received: described(whole, "Bytes that are safe on disk: it goes on from there"),
  digest: nullable(described(hash, "SHA-256 that it has to come to")),
  name: text,
  begunAt: moment,
  expiresAt: moment,
  file: nullable(described(text, "The file that it became")),
});

export const usageSchema = objectOf({
  tenant: described(text, "Account, or key without one, whose files they are"),
  from: moment,
  to: moment,
  files: described(whole, "Files that were kept at any moment of it"),
  byteMilliseconds: { type: "string", pattern: "^[0-9]+$", description: "Bytes times milliseconds: exact" },
  byteDays: { type: "string", pattern: "^[0-9]+\\.[0-9]{6}$", description: "Bytes times days, cut off at six places" },
});

export const roomSchema = objectOf({
  tenant: text,
  quota: described(whole, "Bytes that may be kept at a time"),
  kept: described(whole, "Bytes of the files that are kept"),
  arriving: described(whole, "Bytes set aside for uploads"),
});

export const findingSchema = objectOf({
  digest: hash,
  fault: { ...oneOf(["missing", "size", "content", "record"]), description: "What is wrong" },
  position: nullable(described(whole, "First byte of the first piece that is wrong")),
  foundBy: oneOf(["scrubber", "download", "audit"]),
  foundAt: moment,
  mendedAt: nullable(moment),
});

export const toMoment = (milliseconds: number) => new Date(milliseconds).toISOString();

export function showFile(file: FileRow, address: string, addressDigest: string) {
  const { id, digest, size, name, mediaType, visibility, keptFrom, keptBy, retainedUntil, termEnds } = file;
  const { deletedAt, deletedBy, deletionReason } = file;
  return {
    ...{ id, digest: toHex(digest), size, name, mediaType, visibility, address, addressDigest },
    ...{ keptFrom: toMoment(keptFrom), keptBy, retainUntil: orNull(retainedUntil, toMoment) },
    until: orNull(termEnds, toMoment),
    deleted: orNull(deletedAt, (at) => ({ at: toMoment(at), by: deletedBy, reason: deletionReason })),
  };
}

export function showUpload({ id, size, received, digest, name, begunAt, expiresAt, file }: UploadRow) {
  return {
    ...{ id, size, received, digest: orNull(digest, toHex), name, file },
    ...{ begunAt: toMoment(begunAt), expiresAt: toMoment(expiresAt) },
  };
}
