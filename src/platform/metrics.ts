import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** A number that is read when it is asked for. */
export interface Measurement {
  name: string;
  help: string;
  /** One value, or one for each value of the label. */
  read(): number | Promise<number> | Record<string, number> | Promise<Record<string, number>>;
  label?: string;
}

/** `/metrics` in Prometheus' text form: the process, its requests, and what the parts measure. */
export function addMetricsRoute(server: FastifyInstance, measurements: readonly Measurement[]): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name, help, label, read } of measurements) {
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      async collect() {
        const value = await read();
        this.reset();
        if (typeof value === "number") this.set(value);
        else for (const [key, each] of Object.entries(value)) this.set({ [label ?? ""]: key }, each);
      },
    });
  }
  const requests = new Histogram({
    name: "brop_http_request_seconds",
    help: "Time until a request was answered, by route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  server.addHook("onResponse", async ({ method, routeOptions }, reply) => {
    // A stream lasts as long as its reader wants.
    if (String(reply.getHeader("content-type")).startsWith("text/event-stream")) return;
    // Paths that are none have no name of their own: everybody could make up new ones.
    const route = routeOptions.url ?? "none";
    requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  server.get("/metrics", { schema: { hide: true } as object }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
