import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BropError, ERRORS } from "../core/errors.ts";
import type { Methods } from "./methods.ts";
import { type FastifyFault, refusalOf } from "./refusal.ts";
import { type Schema, text, whole } from "./schema.ts";

/** Problem details (RFC 9457), with members of their own for each code. */
export const problemSchema: Schema = {
  type: "object",
  required: ["type", "title", "status", "detail", "code", "remedy"],
  additionalProperties: true,
  properties: {
    type: text,
    title: text,
    status: whole,
    detail: text,
    instance: text,
    requestId: { type: "string", description: "`x-request-id` of the answer" },
    code: { type: "string", enum: Object.keys(ERRORS) },
    remedy: text,
  },
};

/** Every refusal that any route may give. */
export const refusals: Readonly<Record<string, Schema>> = {
  "4xx": {
    description: "Refused: see `code` and `remedy`",
    content: { "application/problem+json": { schema: problemSchema } },
  },
  "5xx": {
    description: "Failed: see `code` and `remedy`",
    content: { "application/problem+json": { schema: problemSchema } },
  },
};

/** Answers every error of these routes as problem details, paths that are none included. */
export function answerProblems(server: FastifyInstance, methods: Methods): void {
  // Before anything else of the request is looked at, such as what a body would have to be.
  server.addHook("onRequest", (request, reply, done) => {
    if (request.is404 || methods.isElsewhere(request)) done(noRoute(request, methods, reply));
    else done();
  });
  server.setErrorHandler((thrown, request, reply) => {
    const error = refusalOf(thrown as FastifyFault) ?? BropError.from(thrown);
    if (error.httpStatus >= 500) request.log.error({ err: thrown, path: pathOf(request.url) }, "A query failed");
    return answerProblem(request, reply, error);
  });
  server.setNotFoundHandler((request, reply) => answerProblem(request, reply, noRoute(request, methods, reply)));
}

/** Nothing is at this path, or something that other methods ask for (RFC 9110 §15.5.6). */
export function noRoute(request: FastifyRequest, methods: Methods, reply: FastifyReply): BropError {
  const allowed = methods.of(pathOf(request.url));
  if (allowed.length === 0) return new BropError("resource.not-found", { path: request.url });
  const allow = allowed.join(", ");
  reply.header("allow", allow);
  return new BropError("request.http-method", { method: request.method, allow });
}

/**
 * Answers with an error as problem details. As text: Fastify must not serialize it by the schema of an answer that went
 * well.
 */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, error: BropError): FastifyReply {
  const body = JSON.stringify({ ...error.toProblem(request.url), requestId: request.id });
  const { retryAfter } = error.details;
  if (typeof retryAfter === "number") reply.header("retry-after", retryAfter);
  if (error.httpStatus === 401) reply.header("www-authenticate", "Bearer");
  return reply.code(error.httpStatus).type("application/problem+json").send(body);
}

/** Without the query, which may hold what is nobody's business. */
export const pathOf = (url: string): string => url.split("?")[0] as string;
