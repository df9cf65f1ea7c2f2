import type { FastifyInstance } from "fastify";

/** Milliseconds in which a request has to have come. A file takes as long as it takes, and is given up when it is silent. */
const PATIENCE = 300_000;

/** Gives requests up whose bodies come slower than anybody sends them; files have a rule of their own. */
export function limitSlowBodies(server: FastifyInstance, patience = PATIENCE): void {
  server.addHook("onRequest", async ({ raw, headers, routeOptions }) => {
    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (!hasBody || routeOptions.config.streamed === true) return;
    const timer = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, patience);
    timer.unref();
    raw.once("close", () => clearTimeout(timer));
  });
}
