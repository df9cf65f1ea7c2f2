import { mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import staticFiles from "@fastify/static";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from "fastify";
import { Methods } from "../api/methods.ts";
import { answerProblem, noRoute, pathOf } from "../api/problems.ts";
import { type FastifyFault, refusalOf } from "../api/refusal.ts";
import { SERVER_OPTIONS } from "../api/server-options.ts";
import { BropError } from "../core/errors.ts";
import { allowOtherOrigins } from "./cross-origin.ts";
import { addHealthRoutes, type HealthCheck } from "./health.ts";
import { addMetricsRoute, type Measurement } from "./metrics.ts";
import type { Port } from "./port.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { serveSite } from "./site.ts";
import { limitSlowBodies } from "./slow-bodies.ts";

export interface ServerOptions {
  port: Port;
  logger: FastifyBaseLogger;
  checks: readonly HealthCheck[];
  measurements: readonly Measurement[];
  /** Routes of the parts that this process runs. */
  plugins: readonly FastifyPluginAsync[];
  /** Serve the public site; its built files are expected in `folder`. */
  site?: { folder?: string };
  /** Addresses of the proxies whose word about where a request comes from is taken. */
  trustedProxies?: readonly string[] | undefined;
  /** Aborted when the process is about to stop: it still answers, and is no longer ready. */
  stopping?: AbortSignal;
  /** Folder of texts served at `/documents/`. */
  documents?: string;
}

/** Puts everything on the one port: site, API, JSON-RPC, health and metrics. */
export async function openServer(options: ServerOptions): Promise<FastifyInstance> {
  const { port, logger, checks, measurements, plugins, site, documents, trustedProxies, stopping } = options;
  let answer: RequestListener = () => undefined;
  const server: FastifyInstance = fastify({
    loggerInstance: logger,
    // One line a request would be most of the log and a good part of the work; errors are logged below.
    logController: new LogController({ disableRequestLogging: true }),
    ...SERVER_OPTIONS,
    ...(trustedProxies === undefined ? {} : { trustProxy: [...trustedProxies] }),
    serverFactory: (handler) => {
      answer = handler;
      return port.server;
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  const methods = new Methods(server);
  addSecurityHeaders(server);
  limitSlowBodies(server);
  allowOtherOrigins(server, "/v1");
  answerErrors(server);
  addHealthRoutes(server, checks, stopping);
  addMetricsRoute(server, measurements);
  for (const plugin of plugins) await server.register(plugin);
  if (documents !== undefined) {
    mkdirSync(documents, { recursive: true });
    await server.register(staticFiles, { root: documents, prefix: "/documents/", decorateReply: false, index: false });
  }
  const showPage = site === undefined ? () => false : await serveSite(server, site.folder);
  server.setNotFoundHandler((request, reply) => {
    if (showPage(request, reply)) return reply;
    return answerProblem(request, reply, noRoute(request, methods, reply));
  });
  await server.ready();
  port.open(answer);
  return server;
}

function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((thrown, request, reply) => {
    const error = refusalOf(thrown as FastifyFault) ?? BropError.from(thrown);
    if (error.httpStatus >= 500) request.log.error({ err: thrown, path: pathOf(request.url) }, "A request failed");
    return answerProblem(request, reply, error);
  });
}
