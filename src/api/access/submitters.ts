import type { FastifyRequest } from "fastify";
import type { Caller } from "../../uplink/form.ts";
import type { RestrictedAccess } from "./access.ts";
import { principalOf, ROLES, tenantOf } from "./principal.ts";

/** Everybody who is known may hand operations over: what they may do is decided by the accounts' signatures. */
export const SUBMITTERS: RestrictedAccess = { scope: "submissions", roles: ROLES };

/** Who hands something over. */
export function callerOf(request: FastifyRequest): Caller {
  const principal = principalOf(request);
  return { tenant: tenantOf(principal), principal: principal.id };
}
