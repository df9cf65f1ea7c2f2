import { parseEventId } from "../../core/event-position.ts";
import { sendAgain } from "../../push/manage.ts";
import { type DeliveryRow, listDeliveries } from "../../store/queries/push/deliveries.ts";
import { eventsAt } from "../../store/queries/push/events.ts";
import { ownSubscription, SUBSCRIBERS } from "../access/subscribers.ts";
import { bodyOf, objectOf, oneOf, pageSchema, whole } from "../schema.ts";
import { deliverySchema, showDelivery } from "../shapes/subscription.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const MOST = 200;
const USUAL = 50;
const STATES = ["pending", "delivered", "dead"] as const;
const params = { id: { type: "string", pattern: "^sub_[0-9a-f]{24}$", description: "Identifier of the subscription" } };
const common = { tag: "push", params, access: SUBSCRIBERS } as const;

const listSchema = routeSchema({
  ...common,
  summary: "What a subscription was told, and what is still to be told",
  description: "Newest event first. What ended is shown for a week.",
  query: {
    state: oneOf(STATES),
    limit: { type: "integer", minimum: 1, maximum: MOST, default: USUAL },
    cursor: { type: "string", maxLength: 64, description: "`next` of the page before" },
  },
  answer: pageSchema(deliverySchema),
});

const againSchema = routeSchema({
  ...common,
  summary: "Tell an event again, or all that were given up",
  body: bodyOf({
    event: { type: "string", maxLength: 64, description: "Identifier of the event; without it all dead ones" },
  }),
  answer: objectOf({ deliveries: whole }),
});

/** GET and POST /subscriptions/:id/deliveries */
export const deliveriesRoute: AddRoute = (server, { db, subscriptionChanged }) => {
  const path = "/subscriptions/:id/deliveries";
  server.get<{ Params: { id: string }; Querystring: { state?: DeliveryRow["state"]; limit: number; cursor?: string } }>(
    path,
    { schema: listSchema },
    async (request) => {
      const { id } = await ownSubscription(db, request, request.params.id);
      const { state, limit, cursor } = request.query;
      const before = cursor === undefined ? undefined : parseEventId(cursor);
      const rows = await listDeliveries(db, id, state, before, limit + 1);
      const page = rows.slice(0, limit);
      const events = new Map((await eventsAt(db, page)).map((event) => [`${event.block}-${event.log}`, event]));
      const items = page.flatMap((row) => {
        const event = events.get(`${row.block}-${row.log}`);
        return event === undefined ? [] : [showDelivery(row, event)];
      });
      return { items, next: rows.length > limit ? (items.at(-1)?.event ?? null) : null };
    },
  );
  server.post<{ Params: { id: string }; Body: { event?: string } }>(path, { schema: againSchema }, async (request) => {
    const { id } = await ownSubscription(db, request, request.params.id);
    const { event } = request.body;
    const deliveries = await sendAgain(db, id, event === undefined ? "dead" : parseEventId(event), Date.now());
    subscriptionChanged();
    return { deliveries };
  });
};
