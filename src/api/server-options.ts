import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import { BropError } from "../core/errors.ts";
import { answerProblem } from "./problems.ts";
import { type FastifyFault, refusalOf } from "./refusal.ts";

/** Bytes of a body. */
export const BODY_LIMIT = 1_048_576;
/** Characters of a part of a path: longer than every identifier. */
const LONGEST_PARAMETER = 200;
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** What a Fastify server needs that serves these routes. */
export const SERVER_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  /** The caller's `x-request-id`, if it is a harmless one: it stands in logs. */
  genReqId: ({ headers }) => {
    const given = headers["x-request-id"];
    return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  },
  frameworkErrors: answerEarly,
} satisfies FastifyServerOptions;

/** What is refused before there is a route: paths that are no text, and those that are too long. */
function answerEarly(fault: FastifyFault, request: FastifyRequest, reply: FastifyReply): void {
  answerProblem(request, reply, refusalOf(fault) ?? BropError.from(fault));
}
