import { hexToBytes } from "../../core/hex.ts";
import { findObject, writersOf } from "../../store/queries/objects.ts";
import { toAddress } from "../format.ts";
import { checkBlock, found } from "../lookup.ts";
import { at, given } from "../schema.ts";
import { objectDetailSchema, showObject } from "../shapes/object.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One object: its owner, writers, length and head",
  access: "public",
  tag: "evidence",
  params: { id: given.hash("Identifier of the object") },
  query: at,
  answer: objectDetailSchema,
});

/** GET /objects/:id */
export const objectRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { id: string }; Querystring: { at?: number } }>(
    "/objects/:id",
    { schema },
    async ({ params, query }) => {
      const block = await checkBlock(db, query.at);
      const id = hexToBytes(params.id);
      const object = found(await findObject(db, id, block), "object", params.id);
      const writers = await writersOf(db, id, block);
      return { ...showObject(object), writers: writers.map(toAddress) };
    },
  );
};
