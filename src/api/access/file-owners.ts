import type { FastifyRequest } from "fastify";
import { hexToBytes } from "../../core/hex.ts";
import type { Owner } from "../../hosting/owner.ts";
import { ROLES } from "../../store/queries/api-keys/api-keys.ts";
import type { RestrictedAccess } from "./access.ts";
import { principalOf, tenantOf } from "./principal.ts";

/** Every institution may have files; what it has is its own. */
export const FILE_OWNERS: RestrictedAccess = { scope: "files", roles: ROLES };

/** Who acts on files, and whose they are. */
export function ownerOf(request: FastifyRequest): Owner {
  const principal = principalOf(request);
  const { account } = principal;
  return {
    tenant: tenantOf(principal),
    principal: principal.id,
    account: account === null ? null : hexToBytes(account),
  };
}
