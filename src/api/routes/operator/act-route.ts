import type { FastifyReply, FastifyRequest } from "fastify";
import { systemClock } from "../../../core/clock.ts";
import { BropError } from "../../../core/errors.ts";
import type { AnyActKind } from "../../../operator/act-kind.ts";
import { requestAct, waitForAct } from "../../../operator/request.ts";
import type { ActRow } from "../../../store/queries/operator/acts.ts";
import { transactionsOf } from "../../../store/queries/operator/transactions.ts";
import { parseIdempotencyKey } from "../../../uplink/idempotency.ts";
import type { RestrictedAccess } from "../../access/access.ts";
import { principalOf, tenantOf } from "../../access/principal.ts";
import type { ApiContext, OperatorDesk } from "../../context.ts";
import { bodyOf, oneOf, type Schema } from "../../schema.ts";
import { actSchema, showAct } from "../../shapes/act.ts";
import { type AddRoute, routeSchema } from "../route.ts";

export const OPERATORS: RestrictedAccess = { scope: "operator", roles: ["operator"] };

const LONGEST_WAIT = 120;
const USUAL_WAIT = 30;

/** `?wait=done&timeout=` */
export const waiting: Readonly<Record<string, Schema>> = {
  wait: { ...oneOf(["done"]), description: "Answer when the act has ended, whichever way" },
  timeout: {
    ...{ type: "integer", minimum: 1, maximum: LONGEST_WAIT, default: USUAL_WAIT },
    description: `Seconds after which the answer comes all the same, up to ${LONGEST_WAIT}`,
  },
};

export interface WaitingQuery {
  wait?: "done";
  timeout: number;
}

const idempotencyKey: Schema = {
  type: "object",
  properties: {
    "idempotency-key": {
      ...{ type: "string", maxLength: 257 },
      description: "1 to 255 visible ASCII characters: the same request with the same key is carried out once",
    },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: each route's input, as its schema lets it through
export type Input = any;

export interface ActRouteText {
  path: string;
  kind: AnyActKind;
  summary: string;
  description?: string;
  params?: Readonly<Record<string, Schema>>;
  body?: Readonly<Record<string, Schema>>;
  /** Members of the body that have to be there. */
  required?: readonly string[];
  /** Turns what was given (path and body) into the act's input. @throws BropError */
  read?(given: Input, context: ApiContext): Promise<object> | object;
}

/** POST of something that the operator's key is to do: 202 while it is under way, 200 once it has ended. */
export function actRoute({ path, kind, summary, description, params, body, required, read }: ActRouteText): AddRoute {
  const { response, ...schema } = routeSchema({
    ...{ summary, tag: "operator", access: OPERATORS, query: waiting, answer: actSchema, status: 202 },
    ...(description === undefined ? {} : { description }),
    ...(params === undefined ? {} : { params }),
    ...(body === undefined ? {} : { body: bodyOf(body, required) }),
  });
  const ended = { 200: { description: `${summary}: the act has ended`, ...actSchema } };
  return (server, context) => {
    server.post<{ Querystring: WaitingQuery; Body: object | null; Params: object }>(
      path,
      { schema: { ...schema, headers: idempotencyKey, response: { ...ended, ...response } } as object },
      async (request, reply) => {
        const { db } = context;
        const desk = deskOf(context);
        const principal = principalOf(request);
        const given: Input = Object.assign({}, request.params, request.body);
        const input = { ...((await read?.(given, context)) ?? given) };
        const { act } = await requestAct(
          ...([db, desk.at, kind, input] as const),
          {
            ...{ id: principal.id, role: principal.role, account: principal.account, tenant: tenantOf(principal) },
            ...{ requestId: request.id, idempotencyKey: parseIdempotencyKey(request.headers["idempotency-key"]) },
          },
          { needsConfirmation: desk.needsConfirmation, now: Date.now() },
        );
        desk.nudge();
        return answerAct(request, reply, context, act);
      },
    );
  };
}

/** Answers with an act, after the wait that was asked for. */
export async function answerAct(
  request: FastifyRequest<{ Querystring: WaitingQuery }>,
  reply: FastifyReply,
  { db }: ApiContext,
  act: ActRow,
): Promise<FastifyReply> {
  const { wait, timeout } = request.query;
  let row = act;
  if (wait === "done" && row.ended_at === null) {
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const terms = { timeout: timeout * 1_000, clock: systemClock, signal: gone.signal };
    row = (await waitForAct(db, act.id, terms)) ?? act;
  }
  const isNew = request.method === "POST";
  return reply
    .code(isNew && row.ended_at === null ? 202 : 200)
    .header("location", `/v1/operator/acts/${row.id}`)
    .send(showAct(row, await transactionsOf(db, [row.id])));
}

/** @throws BropError `operator.key-missing` */
export function deskOf({ operator }: ApiContext): OperatorDesk {
  if (operator === undefined) throw new BropError("operator.key-missing");
  return operator;
}
