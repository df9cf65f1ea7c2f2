import type { FastifyRequest } from "fastify";
import type { Scope } from "./api-key.ts";
import type { Role } from "./principal.ts";

/** Who may use a route: everybody, or those who have one of the roles and the scope. */
export type Access = "public" | RestrictedAccess;

export interface RestrictedAccess {
  /** Null: any. */
  scope: Scope | null;
  roles: readonly Role[];
}

/** Member of a route's schema, and of its operation in the OpenAPI document. */
export const ACCESS_MEMBER = "x-access";

/**
 * The access that a request's route declares.
 *
 * @returns undefined where there is no route
 */
export function accessOf(request: FastifyRequest): Access | undefined {
  return declaredAccess(request.routeOptions.schema);
}

/** As `routeSchema` has put it into a schema. */
export function declaredAccess(schema: unknown): Access | undefined {
  return (schema as { [ACCESS_MEMBER]?: Access } | undefined)?.[ACCESS_MEMBER];
}
