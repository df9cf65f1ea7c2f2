import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is as long as a file: the route takes it piece by piece, and nothing else reads or digests it. */
    streamed?: boolean;
  }
}

/** Bytes of a refused body that are still read, so that its sender gets to see the answer. */
const LINGER_BYTES = 16 * 1_048_576;
const LINGER = 10_000;

/** For routes whose bodies are files: of any type, any length, and never in memory as a whole. */
export function streamBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, body, done) => done(null, body));
  server.addHook("onResponse", async ({ raw }) => {
    if (raw.complete || raw.destroyed) return;
    let read = 0;
    raw.on("data", (bytes: Buffer) => {
      read += bytes.length;
      if (read > LINGER_BYTES) raw.destroy();
    });
    const timer = setTimeout(() => raw.destroy(), LINGER);
    timer.unref();
    raw.once("close", () => clearTimeout(timer));
  });
}

/** A request's body; one without a body has none of a length. */
export function bodyStream({ body }: FastifyRequest): Readable {
  return body instanceof Readable ? body : Readable.from([], { objectMode: false });
}

/** `Content-Length`, where the length is said. */
export function bodyLength({ headers }: FastifyRequest): number | undefined {
  if (headers["content-length"] !== undefined) return Number(headers["content-length"]);
  return headers["transfer-encoding"] === undefined ? 0 : undefined;
}
