import type { FastifyInstance } from "fastify";
import { parseJson } from "../retrieval/parse-json.ts";

/** Bodies of these routes are read as they will be digested: nothing that a parser would silently change is let in. */
export function takeStrictJson(server: FastifyInstance): void {
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}
