import { hash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { BropError } from "../../core/errors.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { type Access, accessOf, declaredAccess } from "./access.ts";
import type { KeyRing } from "./key-ring.ts";
import type { Principal } from "./principal.ts";

/** How one makes oneself known. */
export interface Identification {
  keys: KeyRing;
  signIn: SignIn;
  limits: RateLimits;
}

/**
 * Finds out who asks (`Authorization: Bearer` and an API key or a sign-in's token) and whether the route is for them,
 * before anything else is looked at. Every route has to declare who may use it; one that does not stops the start.
 */
export function authoriseRequests(server: FastifyInstance, { keys, signIn, limits }: Identification): void {
  server.decorateRequest("principal", undefined);
  server.addHook("onRoute", ({ schema, method, url }) => {
    if (declaredAccess(schema) === undefined) throw new Error(`${method} ${url} does not say who may use it`);
  });
  server.addHook("onRequest", async (request, reply) => {
    const access = accessOf(request);
    const { authorization } = request.headers;
    const text = bearerOf(authorization);
    // Where there is no route the answer is the same for everybody.
    if (text === undefined || access === undefined) limits.countAnonymous(reply, request.ip);
    if (access === undefined) return;
    if (authorization !== undefined && text === undefined) throw unknown("the header is not `Bearer` and one key");
    if (text !== undefined) {
      const digest = hash("sha256", text, "base64");
      limits.beforeKey(reply, request.ip, digest);
      request.principal = (await signIn.principal(text)) ?? (await keys.find(text, digest));
      limits.afterKey(request.ip, digest, request.principal !== undefined);
      // Also on a public route a key that is not in force is refused: its holder should learn of it.
      if (request.principal === undefined) throw unknown("the key is not in force");
      limits.countKey(reply, request.principal.id);
    }
    admit(request.principal, access);
  });
}

/** The key or token of a header `Bearer …` (RFC 6750); undefined for no header, and for another one. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "")?.[1];
}

function unknown(reason: string): BropError {
  return new BropError("access.unauthenticated", { reason });
}

/** @throws BropError `access.unauthenticated`, `access.forbidden` */
function admit(principal: Principal | undefined, access: Access): void {
  if (access === "public") return;
  const { roles, scope } = access;
  if (principal === undefined) throw unknown("no key was given");
  if (!roles.includes(principal.role)) {
    throw new BropError("access.forbidden", { role: principal.role, roles: roles.join(", ") });
  }
  if (scope !== null && !principal.scopes.includes("*") && !principal.scopes.includes(scope)) {
    throw new BropError("access.forbidden", { scope });
  }
}
