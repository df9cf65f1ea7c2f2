import { executeOrder, reportOrder } from "../../../operator/acts/orders.ts";
import { waitingOrders } from "../../../operator/waiting-orders.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { address, blockNumber, described, hash, nullable, objectOf, pageSchema, whole } from "../../schema.ts";
import type { AddRoute } from "../route.ts";
import { routeSchema } from "../route.ts";
import { actRoute, deskOf, OPERATORS } from "./act-route.ts";
import { fields } from "./fields.ts";

const listSchema = routeSchema({
  summary: "Orders that wait for the operator, newest first",
  description: "Filed, not expired, and for whoever holds the operator's role or for this key (GO-2).",
  tag: "operator",
  access: OPERATORS,
  query: paging,
  answer: pageSchema(
    objectOf({
      order: whole,
      authority: address,
      filedBlock: blockNumber,
      lastBlock: described(blockNumber, "Last block in which it can be acted on"),
      subject: described(address, "Whom or what it is about"),
      call: nullable(
        described(
          objectOf({ target: address, digest: hash }),
          "Contract that is to be called, and the keccak256 of the call's data; null where the order ends by a report",
        ),
      ),
      document: described(hash, "SHA-256 of the order's document"),
    }),
  ),
});

const ORDER = { columns: { order: "integer" }, direction: "desc" } as const;
const params = { order: fields.number("Number of the order") };

const listRoute: AddRoute = (server, context) => {
  server.get<{ Querystring: PagingQuery }>("/operator/orders", { schema: listSchema }, async ({ query }) => {
    const { limit, after } = pageRequest(query, ORDER);
    const { orders, next } = await waitingOrders(deskOf(context).at, limit, after?.[0] as number | undefined);
    return pageAnswer({ rows: orders, next: next === null ? null : [next] }, (order) => order);
  });
};

export const orderActRoutes = [
  listRoute,
  actRoute({
    path: "/operator/orders/:order/execution",
    kind: executeOrder,
    summary: "Make the call that a regulator has ordered",
    description: "Exactly the ordered call: the order has the digest of its data.",
    params,
    body: {
      data: {
        ...{ type: "string", pattern: "^0x(?:[0-9a-fA-F]{2}){4,100000}$" },
        description: "The call's data, as it came with the order's document",
      },
    },
    required: ["data"],
  }),
  actRoute({
    path: "/operator/orders/:order/report",
    kind: reportOrder,
    summary: "End an order without a call by a report",
    params,
    body: { result: fields.hash("Digest of the report of what was done") },
    required: ["result"],
  }),
];
