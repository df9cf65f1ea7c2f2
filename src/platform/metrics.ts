import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { settledWithin } from "./settled-within.ts";

/** A number that is read when it is asked for. */
export interface Measurement {
  /** With its unit at the end where it has one (`_seconds`, `_bytes`), and `_total` when it is a counter. */
  name: string;
  help: string;
  /** One value, or one for each value of the label; nothing where none is known. */
  read(): Value | Promise<Value>;
  label?: string;
  /** Whether it only grows while the process lives. Prometheus computes rates of such numbers only. */
  counter?: boolean;
}

type Value = number | undefined | Readonly<Record<string, number>>;

/** Milliseconds that one measurement may take: a scrape ends after ten seconds, and the others shall be in it. */
const LONGEST_READ = 3_000;

/** `/metrics` in Prometheus' text form: the process, its requests, and what the parts measure. */
export function addMetricsRoute(server: FastifyInstance, measurements: readonly Measurement[]): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const failures = new Counter({
    name: "brop_measurement_failures_total",
    help: "Measurements that could not be read, by their names; what they measure is left out",
    labelNames: ["measurement"],
    registers: [registry],
  });
  for (const measurement of measurements) {
    register(registry, measurement, () => failures.inc({ measurement: measurement.name }));
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

/** What can not be read is left out: one fault must not hide all other numbers when they are needed most. */
function register(registry: Registry, { name, help, label, counter, read }: Measurement, failed: () => void): void {
  const set = (metric: Counter | Gauge, labels: Record<string, string>, value: number) => {
    if (metric instanceof Gauge) metric.set(labels, value);
    else metric.inc(labels, value);
  };
  const Kind = counter ? Counter : Gauge;
  new Kind({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [registry],
    async collect() {
      const value = await settledWithin(LONGEST_READ, async () => read()).catch(failed);
      this.reset();
      if (label === undefined) this.remove();
      if (typeof value === "number") set(this, {}, value);
      else if (label !== undefined)
        for (const [key, each] of Object.entries(value ?? {})) set(this, { [label]: key }, each);
    },
  });
}
