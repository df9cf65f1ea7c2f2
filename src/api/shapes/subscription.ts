import type { StoredEvent } from "../../core/cloud-event.ts";
import { eventId } from "../../core/event-position.ts";
import { secretText } from "../../push/webhook-signature.ts";
import type { DeliveryRow } from "../../store/queries/push/deliveries.ts";
import type { SubscriptionRow } from "../../store/queries/push/subscriptions.ts";
import { orNull } from "../format.ts";
import { described, nullable, objectOf, oneOf, type Schema, text, time, whole } from "../schema.ts";

/** Checked further by core's `parseEventFilter`, which names the field that is wrong. */
export const filterSchema: Schema = {
  type: "object",
  description:
    "`types`: list of event types as `records.recorded`, `records.*` or `*`. `where`: conditions on `contract` and the " +
    "event's arguments, each a value, a list of values, or bounds (`gte`, `gt`, `lte`, `lt`, `prefix`). Empty: everything.",
  additionalProperties: true,
};

export const givenSubscription = {
  url: { type: "string", minLength: 1, maxLength: 2_048, description: "Where webhooks go, https" },
  description: { type: "string", maxLength: 500 },
  filter: filterSchema,
} as const satisfies Record<string, Schema>;

const members = {
  id: text,
  url: text,
  description: text,
  filter: filterSchema,
  status: oneOf(["active", "paused", "disabled"]),
  createdAt: time,
  catchingUp: described({ type: "boolean" }, "Whether it is still told of events of earlier blocks"),
};

export const subscriptionSchema = objectOf(members);
export const secretSchema = described(text, "`whsec_…`: key of the signatures (Standard Webhooks); shown only now");
export const newSubscriptionSchema = objectOf({ ...members, secret: secretSchema });

export function showSubscription(row: SubscriptionRow) {
  return {
    ...{ id: row.id, url: row.url, description: row.description, filter: row.filter, status: row.status },
    createdAt: toMoment(row.createdAt),
    catchingUp: row.catchUpBlock !== null,
  };
}

export function showNewSubscription(row: SubscriptionRow) {
  return { ...showSubscription(row), secret: secretText(row.secret) };
}

export const deliverySchema = objectOf({
  event: described(text, "Identifier of the event, and of the webhook"),
  type: text,
  state: oneOf(["pending", "delivered", "dead"]),
  attempts: whole,
  dueAt: time,
  endedAt: nullable(time),
  responseStatus: nullable(described(whole, "HTTP status of the last answer")),
  failure: nullable(described(text, "Why the last attempt was none")),
});

export function showDelivery(row: DeliveryRow, event: StoredEvent) {
  return {
    event: eventId(event, event.blockHash),
    type: event.type,
    ...{ state: row.state, attempts: row.attempts, dueAt: toMoment(row.dueAt) },
    endedAt: orNull(row.endedAt, toMoment),
    responseStatus: row.responseStatus,
    failure: row.failure,
  };
}

/** ISO 8601 of milliseconds since 1970. */
function toMoment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
