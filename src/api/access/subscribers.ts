import type { FastifyRequest } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import { ROLES } from "../../store/queries/api-keys/api-keys.ts";
import { findSubscription, type SubscriptionRow } from "../../store/queries/push/subscriptions.ts";
import { type Access, authorise } from "./authorise.ts";

/** Every role may have subscriptions. */
export const SUBSCRIBERS: Access = { scope: "subscriptions", roles: ROLES };

/**
 * A subscription of who asks.
 *
 * @throws BropError `resource.not-found`, also for one of somebody else: whether that exists is nobody's business
 */
export async function ownSubscription(db: Database, request: FastifyRequest, id: string): Promise<SubscriptionRow> {
  const principal = await authorise(db, request, SUBSCRIBERS);
  const row = await findSubscription(db, id);
  if (row?.owner !== principal.id) throw new BropError("resource.not-found", { subscription: id });
  return row;
}
