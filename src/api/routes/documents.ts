import { DOCUMENT_ORDER, findDocuments } from "../../store/queries/legal-documents.ts";
import { checkBlock } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { at, pageSchema } from "../schema.ts";
import { documentSchema, showDocument } from "../shapes/legal-document.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Versions of the legal documents, newest first",
  access: "public",
  tag: "identity",
  query: {
    document: { type: "string", maxLength: 66, description: "Only this one, for example partner-agreement" },
    ...at,
    ...paging,
  },
  answer: pageSchema(documentSchema),
});

interface Question {
  Querystring: PagingQuery & { document?: string; at?: number };
}

/** GET /documents */
export const documentsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/documents", { schema }, async ({ query }) => {
    const filter = { document: query.document, at: await checkBlock(db, query.at) };
    return pageAnswer(await findDocuments(db, filter, pageRequest(query, DOCUMENT_ORDER)), showDocument);
  });
};
