import { confirm, withdraw } from "../../../operator/confirm.ts";
import {
  ACT_ORDER,
  ACT_STATES,
  type ActRow,
  type ActState,
  findAct,
  listActs,
} from "../../../store/queries/operator/acts.ts";
import { transactionsOf } from "../../../store/queries/operator/transactions.ts";
import { principalOf } from "../../access/principal.ts";
import { found } from "../../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { flag, given, oneOf, pageSchema, text } from "../../schema.ts";
import { ACT_NAMES, actSchema, showAct } from "../../shapes/act.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { answerAct, OPERATORS, type WaitingQuery, waiting } from "./act-route.ts";

const common = { tag: "operator", access: OPERATORS } as const;
const params = { id: given.number("Number of the act") };

const schemas = {
  list: routeSchema({
    ...common,
    summary: "What was asked of the operator's keys, newest first",
    description: "Who asked, each transaction, and what came of it. Nothing is ever removed.",
    query: {
      act: oneOf(ACT_NAMES),
      state: oneOf(ACT_STATES),
      requestedBy: { ...text, pattern: "^[!-~]{1,100}$", description: "Only those of this API key, or `account:0x…`" },
      unconfirmed: { ...flag, description: "Only those that wait for a second person" },
      ...paging,
    },
    answer: pageSchema(actSchema),
  }),
  one: routeSchema({ ...common, summary: "One act", params, query: waiting, answer: actSchema }),
  confirm: routeSchema({
    ...common,
    summary: "Confirm an act that another person has asked for",
    description:
      "Where the two-person rule is set nothing is signed before. It takes another key than the one that asked: neither may " +
      "have been made with the other.",
    params,
    query: waiting,
    answer: actSchema,
    status: 200,
  }),
  withdraw: routeSchema({
    ...common,
    summary: "Withdraw an act of which nothing is signed",
    params,
    answer: actSchema,
  }),
};

interface Question {
  Querystring: PagingQuery & { act?: string; state?: ActState; requestedBy?: string; unconfirmed?: boolean };
}

/** GET /operator/acts, GET /operator/acts/:id, POST /operator/acts/:id/confirmation and /withdrawal */
export const operatorActsRoute: AddRoute = (server, context) => {
  const { db } = context;
  type Named = { Params: { id: number }; Querystring: WaitingQuery };
  const mustFind = async (id: number): Promise<ActRow> => found(await findAct(db, id), "act", id);

  server.get<Question>("/operator/acts", { schema: schemas.list }, async ({ query }) => {
    const { act, state, requestedBy, unconfirmed } = query;
    const page = await listActs(db, { act, state, requestedBy, unconfirmed }, pageRequest(query, ACT_ORDER));
    const ids = page.rows.map(({ id }) => id);
    const all = Map.groupBy(await transactionsOf(db, ids), ({ act_id }) => act_id);
    return pageAnswer(page, (row) => showAct(row, all.get(row.id) ?? []));
  });
  server.get<Named>("/operator/acts/:id", { schema: schemas.one }, async (request, reply) =>
    answerAct(request, reply, context, await mustFind(request.params.id)),
  );
  server.post<Named>("/operator/acts/:id/confirmation", { schema: schemas.confirm }, async (request, reply) => {
    const { id } = request.params;
    await confirm(db, id, principalOf(request).id, Date.now());
    context.operator?.nudge();
    return answerAct(request, reply.code(200), context, await mustFind(id));
  });
  server.post<Named>("/operator/acts/:id/withdrawal", { schema: schemas.withdraw }, async (request) => {
    const { id } = request.params;
    await withdraw(db, id, principalOf(request).id, Date.now());
    return showAct(await mustFind(id), await transactionsOf(db, [id]));
  });
};
