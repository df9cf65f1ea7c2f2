import { findObjects, OBJECT_ORDER } from "../../store/queries/objects.ts";
import { checkBlock, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { objectSchema, showObject } from "../shapes/object.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Objects whose records form a chain, newest first",
  access: "public",
  tag: "evidence",
  query: { owner: given.account("Only those that this account opened"), ...at, ...paging },
  answer: pageSchema(objectSchema),
});

interface Question {
  Querystring: PagingQuery & { owner?: string; at?: number };
}

/** GET /objects */
export const objectsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/objects", { schema }, async ({ query }) => {
    const filter = { owner: await optionalAccount(db, query.owner), at: await checkBlock(db, query.at) };
    return pageAnswer(await findObjects(db, filter, pageRequest(query, OBJECT_ORDER)), showObject);
  });
};
