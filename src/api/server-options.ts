import { randomUUID } from "node:crypto";
import { type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from "fastify";
import { BropError } from "../core/errors.ts";
import { answerProblem } from "./problems.ts";
import { type FastifyFault, refusalOf } from "./refusal.ts";

/** Bytes of a body. */
export const BODY_LIMIT = 1_048_576;
/** Bytes of all headers and the path: room for filters that stand in the query. */
export const HEADER_LIMIT = 65_536;
/** Characters of a part of a path: longer than every identifier. */
const LONGEST_PARAMETER = 200;
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** What a Fastify server needs that serves these routes. */
export const SERVER_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  /** Where Fastify makes the server itself. */
  http: { maxHeaderSize: HEADER_LIMIT },
  clientErrorHandler: refuseUnread,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  /** The caller's `x-request-id`, if it is a harmless one: it stands in logs. */
  genReqId: ({ headers }) => {
    const given = headers["x-request-id"];
    return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  },
  frameworkErrors: answerEarly,
} satisfies FastifyHttpOptions<Server>;

/** What is refused before there is a route: paths that are no text, and those that are too long. */
function answerEarly(fault: FastifyFault, request: FastifyRequest, reply: FastifyReply): void {
  answerProblem(request, reply, refusalOf(fault) ?? BropError.from(fault));
}

/** What Node could not read as HTTP; there is no request yet. */
function refuseUnread(fault: Error & { code?: string }, socket: Socket): void {
  if (fault.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const tooLarge = fault.code === "HPE_HEADER_OVERFLOW";
  const error = tooLarge
    ? new BropError("request.headers-too-large", { most: HEADER_LIMIT })
    : new BropError("request.invalid", { reason: "it is not HTTP" });
  const body = JSON.stringify(error.toProblem());
  const head = [
    `HTTP/1.1 ${error.httpStatus} ${STATUS_CODES[error.httpStatus]}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
