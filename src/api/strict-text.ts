import type { FastifyInstance } from "fastify";
import { BropError } from "../core/errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** Escapes of JSON for what might be no text: NUL and halves of characters. */
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

/**
 * Takes JSON whose strings are text that a database can hold: in UTF-8, without NUL (PostgreSQL stores none) and without
 * halves of characters (RFC 7493). The same for paths and queries.
 */
export function takeTextOnly(server: FastifyInstance): void {
  server.addHook("onRequest", ({ url }, _reply, done) => {
    if (!url.includes("%00")) return done();
    done(new BropError("request.invalid", { in: "path or query", reason: "holds NUL" }));
  });
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser(["application/json", "text/plain"]);
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch (error) {
      return done(new BropError("request.malformed", {}, undefined, { cause: error }));
    }
    parse(request, text, (fault, value) => {
      if (fault !== null) return done(fault);
      const field = SUSPICIOUS.test(text) ? findUnsound(value, "") : undefined;
      if (field === undefined) return done(null, value);
      done(new BropError("request.invalid", { field, in: "body", reason: "holds NUL or half a character" }));
    });
  });
}

/** Where the first string is that is no text. */
function findUnsound(value: unknown, place: string): string | undefined {
  if (typeof value === "string") return isSound(value) ? undefined : place;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const inside = place === "" ? name : `${place}/${name}`;
    if (!isSound(name)) return place;
    const found = findUnsound(member, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSound(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
