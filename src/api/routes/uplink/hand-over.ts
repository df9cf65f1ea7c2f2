import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BropError } from "../../../core/errors.ts";
import type { SubmissionRow } from "../../../store/queries/uplink/submissions.ts";
import type { Caller, Form, Terms } from "../../../uplink/form.ts";
import { once, parseIdempotencyKey, type Work } from "../../../uplink/idempotency.ts";
import { callerOf, SUBMITTERS } from "../../access/submitters.ts";
import type { ApiContext, UplinkContext } from "../../context.ts";
import { bodyOf, type Schema } from "../../schema.ts";
import { showWholeSubmission, wholeSubmissionSchema } from "../../shapes/submission.ts";
import { routeSchema } from "../route.ts";
import { type TermsBody, termsOf, termsSchema } from "./terms.ts";

/** Longest wait for an end, in seconds. */
const LONGEST_WAIT = 120;
const USUAL_WAIT = 30;

/** `?wait=included&timeout=30` */
export const waiting: Readonly<Record<string, Schema>> = {
  wait: { type: "string", enum: ["included"], description: "Answer when the end is there" },
  timeout: {
    type: "integer",
    minimum: 1,
    maximum: LONGEST_WAIT,
    default: USUAL_WAIT,
    description: "Longest wait in seconds; without an end by then the answer comes with 202",
  },
};

export interface WaitingQuery {
  wait?: "included";
  timeout?: number;
}

const KEY_TEXT =
  "With the header `Idempotency-Key` it is done once, however often it is sent: the same key and body are answered as " +
  "the first time for thirty days, another body with 409.";

/** Schema of a route that hands something over. */
export function handOverSchema(route: { summary: string; description?: string; body: Schema; answer?: Schema }) {
  const { summary, description, body, answer = wholeSubmissionSchema } = route;
  const query = answer === wholeSubmissionSchema ? waiting : {};
  return routeSchema({
    ...{ summary, body, answer, query, tag: "uplink", access: SUBMITTERS, status: 201 },
    description: description === undefined ? KEY_TEXT : `${description} ${KEY_TEXT}`,
    mayBePending: answer === wholeSubmissionSchema,
  });
}

/** @throws BropError `service.unavailable` where no chain is at hand */
export function uplinkOf({ uplink }: ApiContext): UplinkContext {
  if (uplink === undefined) throw new BropError("service.unavailable", { reason: "nothing can be handed over here" });
  return uplink;
}

/** One form of handing over: its own members, and how they become calls. */
interface FormRoute<Body> {
  path: string;
  summary: string;
  description?: string;
  properties: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  params?: Readonly<Record<string, Schema>>;
  form(uplink: UplinkContext, terms: Terms, body: Body, params: Record<string, string>, caller: Caller): Promise<Form>;
  /** What is done instead of handing an operation over; undefined: that is done. */
  otherwise?(request: FastifyRequest, terms: Terms, body: Body): Promise<Work | undefined>;
  /** What is answered then. */
  otherAnswer?: Schema;
}

/** Adds the route of a form: POST answers 201 with the submission. */
export function addFormRoute<Body extends object>(
  server: FastifyInstance,
  context: ApiContext,
  { path, summary, description, properties, required = [], params, form, otherwise, otherAnswer }: FormRoute<Body>,
): void {
  const body = bodyOf({ ...termsSchema, ...properties }, ["account", ...required]);
  const plain = handOverSchema({ summary, body, ...(description === undefined ? {} : { description }) });
  const either = { 201: { description: summary, type: "object", anyOf: [wholeSubmissionSchema, otherAnswer] } };
  const schema = otherAnswer === undefined ? plain : { ...plain, response: { ...plain.response, ...either } };
  const whole = params === undefined ? schema : { ...schema, params: bodyOf(params, Object.keys(params)) };
  server.post<{ Querystring: WaitingQuery }>(path, { schema: whole }, async (request, reply) => {
    const uplink = uplinkOf(context);
    const caller = callerOf(request);
    return answerOnce(context, request, reply, async () => {
      const asked = request.body as TermsBody & Body;
      const terms = await termsOf(context.db, asked);
      const other = await otherwise?.(request, terms, asked);
      if (other !== undefined) return other;
      const made = await form(uplink, terms, asked, request.params as Record<string, string>, caller);
      return storing(uplink, await uplink.submissions.plan(caller, made, terms));
    });
  });
}

/** Stores one plan and answers with its submission. */
export function storing(uplink: UplinkContext, plan: Parameters<UplinkContext["submissions"]["store"]>[1][0]): Work {
  return async (tx) => {
    const [row] = (await uplink.submissions.store(tx, [plan])) as [SubmissionRow];
    const text = JSON.stringify(showWholeSubmission(row, uplink.submissions.chainId));
    return { status: 201, text, subject: row.id };
  };
}

/** Does what a request asks for, once; with `?wait=included` answers when its submission has ended. */
export async function answerOnce(
  context: ApiContext,
  request: FastifyRequest<{ Querystring: WaitingQuery }>,
  reply: FastifyReply,
  prepare: () => Promise<Work>,
): Promise<FastifyReply> {
  const uplink = uplinkOf(context);
  const { submissions } = uplink;
  const caller = callerOf(request);
  const key = parseIdempotencyKey(request.headers["idempotency-key"]);
  const what = `${request.method} ${request.url.split("?")[0]}`;
  const asked = { tenant: caller.tenant, key, what, body: request.body };
  const { status, text, subject, repeated } = await once(context.db, asked, submissions.now(), prepare);
  uplink.handedOver();
  if (repeated) reply.header("idempotent-replayed", "true");
  if (subject.startsWith("submission_")) reply.header("location", `/v1/submissions/${subject}`);
  if (subject.startsWith("batch_")) reply.header("location", `/v1/submission-batches/${subject}`);
  reply.type("application/json; charset=utf-8");
  if (subject.startsWith("portion_")) reply.header("location", `/v1/batch-records/${subject}`);
  if (request.query.wait === undefined || !subject.startsWith("submission_")) return reply.code(status).send(text);
  const row = await ended(uplink, request, reply, subject);
  const shown = JSON.stringify(showWholeSubmission(row, submissions.chainId));
  return reply.code(row.endedAt === null ? 202 : status).send(shown);
}

/** A submission, when it has ended or the request's patience is over. */
export async function ended(
  { submissions, waiter }: UplinkContext,
  request: FastifyRequest<{ Querystring: WaitingQuery }>,
  reply: FastifyReply,
  id: string,
): Promise<SubmissionRow> {
  const caller = callerOf(request);
  const row = await submissions.own(caller, id);
  const { wait, timeout = USUAL_WAIT } = request.query;
  if (wait === undefined || row.endedAt !== null) return row;
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const patience = AbortSignal.timeout(timeout * 1_000);
  await waiter.wait(id, AbortSignal.any([gone.signal, patience]));
  return submissions.own(caller, id);
}
