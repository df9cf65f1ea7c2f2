import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BropError, ERRORS } from "../core/errors.ts";
import { objectOf, type Schema, text, whole } from "./schema.ts";

/** Problem details (RFC 9457), with members of their own for each code. */
export const problemSchema: Schema = {
  ...objectOf({
    type: text,
    title: text,
    status: whole,
    detail: text,
    instance: text,
    code: { type: "string", enum: Object.keys(ERRORS) },
    remedy: text,
  }),
  additionalProperties: true,
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

/** Where a request has a fault, by Fastify's words for it. */
const PLACES: Readonly<Record<string, string>> = { params: "path", querystring: "query", body: "body" };

interface FastifyFault {
  statusCode?: number;
  message?: string;
  validation?: { instancePath: string; message?: string; params?: Record<string, unknown> }[];
  validationContext?: string;
}

/** Answers every error of these routes as problem details, paths that are none included. */
export function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler((thrown, request, reply) => {
    const error = problemOf(thrown as FastifyFault);
    if (error.httpStatus >= 500) request.log.error({ err: thrown, path: request.url }, "A query failed");
    return answer(request, reply, error);
  });
  server.setNotFoundHandler((request, reply) =>
    answer(request, reply, new BropError("resource.not-found", { path: request.url })),
  );
}

function problemOf(fault: FastifyFault): BropError {
  const invalid = fault.validation?.[0];
  if (invalid !== undefined) {
    const { additionalProperty, missingProperty } = invalid.params ?? {};
    const field = additionalProperty ?? missingProperty ?? invalid.instancePath.slice(1);
    const place = PLACES[fault.validationContext ?? ""] ?? "query";
    return new BropError("request.invalid", { field, in: place, reason: invalid.message });
  }
  const refused = !(fault instanceof BropError) && (fault.statusCode ?? 500) < 500;
  if (refused) return new BropError("request.invalid", { reason: fault.message }, undefined, { cause: fault });
  return BropError.from(fault);
}

// Fastify must not serialize it by the schema of an answer that went well.
function answer(request: FastifyRequest, reply: FastifyReply, error: BropError): FastifyReply {
  const body = JSON.stringify(error.toProblem(request.url));
  if (error.httpStatus === 401) reply.header("www-authenticate", "Bearer");
  return reply.code(error.httpStatus).type("application/problem+json").send(body);
}
