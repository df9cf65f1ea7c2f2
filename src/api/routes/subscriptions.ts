import { type SubscriptionRequest, subscribe } from "../../push/manage.ts";
import { listSubscriptions } from "../../store/queries/push/subscriptions.ts";
import { principalOf, tenantOf } from "../access/principal.ts";
import { SUBSCRIBERS } from "../access/subscribers.ts";
import { bodyOf, given, listOf, objectOf } from "../schema.ts";
import {
  givenSubscription,
  newSubscriptionSchema,
  showNewSubscription,
  showSubscription,
  subscriptionSchema,
} from "../shapes/subscription.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const createSchema = routeSchema({
  summary: "Have events sent to a webhook",
  description:
    "From now on, or from a block of the past. Each event comes as a CloudEvent in JSON, signed as Standard Webhooks " +
    "describes, at least once and in order; the same event always has the same id.",
  tag: "push",
  access: SUBSCRIBERS,
  status: 201,
  body: bodyOf({ ...givenSubscription, fromBlock: given.number("Also tell of events since this block") }, ["url"]),
  answer: newSubscriptionSchema,
});

const listSchema = routeSchema({
  summary: "Webhook subscriptions of the account or key",
  tag: "push",
  access: SUBSCRIBERS,
  answer: objectOf({ items: listOf(subscriptionSchema) }),
});

/** POST and GET /subscriptions */
export const subscriptionsRoute: AddRoute = (server, { db, allowPrivate, subscriptionChanged }) => {
  server.post<{ Body: SubscriptionRequest }>("/subscriptions", { schema: createSchema }, async (request, reply) => {
    const owner = tenantOf(principalOf(request));
    const row = await subscribe(db, owner, request.body, { allowPrivate, now: Date.now() });
    subscriptionChanged();
    return reply.code(201).header("location", `/v1/subscriptions/${row.id}`).send(showNewSubscription(row));
  });
  server.get("/subscriptions", { schema: listSchema }, async (request) => {
    const owner = tenantOf(principalOf(request));
    return { items: (await listSubscriptions(db, owner)).map(showSubscription) };
  });
};
