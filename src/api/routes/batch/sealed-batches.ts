import { SEALED_BATCH_ID } from "../../../core/batch/identifiers.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { findSealed, listSealed, SEALED_ORDER } from "../../../store/queries/batch/sealed.ts";
import { callerOf, SUBMITTERS } from "../../access/submitters.ts";
import { found, optionalAccount } from "../../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { given, pageSchema } from "../../schema.ts";
import { sealedBatchSchema, showSealedBatch } from "../../shapes/batch.ts";
import { type AddRoute, routeSchema } from "../route.ts";

const common = { tag: "uplink", access: SUBMITTERS } as const;

const schemas = {
  list: routeSchema({
    ...common,
    summary: "Batches of records that were handed over, newest first",
    description: "`submission` names the operation of each, which may wait for its signature.",
    query: { account: given.account("Account that anchors them"), ...paging },
    answer: pageSchema(sealedBatchSchema),
  }),
  one: routeSchema({
    ...common,
    summary: "One batch of records that were handed over",
    params: { id: { type: "string", pattern: SEALED_BATCH_ID, description: "Identifier of the batch" } },
    answer: sealedBatchSchema,
  }),
};

/** GET /sealed-batches and GET /sealed-batches/:id */
export const sealedBatchesRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery & { account?: string } }>(
    "/sealed-batches",
    { schema: schemas.list },
    async (request) => {
      const account = await optionalAccount(db, request.query.account);
      const page = pageRequest(request.query, SEALED_ORDER);
      const { tenant } = callerOf(request);
      return pageAnswer(await listSealed(db, tenant, account && bytesToHex(account), page), showSealedBatch);
    },
  );

  server.get<{ Params: { id: string } }>("/sealed-batches/:id", { schema: schemas.one }, async (request) => {
    const { id } = request.params;
    const batch = await findSealed(db, id);
    return showSealedBatch(found(batch?.tenant === callerOf(request).tenant ? batch : undefined, "batch", id));
  });
};
