import type { FastifyRequest } from "fastify";
import { ROLES as KEY_ROLES, type KeyRole } from "../../store/queries/api-keys/api-keys.ts";

/** What somebody known may be; `public` is an account that has signed in and is nothing else. */
export const ROLES = ["public", ...KEY_ROLES] as const;
export type Role = "public" | KeyRole;

/** Who asks, known by an API key or by a signature of an account. */
export interface Principal {
  /** Identifier of the key; `account:0x…` for an account that has signed in. */
  id: string;
  role: Role;
  /** The account that this one speaks for, in lower case. */
  account: string | null;
  /** `*` is everything that the role may. */
  scopes: readonly string[];
}

declare module "fastify" {
  interface FastifyRequest {
    /** Undefined for somebody unknown, who gets what is public. */
    principal: Principal | undefined;
  }
}

/** Whose the data is that a principal brings: all keys of one account, and its sign-ins, have the same. */
export function tenantOf({ account, id }: Principal): string {
  return account ?? id;
}

/**
 * Who asks, on a route that is not public.
 *
 * @throws Error on a route that is public: there it may be nobody
 */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error(`${request.routeOptions.url} does not say who may use it`);
  return request.principal;
}
