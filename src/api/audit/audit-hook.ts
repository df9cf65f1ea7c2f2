import { createHash, type Hash } from "node:crypto";
import { pipeline, Transform } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from "fastify";
import type { Clock } from "../../core/clock.ts";
import type { Database } from "../../store/database.ts";
import { endAuditEntry, insertAuditEntry } from "../../store/queries/audit/audit-log.ts";
import { pathOf } from "../problems.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What a route wants to have in its audit entry, for example the transaction that it sent. Never secrets. */
    auditDetails: Record<string, unknown> | null;
    /** Entry of this request, once there is one. */
    auditEntry: number | null;
    bodyHash: Hash | null;
  }
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Writes an entry for every request of somebody known that may change something: before the route does anything, so that
 * nothing is done without an entry, whatever happens to the process; and again with its status when it is answered. Who
 * becomes known by the request itself, by signing in, is written down then.
 */
export function auditRequests(
  server: FastifyInstance,
  { db, clock }: { db: Database; clock: Pick<Clock, "now"> },
): void {
  server.decorateRequest("auditDetails", null);
  server.decorateRequest("auditEntry", null);
  server.decorateRequest("bodyHash", null);
  // Hooks of the routes that change something: to those that are only read they would be in the way.
  server.addHook("onRoute", (route) => {
    if ([route.method].flat().every((method) => READING.has(method))) return;
    route.preParsing = [...[route.preParsing ?? []].flat(), digestBody];
    route.preValidation = [...[route.preValidation ?? []].flat(), begin];
    route.onSend = [...[route.onSend ?? []].flat(), finish];
  });

  async function digestBody(request: FastifyRequest, _reply: FastifyReply, payload: RequestPayload) {
    // A file is digested by its route, which says in the details what came.
    if (request.routeOptions.config.streamed === true) return payload;
    const hash = createHash("sha256");
    request.bodyHash = hash;
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    // What breaks is told to who reads the body.
    pipeline(payload, hashing, () => undefined);
    return hashing;
  }

  async function begin(request: FastifyRequest): Promise<void> {
    if (request.principal !== undefined) request.auditEntry = await insert(request, null);
  }

  async function finish(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    if (request.principal !== undefined) {
      // What was done is done, and its answer goes out.
      await end(request, reply.statusCode).catch((error: unknown) =>
        request.log.error({ err: error, requestId: request.id }, "An audit entry could not be ended"),
      );
    }
    return payload;
  }

  async function end(request: FastifyRequest, status: number): Promise<void> {
    if (request.auditEntry === null) await insert(request, status);
    else await endAuditEntry(db, request.auditEntry, status, request.auditDetails);
  }

  function insert(request: FastifyRequest, status: number | null): Promise<number> {
    const { principal, id, method, routeOptions, bodyHash, auditDetails } = request;
    if (principal === undefined) throw new Error("nobody is known");
    const hasBody =
      request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
    return insertAuditEntry(db, {
      ...{ at: clock.now(), requestId: id, method, route: routeOptions.url ?? "", path: pathOf(request.url), status },
      ...{ principal: principal.id, role: principal.role, account: principal.account, details: auditDetails },
      bodyDigest: hasBody && bodyHash !== null ? new Uint8Array(bodyHash.copy().digest()) : null,
    });
  }
}
