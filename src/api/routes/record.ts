import { hexToBytes } from "../../core/hex.ts";
import { findRecord, operationOfLog } from "../../store/queries/records.ts";
import { toHex } from "../format.ts";
import { checkBlock, found } from "../lookup.ts";
import { at, given } from "../schema.ts";
import { recordDetailSchema, showRecord } from "../shapes/record.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One evidence record",
  access: "public",
  tag: "evidence",
  params: { id: given.hash("Identifier of the record") },
  query: at,
  answer: recordDetailSchema,
});

/** GET /records/:id */
export const recordRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { id: string }; Querystring: { at?: number } }>(
    "/records/:id",
    { schema },
    async ({ params, query }) => {
      const block = await checkBlock(db, query.at);
      const record = found(await findRecord(db, hexToBytes(params.id), block), "record", params.id);
      const operation = await operationOfLog(db, record);
      return { ...showRecord(record), operation: operation === undefined ? null : toHex(operation) };
    },
  );
};
