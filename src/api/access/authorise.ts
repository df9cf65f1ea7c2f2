import type { FastifyRequest } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import type { KeyRole } from "../../store/queries/api-keys/api-keys.ts";
import { checkApiKey, type Scope } from "./api-key.ts";

/** Who asks, known by a key. */
export interface Principal {
  id: string;
  role: KeyRole;
}

/** Who may use a route. */
export interface Access {
  scope: Scope;
  roles: readonly KeyRole[];
}

/**
 * Looks at the key of a request (`Authorization: Bearer brop_…`).
 *
 * @throws BropError `access.unauthenticated`, `access.forbidden`
 */
export async function authorise(db: Database, request: FastifyRequest, { scope, roles }: Access): Promise<Principal> {
  const [scheme, text, ...more] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || text === undefined || more.length > 0) {
    throw new BropError("access.unauthenticated", { reason: "no key was given" });
  }
  const key = await checkApiKey(db, text, Date.now());
  if (key === undefined) throw new BropError("access.unauthenticated", { reason: "the key is not in force" });
  if (!roles.includes(key.role)) throw new BropError("access.forbidden", { role: key.role, roles: roles.join(", ") });
  if (!key.scopes.includes("*") && !key.scopes.includes(scope)) throw new BropError("access.forbidden", { scope });
  return { id: key.id, role: key.role };
}
