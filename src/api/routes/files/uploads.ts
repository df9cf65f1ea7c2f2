import type { FastifyReply } from "fastify";
import { BropError } from "../../../core/errors.ts";
import { hexToBytes, isHexBytes } from "../../../core/hex.ts";
import type { UploadRow } from "../../../store/queries/hosting/uploads.ts";
import { FILE_OWNERS, ownerOf } from "../../access/file-owners.ts";
import { givenDigest } from "../../files/digest-headers.ts";
import { readGivenFile } from "../../files/given-file.ts";
import { hostingOf } from "../../files/hosting-context.ts";
import { bodyLength, bodyStream, streamBodies } from "../../files/streamed-bodies.ts";
import {
  byteCount,
  CHECKSUMS,
  checkVersion,
  describeUpload,
  readChecksum,
  readMetadata,
  TUS_EXTENSIONS,
  TUS_HEADERS,
  TUS_VERSION,
} from "../../files/tus.ts";
import { given, listOf, objectOf, type Schema } from "../../schema.ts";
import { showUpload, uploadId, uploadSchema } from "../../shapes/file.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { bytesBody } from "./bytes-body.ts";

const PART = "application/offset+octet-stream";
const common = { tag: "files", access: FILE_OWNERS } as const;
const one = { ...common, params: { id: uploadId } };
const empty = { type: "null" };

const { version, metadata, checksum } = TUS_HEADERS;
const headersOf = (needed: Readonly<Record<string, Schema>>, more: Readonly<Record<string, Schema>> = {}): Schema => ({
  ...{ type: "object", required: Object.keys(needed), properties: { ...needed, ...more } },
});

const schemas = {
  options: routeSchema({
    ...{ tag: "files", access: "public", summary: "What of tus is spoken here", answer: empty, status: 204 },
  }),
  begin: {
    ...routeSchema({
      ...common,
      summary: "Begin an upload (tus 1.0.0)",
      description:
        "`Upload-Length` is the file's size, `Upload-Metadata` may have `filename`, `filetype`, `sha256` (hexadecimal, " +
        "compared at the end), `visibility`, `until` and `retainUntil`. Room is set aside until `Upload-Expires`. A body " +
        "is its first part.",
      answer: empty,
      status: 201,
    }),
    headers: headersOf({ ...version, ...TUS_HEADERS.length }, { ...metadata, ...checksum }),
    body: bytesBody(PART),
  },
  list: routeSchema({
    ...common,
    summary: "Uploads of the key's account, newest first",
    query: { digest: given.hash("Only those that have to come to this SHA-256") },
    answer: objectOf({ items: listOf(uploadSchema) }),
  }),
  state: routeSchema({ ...one, summary: "How far an upload is (tus 1.0.0: HEAD)", answer: uploadSchema }),
  append: {
    ...routeSchema({
      ...one,
      summary: "Send more of an upload (tus 1.0.0)",
      description:
        "From `Upload-Offset` on. What came before a connection broke counts; with `Upload-Checksum` a part counts as a " +
        "whole or not at all. With the last byte the file is made: `Content-Location` names it.",
      answer: empty,
      status: 204,
    }),
    headers: headersOf({ ...version, ...TUS_HEADERS.offset }, checksum),
    body: bytesBody(PART),
  },
  end: {
    ...routeSchema({ ...one, summary: "Give an upload up (tus 1.0.0)", answer: empty, status: 204 }),
    headers: headersOf(version),
  },
};

type One = { Params: { id: string } };

/** /uploads: tus 1.0.0 with creation, creation-with-upload, termination, checksum and expiration */
export const uploadsRoute: AddRoute = (server, context) => {
  server.register(async (routes) => {
    streamBodies(routes);

    routes.options("/uploads", { schema: schemas.options }, async (_request, reply: FastifyReply) => {
      const { limits } = hostingOf(context).hosting.parts;
      return reply
        .headers({
          "tus-resumable": TUS_VERSION,
          "tus-version": TUS_VERSION,
          "tus-extension": TUS_EXTENSIONS,
          "tus-max-size": limits.largestFile,
          "tus-checksum-algorithm": CHECKSUMS.join(","),
        })
        .code(204)
        .send();
    });

    routes.post("/uploads", { schema: schemas.begin, config: { streamed: true } }, async (request, reply) => {
      const { hosting, transfers } = hostingOf(context);
      checkVersion(request.headers, reply);
      if (request.headers["upload-defer-length"] !== undefined) {
        throw new BropError("request.invalid", { field: "upload-length", in: "headers", reason: "has to be known" });
      }
      const size = byteCount(request.headers, "upload-length");
      const metadata = readMetadata(oneText(request.headers["upload-metadata"]));
      const digest = digestOf(metadata.sha256) ?? givenReprDigest(request.headers["repr-digest"]);
      const { filename: name, filetype: mediaType, visibility, until, retainUntil } = metadata;
      const said = readGivenFile({ name, mediaType, visibility, until, retainUntil });
      const checksum = readChecksum(oneText(request.headers["upload-checksum"]));
      const hasPart = request.headers["content-type"] === PART && bodyLength(request) !== 0;
      if (hasPart) transfers.enter(request, reply);
      let upload = await hosting.uploads.begin(ownerOf(request), { ...said, size, digest });
      request.auditDetails = { upload: upload.id, size };
      reply.header("location", `/v1/uploads/${upload.id}`);
      if (hasPart) {
        const part = { offset: 0, length: bodyLength(request), checksum };
        upload = await hosting.uploads.append(ownerOf(request), upload.id, part, bodyStream(request));
        request.auditDetails = { upload: upload.id, size, file: upload.file };
      }
      return describeUpload(reply, upload).code(201).send();
    });

    routes.patch<One>(
      "/uploads/:id",
      { schema: schemas.append, config: { streamed: true } },
      async (request, reply) => {
        const { hosting, transfers } = hostingOf(context);
        checkVersion(request.headers, reply);
        if (request.headers["content-type"] !== PART) throw new BropError("request.media-type", { needed: PART });
        const offset = byteCount(request.headers, "upload-offset");
        const checksum = readChecksum(oneText(request.headers["upload-checksum"]));
        transfers.enter(request, reply);
        const part = { offset, length: bodyLength(request), checksum };
        const upload = await hosting.uploads.append(ownerOf(request), request.params.id, part, bodyStream(request));
        request.auditDetails = { upload: upload.id, from: offset, to: upload.received, file: upload.file };
        return describeUpload(reply, upload).code(204).send();
      },
    );

    routes.delete<One>("/uploads/:id", { schema: schemas.end, config: { streamed: true } }, async (request, reply) => {
      checkVersion(request.headers, reply);
      await hostingOf(context).hosting.uploads.end(ownerOf(request), request.params.id);
      return reply.code(204).send();
    });
  });

  server.get<{ Querystring: { digest?: string } }>("/uploads", { schema: schemas.list }, async (request) => {
    const { digest } = request.query;
    const known = digest === undefined ? undefined : hexToBytes(digest);
    const uploads = await hostingOf(context).hosting.uploads.list(ownerOf(request), known);
    return { items: uploads.map(showUpload) };
  });

  // HEAD, as tus asks, is this without its body.
  server.get<One>("/uploads/:id", { schema: schemas.state }, async (request, reply) => {
    if (request.method === "HEAD") checkVersion(request.headers, reply);
    const upload: UploadRow = await hostingOf(context).hosting.uploads.state(ownerOf(request), request.params.id);
    return describeUpload(reply, upload).send(showUpload(upload));
  });
};

const oneText = (header: string | string[] | undefined) => (Array.isArray(header) ? header.join(",") : header);

function digestOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  if (isHexBytes(hex, 32)) return hexToBytes(hex);
  const reason = "`sha256` must be 64 hexadecimal digits";
  throw new BropError("request.invalid", { field: "upload-metadata", in: "headers", reason });
}

/** `Content-Digest` would be that of the first part. */
function givenReprDigest(header: string | string[] | undefined): Uint8Array | undefined {
  return header === undefined ? undefined : givenDigest({ "repr-digest": oneText(header) });
}
