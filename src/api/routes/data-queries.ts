import type { FastifyReply, FastifyRequest } from "fastify";
import { type AggregateQuery, FUNCTIONS } from "../../retrieval/aggregate.ts";
import { LIMITS } from "../../retrieval/limits.ts";
import { parseJson } from "../../retrieval/parse-json.ts";
import type { Query } from "../../retrieval/query.ts";
import { DATA_OWNERS } from "../access/data-owners.ts";
import { principalOf, tenantOf } from "../access/principal.ts";
import type { ApiContext } from "../context.ts";
import { bodyOf, flag, listOf, objectOf, oneOf, pageSchema, type Schema, text } from "../schema.ts";
import { dataRowSchema, rowText, schemaName } from "../shapes/data.ts";
import { takeStrictJson } from "../strict-json.ts";
import { proofsOfRows } from "./data-proof.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const common = { tag: "data", access: DATA_OWNERS, params: { schema: schemaName } } as const;
const MOST_PAGE_PROOFS = 20;
const USUAL = 50;

const where: Schema = {
  type: "object",
  description:
    "Conditions that all have to hold: `{field: value}` or `{field: {operator: value}}` with eq, in, lt, lte, gt, gte, " +
    "prefix, search and null; also `$owner` (an address) and `$state` (recorded or unrecorded)",
};
export const whereText: Schema = {
  type: "string",
  maxLength: 8_192,
  description: "Conditions as JSON, as POST /v1/data/{schema}/query has them",
};

const paging = {
  sort: {
    type: "string",
    maxLength: 100,
    description: "Field, or -field for the greatest first; $added: as rows came",
  },
  limit: { type: "integer", minimum: 1, maximum: LIMITS.page, default: USUAL, description: `Most rows` },
  cursor: { type: "string", maxLength: 8_192, description: "`next` of the page before" },
  proof: { ...flag, description: `With the inclusion proofs of the records; then at most ${MOST_PAGE_PROOFS} rows` },
} as const;

const schemas = {
  list: routeSchema({
    ...common,
    summary: "Rows of business data by their fields",
    query: { where: whereText, ...paging },
    answer: pageSchema(dataRowSchema),
  }),
  query: routeSchema({
    ...common,
    summary: "Rows of business data by their fields, asked with a body",
    body: bodyOf({ where, ...paging }),
    answer: pageSchema(dataRowSchema),
  }),
  aggregate: routeSchema({
    ...common,
    summary: "Counts, sums, least, greatest and mean values",
    description: "Sums and means are exact decimal digits. Groups come in the order of their value.",
    body: bodyOf(
      {
        where,
        measures: {
          type: "array",
          minItems: 1,
          maxItems: LIMITS.measures,
          items: bodyOf(
            { function: oneOf(FUNCTIONS), field: { type: "string", description: "Left out: count counts rows" } },
            ["function"],
          ),
        },
        groupBy: bodyOf(
          {
            field: text,
            unit: { ...oneOf(["day"]), description: "A group a day" },
            offset: { type: "string", maxLength: 6, description: "Where days begin, as +08:00; by default UTC" },
          },
          ["field"],
        ),
        limit: { type: "integer", minimum: 1, maximum: LIMITS.groups, default: 100, description: "Most groups" },
      },
      ["measures"],
    ),
    answer: objectOf({
      items: listOf(
        objectOf({
          group: { description: "Value of the groups' field; null where rows have none, and without groupBy" },
          values: { type: "array", items: {}, description: "In the order of the measures" },
        }),
      ),
      more: { ...flag, description: "Whether there are more groups" },
    }),
  }),
};

type Named = { Params: { schema: string } };
type Asked = Query & { proof?: boolean };

/** GET /data/:schema, POST /data/:schema/query and /data/:schema/aggregate */
export const dataQueriesRoute: AddRoute = (server, context) => {
  server.register(async (routes) => {
    takeStrictJson(routes);
    routes.get<Named & { Querystring: Omit<Asked, "where"> & { where?: string } }>(
      "/data/:schema",
      { schema: schemas.list },
      async (request, reply) =>
        answer(context, request, { ...request.query, where: parseWhere(request.query.where) }, reply),
    );
    routes.post<Named & { Body: Asked }>(
      "/data/:schema/query",
      { schema: schemas.query, bodyLimit: LIMITS.queryBytes },
      async (request, reply) => answer(context, request, request.body, reply),
    );
    routes.post<Named & { Body: AggregateQuery }>(
      "/data/:schema/aggregate",
      { schema: schemas.aggregate, bodyLimit: LIMITS.queryBytes },
      async (request) =>
        context.retrieval.aggregate(tenantOf(principalOf(request)), request.params.schema, request.body),
    );
  });
};

export function parseWhere(given: string | undefined): unknown {
  return given === undefined ? undefined : parseJson(given);
}

async function answer(context: ApiContext, request: FastifyRequest, asked: Asked, reply: FastifyReply) {
  const { schema } = request.params as { schema: string };
  const limit = asked.proof === true ? Math.min(asked.limit, MOST_PAGE_PROOFS) : asked.limit;
  const { rows, next } = await context.retrieval.query(tenantOf(principalOf(request)), schema, { ...asked, limit });
  const proofs = asked.proof === true ? await proofsOfRows(context, rows) : [];
  const items = rows.map((row, place) => rowText(row, proofs[place]));
  return reply.type("application/json").send(`{"items":[${items.join(",")}],"next":${JSON.stringify(next)}}`);
}
