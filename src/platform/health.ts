import type { FastifyInstance } from "fastify";
import { BropError } from "../core/errors.ts";

/** One thing that the platform needs to do its work. */
export interface HealthCheck {
  name: string;
  /** @returns why it does not work, undefined when it does */
  fault(): Promise<string | undefined>;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work; otherwise 503 with the reasons. */
export function addHealthRoutes(server: FastifyInstance, checks: readonly HealthCheck[], stopping?: AbortSignal): void {
  const hidden = { schema: { hide: true } as object };
  server.get("/healthz", hidden, async () => ({ status: "alive" }));
  server.get("/readyz", hidden, async (_request, reply) => {
    const faults = await Promise.all(checks.map(faultOf));
    const states = Object.fromEntries(checks.map(({ name }, index) => [name, faults[index] ?? "ok"]));
    if (stopping?.aborted) {
      faults.push("stops");
      states.platform = "stops";
    }
    reply.header("cache-control", "no-store");
    if (faults.every((fault) => fault === undefined)) return { status: "ready", checks: states };
    const problem = new BropError("service.unavailable", { checks: states }).toProblem("/readyz");
    return reply.code(503).type("application/problem+json").send(JSON.stringify(problem));
  });
}

async function faultOf({ fault }: HealthCheck): Promise<string | undefined> {
  try {
    return await fault();
  } catch (error) {
    return BropError.from(error).message;
  }
}
