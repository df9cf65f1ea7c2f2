import type { FastifyInstance } from "fastify";

/** Nothing is loaded from elsewhere, nothing runs inline, nobody frames the site. */
const POLICY = policy("style-src 'self'");
/** The console of the query interface writes styles into its page; scripts stay as strict. */
const CONSOLE_POLICY = policy("style-src 'self' 'unsafe-inline'");

function policy(styles: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    styles,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Sets security headers on every answer; a route may set its own instead. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook("onRequest", async (request, reply) => {
    const isConsole = request.url === "/docs" || request.url.startsWith("/docs/");
    reply.header("content-security-policy", isConsole ? CONSOLE_POLICY : POLICY).headers(HEADERS);
  });
}
