import { change, replay, rotateSecret, type SubscriptionChange, unsubscribe } from "../../push/manage.ts";
import { secretText } from "../../push/webhook-signature.ts";
import { findSubscription, type SubscriptionRow } from "../../store/queries/push/subscriptions.ts";
import { ownSubscription, SUBSCRIBERS } from "../access/subscribers.ts";
import { bodyOf, given, objectOf, oneOf } from "../schema.ts";
import { givenSubscription, secretSchema, showSubscription, subscriptionSchema } from "../shapes/subscription.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const params = { id: { type: "string", pattern: "^sub_[0-9a-f]{24}$", description: "Identifier of the subscription" } };
const common = { tag: "push", params, access: SUBSCRIBERS } as const;

const schemas = {
  get: routeSchema({ ...common, summary: "One webhook subscription", answer: subscriptionSchema }),
  change: routeSchema({
    ...common,
    summary: "Change a webhook subscription",
    description: "A paused one gathers its events and tells them when it is active again.",
    body: bodyOf({ ...givenSubscription, status: oneOf(["active", "paused"]) }),
    answer: subscriptionSchema,
  }),
  remove: routeSchema({
    ...common,
    summary: "End a webhook subscription",
    description: "What it was still to be told is forgotten.",
    answer: subscriptionSchema,
  }),
  rotate: routeSchema({
    ...common,
    summary: "Give a webhook subscription a new secret",
    description: "The former one signs beside it for a day.",
    answer: objectOf({ secret: secretSchema }),
  }),
  replay: routeSchema({
    ...common,
    summary: "Tell all events from a block on once more",
    description: "With the ids that they had. What is still to be told follows in order.",
    body: bodyOf({ fromBlock: given.number("First block") }, ["fromBlock"]),
    answer: subscriptionSchema,
  }),
};

type Named = { Params: { id: string } };

/** GET, PATCH and DELETE /subscriptions/:id, and POST of its /secret and /replays */
export const subscriptionRoute: AddRoute = (server, { db, allowPrivate, subscriptionChanged }) => {
  const path = "/subscriptions/:id";
  const shown = async (id: string) => showSubscription((await findSubscription(db, id)) as SubscriptionRow);

  server.get<Named>(path, { schema: schemas.get }, async (request) =>
    showSubscription(await ownSubscription(db, request, request.params.id)),
  );
  server.patch<Named & { Body: SubscriptionChange }>(path, { schema: schemas.change }, async (request) => {
    const { id } = await ownSubscription(db, request, request.params.id);
    await change(db, id, request.body, { allowPrivate, now: Date.now() });
    subscriptionChanged();
    return shown(id);
  });
  server.delete<Named>(path, { schema: schemas.remove }, async (request) => {
    const row = await ownSubscription(db, request, request.params.id);
    await unsubscribe(db, row.id);
    subscriptionChanged();
    return showSubscription(row);
  });
  server.post<Named>(`${path}/secret`, { schema: schemas.rotate }, async (request) => {
    const row = await ownSubscription(db, request, request.params.id);
    const secret = await rotateSecret(db, row, Date.now());
    subscriptionChanged();
    return { secret: secretText(secret) };
  });
  server.post<Named & { Body: { fromBlock: number } }>(
    `${path}/replays`,
    { schema: schemas.replay },
    async (request) => {
      const { id } = await ownSubscription(db, request, request.params.id);
      await replay(db, id, request.body.fromBlock);
      subscriptionChanged();
      return shown(id);
    },
  );
};
