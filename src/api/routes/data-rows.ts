import type { GivenRow, PutResult } from "../../retrieval/documents.ts";
import { LIMITS } from "../../retrieval/limits.ts";
import { DATA_OWNERS } from "../access/data-owners.ts";
import { principalOf, tenantOf } from "../access/principal.ts";
import { problemSchema } from "../problems.ts";
import { bodyOf, described, flag, given, hash, listOf, nullable, objectOf, oneOf } from "../schema.ts";
import { dataRowSchema, rowText, schemaName } from "../shapes/data.ts";
import { takeStrictJson } from "../strict-json.ts";
import { proofOfRow } from "./data-proof.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const common = { tag: "data", access: DATA_OWNERS } as const;
const named = { schema: schemaName };
const one = { ...named, digest: given.hash("SHA-256 of the document's canonical JSON (RFC 8785)") };

const givenRow = {
  document: { description: "What the schema describes" },
  owner: given.address("Account whose record stands for it on chain; by default that of the key"),
};

const resultSchema = objectOf({
  state: oneOf(["stored", "present", "refused"]),
  digest: nullable(described(hash, "What has to be recorded on chain")),
  problem: { ...problemSchema, type: ["object", "null"] },
});

const schemas = {
  add: routeSchema({
    ...common,
    params: named,
    summary: "Store rows of business data",
    description:
      "Each row for itself is stored, there already, or refused. A row is known by the digest of its document; it is " +
      "`recorded` as soon as its owner has a record of that digest on chain.",
    body: bodyOf(
      { rows: { type: "array", minItems: 1, maxItems: LIMITS.rows, items: bodyOf(givenRow, ["document"]) } },
      ["rows"],
    ),
    answer: objectOf({ items: listOf(resultSchema, "In the order of the rows") }),
  }),
  put: routeSchema({
    ...common,
    params: one,
    summary: "Store one row by its digest",
    body: bodyOf(givenRow, ["document"]),
    answer: resultSchema,
  }),
  get: routeSchema({
    ...common,
    params: one,
    query: { proof: { ...flag, description: "With the inclusion proof of its record" } },
    summary: "One row of business data",
    answer: dataRowSchema,
  }),
  remove: routeSchema({
    ...common,
    params: one,
    summary: "Erase a row of business data for good",
    description: "Its record on chain stays, and says nothing about the document once a salt in it is gone.",
    answer: dataRowSchema,
  }),
};

type Named = { Params: { schema: string } };
type One = { Params: { schema: string; digest: string } };

/** POST /data/:schema, PUT, GET and DELETE /data/:schema/:digest */
export const dataRowsRoute: AddRoute = (server, context) => {
  const { retrieval } = context;
  server.register(async (routes) => {
    takeStrictJson(routes);
    routes.post<Named & { Body: { rows: GivenRow[] } }>(
      "/data/:schema",
      { schema: schemas.add, bodyLimit: LIMITS.requestBytes },
      async (request) => {
        const principal = principalOf(request);
        const { schema } = request.params;
        const results = await retrieval.put(tenantOf(principal), principal.account, schema, request.body.rows);
        return { items: results.map((result) => showResult(result, request.url)) };
      },
    );
    routes.put<One & { Body: GivenRow }>("/data/:schema/:digest", { schema: schemas.put }, async (request) => {
      const principal = principalOf(request);
      const { schema, digest } = request.params;
      const results = await retrieval.put(tenantOf(principal), principal.account, schema, [request.body], digest);
      const [result] = results as [PutResult];
      if (result.state === "refused") throw result.error;
      return showResult(result, request.url);
    });
    routes.get<One & { Querystring: { proof?: boolean } }>(
      "/data/:schema/:digest",
      { schema: schemas.get },
      async (request, reply) => {
        const { schema, digest } = request.params;
        const row = await retrieval.row(tenantOf(principalOf(request)), schema, digest);
        const proof = request.query.proof === true ? await proofOfRow(context, row) : undefined;
        return reply.type("application/json").send(rowText(row, proof));
      },
    );
    routes.delete<One>("/data/:schema/:digest", { schema: schemas.remove }, async (request, reply) => {
      const { schema, digest } = request.params;
      const row = await retrieval.row(tenantOf(principalOf(request)), schema, digest);
      await retrieval.delete(tenantOf(principalOf(request)), schema, digest);
      return reply.type("application/json").send(rowText(row));
    });
  });
};

function showResult(result: PutResult, path: string) {
  const { state, digest = null } = result;
  return { state, digest, problem: state === "refused" ? result.error.toProblem(path) : null };
}
