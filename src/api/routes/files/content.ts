import type { FastifyRequest } from "fastify";
import { hexToBytes } from "../../../core/hex.ts";
import { tenantOf } from "../../access/principal.ts";
import { answerContent } from "../../files/answer-content.ts";
import { hostingOf } from "../../files/hosting-context.ts";
import { given } from "../../schema.ts";
import { fileId } from "../../shapes/file.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { bytesAnswer } from "./bytes-body.ts";
import { mayHaveFiles } from "./files.ts";

const TEXT =
  "Private files need a key of their owner. Each MiB is compared with its digest before it is sent: a file that is not as " +
  "it was given ends with `store.damaged`, or, where the damage lies behind what was sent, with a broken connection. " +
  "`Repr-Digest` has the SHA-256 of the whole file. One range is answered with `206`; `If-Range` and `If-None-Match` take " +
  "the `ETag`. The type is always application/octet-stream, to be saved and not shown.";

function schemaOf(summary: string, params: Parameters<typeof routeSchema>[0]["params"]) {
  const schema = routeSchema({
    tag: "files",
    access: "public",
    summary,
    description: TEXT,
    params,
    answer: bytesAnswer,
  });
  const more = {
    206: { description: "The bytes of the range", ...bytesAnswer },
    304: { description: "The file is the version that one has", type: "null" },
  };
  return { ...schema, response: { ...more, ...schema.response } };
}

const schemas = {
  file: schemaOf("The bytes of a file", { id: fileId }),
  content: schemaOf("The bytes that have a digest", { digest: given.hash("SHA-256 of the bytes") }),
};

/** GET and HEAD /files/:id/content and /file-contents/:digest */
export const fileContentRoute: AddRoute = (server, context) => {
  server.get<{ Params: { id: string } }>("/files/:id/content", { schema: schemas.file }, async (request, reply) => {
    const { hosting, transfers } = hostingOf(context);
    const file = await hosting.files.readable(readerOf(request), request.params.id);
    return answerContent(request, reply, { file, files: hosting.files, transfers });
  });
  server.get<{ Params: { digest: string } }>(
    "/file-contents/:digest",
    { schema: schemas.content },
    async (request, reply) => {
      const { hosting, transfers } = hostingOf(context);
      const file = await hosting.files.readableContent(readerOf(request), hexToBytes(request.params.digest));
      return answerContent(request, reply, { file, files: hosting.files, transfers });
    },
  );
};

function readerOf(request: FastifyRequest): string | undefined {
  return request.principal !== undefined && mayHaveFiles(request) ? tenantOf(request.principal) : undefined;
}
