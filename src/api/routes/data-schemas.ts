import type { SchemaRequest } from "../../retrieval/schemas.ts";
import { DATA_OWNERS } from "../access/data-owners.ts";
import { principalOf, tenantOf } from "../access/principal.ts";
import { bodyOf, listOf, objectOf } from "../schema.ts";
import { dataSchemaSchema, givenFields, schemaName, showSchema, showVersion, versionSchema } from "../shapes/data.ts";
import { takeStrictJson } from "../strict-json.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const common = { tag: "data", access: DATA_OWNERS } as const;
const params = { schema: schemaName };

const schemas = {
  register: routeSchema({
    ...common,
    summary: "Register a JSON Schema for business data, or a version of one",
    description:
      "Other fields than those of before are indexed in the background, and questions are answered meanwhile. The schema " +
      "is anchored when its account has a record of this digest and kind.",
    body: bodyOf(
      { name: schemaName, schema: { type: "object", description: "JSON Schema (2020-12)" }, fields: givenFields },
      ["name", "schema", "fields"],
    ),
    answer: dataSchemaSchema,
  }),
  list: routeSchema({
    ...common,
    summary: "Schemas of the account or key",
    answer: objectOf({ items: listOf(dataSchemaSchema) }),
  }),
  get: routeSchema({ ...common, params, summary: "One schema, and how far its index is", answer: dataSchemaSchema }),
  versions: routeSchema({
    ...common,
    params,
    summary: "Every version of a schema, newest first",
    answer: objectOf({ items: listOf(versionSchema) }),
  }),
  remove: routeSchema({ ...common, params, summary: "End a schema that has no rows", answer: dataSchemaSchema }),
};

type Named = { Params: { schema: string } };

/** POST and GET /schemas, GET and DELETE /schemas/:schema, GET /schemas/:schema/versions */
export const dataSchemasRoute: AddRoute = (server, { retrieval }) => {
  server.register(async (routes) => {
    takeStrictJson(routes);
    routes.post<{ Body: SchemaRequest }>("/schemas", { schema: schemas.register }, async (request) => {
      const { schema } = await retrieval.register(tenantOf(principalOf(request)), request.body);
      return showSchema(schema);
    });
    routes.get("/schemas", { schema: schemas.list }, async (request) => ({
      items: (await retrieval.schemas(tenantOf(principalOf(request)))).map(showSchema),
    }));
    routes.get<Named>("/schemas/:schema", { schema: schemas.get }, async (request) =>
      showSchema(await retrieval.schema(tenantOf(principalOf(request)), request.params.schema)),
    );
    routes.get<Named>("/schemas/:schema/versions", { schema: schemas.versions }, async (request) => ({
      items: (await retrieval.versions(tenantOf(principalOf(request)), request.params.schema)).map(showVersion),
    }));
    routes.delete<Named>("/schemas/:schema", { schema: schemas.remove }, async (request) =>
      showSchema(await retrieval.remove(tenantOf(principalOf(request)), request.params.schema)),
    );
  });
};
