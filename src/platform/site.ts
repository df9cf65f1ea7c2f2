import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import staticFiles from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const BUILT_SITE = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const HINT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>BROP</title>
<h1>BROP</h1>
<p>The platform runs. Its site is not built: run <code>npm run build</code> and load this page again.</p>
<p>The query interface is at <a href="/v1/status">/v1/status</a>, its description at <a href="/docs">/docs</a>.</p>
</html>
`;
/** Paths of programs, not of pages: what is not found there is said in their way. */
const NOT_PAGES = /^\/(v1|rpc|docs|documents|assets|events|ws|tsa|metrics|healthz|readyz)(\/|$)/;

/**
 * Serves the site: its files at `/`, and its one page for every address that it routes by itself.
 *
 * @returns answers a request for which there is no route with the site's page; false when it is none for a page
 */
export async function serveSite(server: FastifyInstance, folder = BUILT_SITE) {
  if (!existsSync(join(folder, "index.html"))) {
    server.get("/", { schema: { hide: true } as object }, (_request, reply) =>
      reply.type("text/html; charset=utf-8").send(HINT),
    );
    return () => false;
  }
  await server.register(staticFiles, {
    root: folder,
    cacheControl: false,
    // The build puts a `.br` and a `.gz` beside each file.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // The build puts a digest of the content into these names.
      const fixed = path.startsWith(join(folder, "assets"));
      reply.header("cache-control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
      reply.header("vary", "accept-encoding");
    },
  });
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (!wantsPage || NOT_PAGES.test(pathOf(request.url))) return false;
    reply.code(200).sendFile("index.html");
    return true;
  };
}

const pathOf = (url: string) => url.split("?")[0] as string;
