import { findContracts } from "../../store/queries/contracts.ts";
import { checkBlock } from "../lookup.ts";
import { at, listOf, nullable, objectOf, text } from "../schema.ts";
import { contractSchema, showContract } from "../shapes/contract.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "The platform's contracts by name",
  description: "What Directory lists. Few enough for one page.",
  access: "public",
  tag: "chain",
  query: at,
  answer: objectOf({ items: listOf(contractSchema), next: nullable(text) }),
});

/** GET /contracts */
export const contractsRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: { at?: number } }>("/contracts", { schema }, async ({ query }) => {
    const contracts = await findContracts(db, await checkBlock(db, query.at));
    return { items: contracts.map(showContract), next: null };
  });
};
