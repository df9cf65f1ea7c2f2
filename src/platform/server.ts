import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import staticFiles from "@fastify/static";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from "fastify";
import { BropError } from "../core/errors.ts";
import { allowOtherOrigins } from "./cross-origin.ts";
import { addHealthRoutes, type HealthCheck } from "./health.ts";
import { addMetricsRoute, type Measurement } from "./metrics.ts";
import type { Port } from "./port.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { serveSite } from "./site.ts";

export interface ServerOptions {
  port: Port;
  logger: FastifyBaseLogger;
  checks: readonly HealthCheck[];
  measurements: readonly Measurement[];
  /** Routes of the parts that this process runs. */
  plugins: readonly FastifyPluginAsync[];
  /** Serve the public site; its built files are expected in `folder`. */
  site?: { folder?: string };
  /** Folder of texts served at `/documents/`. */
  documents?: string;
}

const BODY_LIMIT = 1_048_576;

/** Puts everything on the one port: site, API, JSON-RPC, health and metrics. */
export async function openServer(options: ServerOptions): Promise<FastifyInstance> {
  const { port, logger, checks, measurements, plugins, site, documents } = options;
  let answer: RequestListener = () => undefined;
  const server: FastifyInstance = fastify({
    loggerInstance: logger,
    // One line a request would be most of the log and a good part of the work; errors are logged below.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    serverFactory: (handler) => {
      answer = handler;
      return port.server;
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  addSecurityHeaders(server);
  allowOtherOrigins(server, "/v1");
  answerErrors(server);
  addHealthRoutes(server, checks);
  addMetricsRoute(server, measurements);
  for (const plugin of plugins) await server.register(plugin);
  if (documents !== undefined) {
    mkdirSync(documents, { recursive: true });
    await server.register(staticFiles, { root: documents, prefix: "/documents/", decorateReply: false, index: false });
  }
  const showPage = site === undefined ? () => false : await serveSite(server, site.folder);
  server.setNotFoundHandler((request, reply) => {
    if (showPage(request, reply)) return reply;
    return sendProblem(reply, new BropError("resource.not-found", { path: request.url }), request.url);
  });
  await server.ready();
  port.open(answer);
  return server;
}

function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((thrown, request, reply) => {
    const error = asBropError(thrown as FastifyFault);
    if (error.httpStatus >= 500) request.log.error({ err: thrown, path: request.url }, "A request failed");
    return sendProblem(reply, error, request.url);
  });
}

interface FastifyFault {
  code?: string;
  statusCode?: number;
  message?: string;
}

/** Fastify's own refusals in the words of the error table. */
function asBropError(fault: FastifyFault): BropError {
  if (fault instanceof BropError || fault.statusCode === undefined || fault.statusCode >= 500) {
    return BropError.from(fault);
  }
  const options = { cause: fault };
  if (fault.statusCode === 413) return new BropError("request.too-large", { most: BODY_LIMIT }, undefined, options);
  if (fault.code === "FST_ERR_CTP_INVALID_JSON_BODY") return new BropError("request.malformed", {}, undefined, options);
  if (fault.statusCode === 404) return new BropError("resource.not-found", {}, undefined, options);
  return new BropError("request.invalid", { reason: fault.message }, undefined, options);
}

interface Reply {
  code(status: number): Reply;
  type(contentType: string): Reply;
  send(body: string): Reply;
}

function sendProblem<Answer extends Reply>(reply: Answer, error: BropError, path: string): Answer {
  const body = JSON.stringify(error.toProblem(path));
  return reply.code(error.httpStatus).type("application/problem+json").send(body) as Answer;
}
