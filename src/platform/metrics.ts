import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** A number that is read when it is asked for. */
export interface Measurement {
  name: string;
  help: string;
  /** One value, or one for each value of the label. */
  read(): number | Promise<number> | Record<string, number> | Promise<Record<string, number>>;
  label?: string;
}

/** `/metrics` in Prometheus' text form: the process, and what the parts measure. */
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
  server.get("/metrics", { schema: { hide: true } as object }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
