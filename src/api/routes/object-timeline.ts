import { hexToBytes } from "../../core/hex.ts";
import { findLinks, findObject, LINK_ORDER } from "../../store/queries/objects.ts";
import { checkBlock, found } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, given, pageSchema } from "../schema.ts";
import { linkSchema, showLink } from "../shapes/object.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "An object's links from the first to the last, each with its record",
  description:
    "The chain of records has no gaps and no forks: the contract takes a link only at the end. A link whose record was " +
    "revoked or superseded stays in its place and shows it.",
  access: "public",
  tag: "evidence",
  params: { id: given.hash("Identifier of the object") },
  query: { ...at, ...paging },
  answer: pageSchema(linkSchema),
});

interface Question {
  Params: { id: string };
  Querystring: PagingQuery & { at?: number };
}

/** GET /objects/:id/timeline */
export const objectTimelineRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/objects/:id/timeline", { schema }, async ({ params, query }) => {
    const block = await checkBlock(db, query.at);
    const id = hexToBytes(params.id);
    found(await findObject(db, id, block), "object", params.id);
    return pageAnswer(await findLinks(db, id, block, pageRequest(query, LINK_ORDER)), showLink);
  });
};
