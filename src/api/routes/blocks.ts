import { BLOCK_ORDER, findBlocks } from "../../store/queries/blocks.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { pageSchema } from "../schema.ts";
import { blockSchema, showBlock } from "../shapes/block.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Blocks, newest first",
  access: "public",
  tag: "chain",
  query: paging,
  answer: pageSchema(blockSchema),
});

/** GET /blocks */
export const blocksRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery }>("/blocks", { schema }, async ({ query }) =>
    pageAnswer(await findBlocks(db, pageRequest(query, BLOCK_ORDER)), showBlock),
  );
};
