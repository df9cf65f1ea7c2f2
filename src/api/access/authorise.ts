import type { FastifyInstance } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { type Access, accessOf, declaredAccess } from "./access.ts";
import { checkApiKey } from "./api-key.ts";
import type { Principal } from "./principal.ts";

/** How one makes oneself known. */
export interface Identification {
  db: Database;
  signIn: SignIn;
}

/**
 * Finds out who asks (`Authorization: Bearer` and an API key or a sign-in's token) and whether the route is for them,
 * before anything else is looked at. Every route has to declare who may use it; one that does not stops the start.
 */
export function authoriseRequests(server: FastifyInstance, identification: Identification): void {
  server.decorateRequest("principal", undefined);
  server.addHook("onRoute", ({ schema, method, url }) => {
    if (declaredAccess(schema) === undefined) throw new Error(`${method} ${url} does not say who may use it`);
  });
  server.addHook("onRequest", async (request) => {
    const access = accessOf(request);
    // No route: the answer is the same for everybody.
    if (access === undefined) return;
    request.principal = await identify(identification, request.headers.authorization);
    admit(request.principal, access);
  });
}

/**
 * The key or token of a header.
 *
 * @returns undefined where there is no header
 * @throws BropError `access.unauthenticated` for a header of another form
 */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme, text, ...more] = header.split(" ");
  if (scheme?.toLowerCase() === "bearer" && text !== undefined && more.length === 0) return text;
  throw new BropError("access.unauthenticated", { reason: "the header is not `Bearer` and one key" });
}

/**
 * Who a header names. Also on a public route a key that is not in force is refused: its holder should learn of it.
 *
 * @throws BropError `access.unauthenticated`
 */
async function identify({ db, signIn }: Identification, header: string | undefined): Promise<Principal | undefined> {
  const text = bearerOf(header);
  if (text === undefined) return undefined;
  const principal = (await signIn.principal(text)) ?? (await principalOfKey(db, text));
  if (principal === undefined) throw new BropError("access.unauthenticated", { reason: "the key is not in force" });
  return principal;
}

async function principalOfKey(db: Database, text: string): Promise<Principal | undefined> {
  const key = await checkApiKey(db, text, Date.now());
  if (key === undefined) return undefined;
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
  if (scope !== null && !principal.scopes.includes("*") && !principal.scopes.includes(scope)) {
    throw new BropError("access.forbidden", { scope });
  }
}
