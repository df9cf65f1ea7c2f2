import type { FastifyRequest } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import { findSubscription, type SubscriptionRow } from "../../store/queries/push/subscriptions.ts";
import type { RestrictedAccess } from "./access.ts";
import { principalOf, ROLES, tenantOf } from "./principal.ts";

/** Everybody who is known may have subscriptions. */
export const SUBSCRIBERS: RestrictedAccess = { scope: "subscriptions", roles: ROLES };

/**
 * A subscription of who asks.
 *
 * @throws BropError `resource.not-found`, also for one of somebody else: whether that exists is nobody's business
 */
export async function ownSubscription(db: Database, request: FastifyRequest, id: string): Promise<SubscriptionRow> {
  const row = await findSubscription(db, id);
  if (row?.owner !== tenantOf(principalOf(request))) throw new BropError("resource.not-found", { subscription: id });
  return row;
}
