import type { FastifyReply, FastifyRequest } from "fastify";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex, hexToBytes } from "../../../core/hex.ts";
import { checkFileName } from "../../../hosting/terms.ts";
import { FILE_ORDER, type FileChanges, listFiles, type Visibility } from "../../../store/queries/hosting/files.ts";
import { FILE_OWNERS, ownerOf } from "../../access/file-owners.ts";
import { givenDigest } from "../../files/digest-headers.ts";
import { type GivenFile, readGivenFile } from "../../files/given-file.ts";
import { hostingOf, shownFile } from "../../files/hosting-context.ts";
import { bodyLength, bodyStream, streamBodies } from "../../files/streamed-bodies.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { parseTime } from "../../parse-time.ts";
import { bodyOf, flag, given, nullable, pageSchema } from "../../schema.ts";
import { fileId, fileSchema, givenFile } from "../../shapes/file.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { bytesBody } from "./bytes-body.ts";

const common = { tag: "files", access: FILE_OWNERS } as const;
const one = { ...common, params: { id: fileId }, answer: fileSchema };
const LONGEST_REASON = 500;
const DIGEST_TEXT =
  "`Repr-Digest` or `Content-Digest` (RFC 9530) with a SHA-256 is compared before anything is kept. `Content-Length` is " +
  "needed. A file that one has already is answered as it is. For large files and bad lines there is /v1/uploads.";

const { retainUntil, until, name, visibility } = givenFile;

const schemas = {
  add: {
    ...routeSchema({
      ...common,
      summary: "Store a file in one request",
      description: DIGEST_TEXT,
      query: givenFile,
      answer: fileSchema,
      status: 201,
    }),
    body: bytesBody("application/octet-stream"),
  },
  put: {
    ...routeSchema({
      ...common,
      summary: "Store a file by its digest in one request",
      description: DIGEST_TEXT,
      params: { digest: given.hash("SHA-256 of the bytes") },
      query: givenFile,
      answer: fileSchema,
      status: 201,
    }),
    body: bytesBody("application/octet-stream"),
  },
  list: routeSchema({
    ...common,
    summary: "Files of the key's account, newest first",
    query: {
      digest: given.hash("Only those of this content"),
      deleted: { ...flag, description: "Only deleted ones, or only those that are kept" },
      ...paging,
    },
    answer: pageSchema(fileSchema),
  }),
  get: routeSchema({
    ...one,
    summary: "One file, also after it was deleted",
    description: "Without its bytes. Of somebody else's only public ones that are kept are told.",
    access: "public",
  }),
  change: routeSchema({
    ...one,
    summary: "Change what is said about a file",
    description: "The time until which it has to be kept can only grow while it lies ahead.",
    body: bodyOf({ name, visibility, retainUntil: nullable(retainUntil), until: nullable(until) }),
  }),
  remove: routeSchema({
    ...one,
    summary: "Delete a file",
    description:
      "Its row stays and tells when it was deleted and by whom; what is on chain stays anyway. The bytes are removed when " +
      "no other file has them.",
    query: { reason: { type: "string", maxLength: LONGEST_REASON, description: "Why, for the row" } },
  }),
};

type One = { Params: { id: string } };
interface Changes {
  name?: string;
  visibility?: Visibility;
  until?: string | null;
  retainUntil?: string | null;
}

/** POST and GET /files, PUT /file-contents/:digest, and GET, PATCH and DELETE /files/:id (EV-7) */
export const filesRoute: AddRoute = (server, context) => {
  server.register(async (routes) => {
    streamBodies(routes);
    routes.post<{ Querystring: GivenFile }>(
      "/files",
      { schema: schemas.add, config: { streamed: true } },
      (request, reply) => take(request, reply, request.query, givenDigest(request.headers)),
    );
    routes.put<{ Params: { digest: string }; Querystring: GivenFile }>(
      "/file-contents/:digest",
      { schema: schemas.put, config: { streamed: true } },
      async (request, reply) => {
        const digest = hexToBytes(request.params.digest);
        const said = givenDigest(request.headers);
        if (said !== undefined && !Buffer.from(said).equals(digest)) {
          throw new BropError("upload.digest-differs", { given: said, digest });
        }
        return take(request, reply, request.query, digest);
      },
    );
  });

  server.get<{ Querystring: PagingQuery & { digest?: string; deleted?: boolean } }>(
    "/files",
    { schema: schemas.list },
    async (request) => {
      const hosting = hostingOf(context);
      const { digest, deleted } = request.query;
      const filter = {
        tenant: ownerOf(request).tenant,
        ...(digest === undefined ? {} : { digest: hexToBytes(digest) }),
        ...(deleted === undefined ? {} : { deleted }),
      };
      const page = await listFiles(context.db, filter, pageRequest(request.query, FILE_ORDER));
      return pageAnswer(page, (file) => shownFile(hosting, file));
    },
  );

  server.get<One>("/files/:id", { schema: schemas.get }, async (request) => {
    const hosting = hostingOf(context);
    const { files } = hosting.hosting;
    const { id } = request.params;
    const own = mayHaveFiles(request) ? await files.own(ownerOf(request), id).catch(() => undefined) : undefined;
    return shownFile(hosting, own ?? (await files.readable(undefined, id)));
  });

  server.patch<One & { Body: Changes }>("/files/:id", { schema: schemas.change }, async (request) => {
    const hosting = hostingOf(context);
    const changed = await hosting.hosting.files.change(ownerOf(request), request.params.id, changesOf(request.body));
    return shownFile(hosting, changed);
  });

  server.delete<One & { Querystring: { reason?: string } }>(
    "/files/:id",
    { schema: schemas.remove },
    async (request) => {
      const hosting = hostingOf(context);
      const { reason = null } = request.query;
      return shownFile(hosting, await hosting.hosting.files.delete(ownerOf(request), request.params.id, reason));
    },
  );

  async function take(request: FastifyRequest, reply: FastifyReply, said: GivenFile, digest: Uint8Array | undefined) {
    const hosting = hostingOf(context);
    const size = bodyLength(request);
    if (size === undefined) {
      throw new BropError("request.invalid", { field: "content-length", in: "headers", reason: "is needed" });
    }
    hosting.transfers.enter(request, reply);
    const asked = { ...readGivenFile(said), size, digest };
    const { file, isNew } = await hosting.hosting.take(ownerOf(request), asked, bodyStream(request));
    request.auditDetails = { file: file.id, digest: bytesToHex(file.digest), size };
    reply.header("location", `/v1/files/${file.id}`);
    return reply
      .code(201)
      .header("brop-file", isNew ? "new" : "known")
      .send(shownFile(hosting, file));
  }
};

/** Whether a public route was asked with a key that may have files. */
export function mayHaveFiles({ principal }: FastifyRequest): boolean {
  return principal !== undefined && (principal.scopes.includes("*") || principal.scopes.includes("files"));
}

function changesOf({ name: newName, visibility: newVisibility, until: end, retainUntil: kept }: Changes): FileChanges {
  return {
    ...(newName === undefined ? {} : { name: checkFileName(newName) }),
    ...(newVisibility === undefined ? {} : { visibility: newVisibility }),
    ...(end === undefined ? {} : { termEnds: end === null ? null : parseTime("until", end) }),
    ...(kept === undefined ? {} : { retainedUntil: kept === null ? null : parseTime("retainUntil", kept) }),
  };
}
