import type { FastifyInstance } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import { type Access, accessOf, declaredAccess } from "./access.ts";
import { checkApiKey } from "./api-key.ts";
import type { Principal } from "./principal.ts";

/**
 * Finds out who asks (`Authorization: Bearer brop_…`) and whether the route is for them, before anything else is looked
 * at. Every route has to declare who may use it; one that does not stops the start.
 */
export function authoriseRequests(server: FastifyInstance, db: Database): void {
  server.decorateRequest("principal", undefined);
  server.addHook("onRoute", ({ schema, method, url }) => {
    if (declaredAccess(schema) === undefined) throw new Error(`${method} ${url} does not say who may use it`);
  });
  server.addHook("onRequest", async (request) => {
    const access = accessOf(request);
    // No route: the answer is the same for everybody.
    if (access === undefined) return;
    request.principal = await identify(db, request.headers.authorization);
    admit(request.principal, access);
  });
}

/**
 * Who a header names. Also on a public route a key that is not in force is refused: its holder should learn of it.
 *
 * @throws BropError `access.unauthenticated`
 */
async function identify(db: Database, header: string | undefined): Promise<Principal | undefined> {
  if (header === undefined) return undefined;
  const [scheme, text, ...more] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || text === undefined || more.length > 0) {
    throw new BropError("access.unauthenticated", { reason: "the header is not `Bearer` and one key" });
  }
  const key = await checkApiKey(db, text, Date.now());
  if (key === undefined) throw new BropError("access.unauthenticated", { reason: "the key is not in force" });
  const { id, role, account, scopes } = key;
  return { id, role, account, scopes };
}

/** @throws BropError `access.unauthenticated`, `access.forbidden` */
function admit(principal: Principal | undefined, access: Access): void {
  if (access === "public") return;
  const { roles, scope } = access;
  if (principal === undefined) throw new BropError("access.unauthenticated", { reason: "no key was given" });
  if (!roles.includes(principal.role)) {
    throw new BropError("access.forbidden", { role: principal.role, roles: roles.join(", ") });
  }
  if (!principal.scopes.includes("*") && !principal.scopes.includes(scope)) {
    throw new BropError("access.forbidden", { scope });
  }
}
