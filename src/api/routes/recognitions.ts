import { findAllRecognitions, RECOGNITION_ORDER } from "../../store/queries/recognitions.ts";
import { checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, pageSchema } from "../schema.ts";
import { recognitionSchema, showRecognition } from "../shapes/partner.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Which partner accepts whose certifications, and from which level up",
  access: "public",
  tag: "identity",
  query: { ...at, ...paging },
  answer: pageSchema(recognitionSchema),
});

/** GET /recognitions */
export const recognitionsRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: PagingQuery & { at?: number } }>("/recognitions", { schema }, async ({ query }) => {
    const block = await checkBlock(db, query.at);
    const page = await findAllRecognitions(db, block, pageRequest(query, RECOGNITION_ORDER));
    return pageAnswer(page, showRecognition);
  });
};
