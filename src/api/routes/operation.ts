import { hexToBytes } from "../../core/hex.ts";
import { findOperation, findPooledOperation } from "../../store/queries/operations.ts";
import { found } from "../lookup.ts";
import { given } from "../schema.ts";
import { operationSchema, showOperation, showPooledOperation } from "../shapes/operation.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One user operation, also while it waits and when it expired",
  description:
    "What is on the chain comes from there, whichever relay included it; the rest the access node here knows.",
  access: "public",
  tag: "chain",
  params: { hash: given.hash("Hash of the operation (ERC-4337 userOpHash)") },
  answer: operationSchema,
});

/** GET /operations/:hash */
export const operationRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { hash: string } }>("/operations/:hash", { schema }, async ({ params }) => {
    const hash = hexToBytes(params.hash);
    const included = await findOperation(db, hash);
    if (included !== undefined) return showOperation(included);
    return showPooledOperation(found(await findPooledOperation(db, hash), "operation", params.hash));
  });
};
