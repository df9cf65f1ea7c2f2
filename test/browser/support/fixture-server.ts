import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { BropError } from "../../../src/core/errors.ts";
import { answerOf, type Mood } from "./fixture-answers.ts";

/** As strict as the platform's own: nothing from elsewhere, nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface FixtureServer {
  readonly url: string;
  /** What the registry answers from now on. */
  mood: Mood;
  /** Paths asked of `/v1` so far. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Serves the built site and answers of a small registry, each in exactly the form of the query interface. */
export async function startFixtureServer(site: string): Promise<FixtureServer> {
  const state = { mood: "usual" as Mood, asked: [] as string[] };
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("content-security-policy", POLICY);
    response.setHeader("x-content-type-options", "nosniff");
    if (url.pathname.startsWith("/v1/")) {
      state.asked.push(`${url.pathname}${url.search}`);
      const { status, type, body } = answer(state.mood, url);
      response.writeHead(status, { "content-type": type });
      response.end(JSON.stringify(body));
      return;
    }
    const path = extname(url.pathname) === "" ? "/index.html" : normalize(url.pathname);
    const content = await readFile(join(site, path)).catch(() => undefined);
    response.writeHead(content ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "text/plain" });
    response.end(content ?? "not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function answer(mood: Mood, url: URL): { status: number; type: string; body: unknown } {
  try {
    const body = answerOf(mood, url.pathname.slice("/v1".length), url.searchParams);
    return { status: 200, type: "application/json", body };
  } catch (thrown) {
    const error = BropError.from(thrown);
    return { status: error.httpStatus, type: "application/problem+json", body: error.toProblem(url.pathname) };
  }
}
