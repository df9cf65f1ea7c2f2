import type { FastifyPluginAsync } from "fastify";
import type { AccessNode } from "../../access/access-node.ts";
import { systemClock } from "../../core/clock.ts";
import type { Indexer } from "../../indexer/indexer-options.ts";
import type { Batcher } from "../../uplink/batch/batcher.ts";
import type { Plan } from "../../uplink/submissions.ts";
import type { Uplink } from "../../uplink/uplink.ts";
import { EndWaiter } from "../../uplink/waiting.ts";
import { Cleanup } from "../cleanup.ts";
import type { HealthCheck } from "../health.ts";
import type { Measurement } from "../metrics.ts";
import { startAccess } from "./access.ts";
import { accessMeasurements } from "./access-measurements.ts";
import { startApi } from "./api.ts";
import { batchMeasurements, startBatcher } from "./batches.ts";
import { chainMeasurements, watchChain } from "./chain-measurements.ts";
import { chainCheck, databaseCheck, readiness } from "./checks.ts";
import { progressOf } from "./index-progress.ts";
import { indexCheck, indexMeasurements, startIndexer, statusFromDatabase } from "./indexer.ts";
import type { ServicesOptions } from "./options.ts";
import { processMeasurements } from "./process-measurements.ts";
import { startPush } from "./push.ts";
import { quotaMeasurements } from "./quota-measurements.ts";
import { SigningCounts } from "./signing-measurements.ts";
import { startTimestampAuthority } from "./timestamp-authority.ts";
import { startUplink } from "./uplink.ts";

/** The parts that work on the chain and the database. */
export interface Services {
  plugins: FastifyPluginAsync[];
  checks: HealthCheck[];
  measurements: Measurement[];
  /** Resolves when the index, if this process makes it, holds a block. */
  caughtUp(block: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts push, indexer, access node and query interface as far as this process runs them. */
export async function startServices(given: Omit<ServicesOptions, "cleanup" | "signing">): Promise<Services> {
  const cleanup = new Cleanup();
  const signing = new SigningCounts();
  const options = { ...given, cleanup, signing };
  const { parts, db, rpc, report, logger, folder } = options;
  const services: Services = {
    plugins: [],
    checks: [chainCheck(rpc), databaseCheck(db)],
    measurements: [
      ...chainMeasurements(rpc, watchChain(options)),
      ...processMeasurements(folder.root, db),
      ...signing.measurements,
    ],
    caughtUp: async () => undefined,
    stop: () => cleanup.run(),
  };
  let indexer: Indexer | undefined;
  let access: AccessNode | undefined;
  let uplink: Uplink | undefined;
  let batcher: Batcher<Plan> | undefined;
  const waiter = new EndWaiter(db, systemClock);
  try {
    const push = parts.has("push") ? await report.step("Event push", () => startPush(options)) : undefined;
    if (push !== undefined) {
      services.plugins.push(push.routes);
      services.measurements.push(...push.measurements);
    }
    if (parts.has("indexer")) {
      const onIndexed = () => {
        push?.nudge();
        uplink?.nudge();
        batcher?.nudge();
      };
      const started = await report.step("Indexer", () => startIndexer(options, onIndexed));
      services.caughtUp = (block) =>
        report.step(
          "Index up to date",
          () => started.caughtUp(block),
          () => progressOf(started.status(), block),
        );
      services.checks.push(indexCheck(() => started.status()));
      services.measurements.push(...indexMeasurements(started, db, systemClock), ...quotaMeasurements(db, systemClock));
      indexer = started;
    }
    if (parts.has("access")) {
      const started = await report.step("Access node", () => startAccess(options));
      services.plugins.push(async (server) => {
        await server.register(started.routes, started.routeOptions);
      });
      services.measurements.push(...accessMeasurements(started, db));
      access = started;
    }
    if (parts.has("uplink")) {
      const gateway = access?.gateway;
      const started = await report.step("Uplink", async () => startUplink(options, gateway, () => waiter.nudge()));
      uplink = started.uplink;
      services.measurements.push(...started.measurements);
      batcher = await report.step("Batches", () => startBatcher(options, () => uplink?.nudge()));
      services.measurements.push(...batchMeasurements(db));
    }
    if (parts.has("api")) {
      const authority = await report.step("Time-stamping authority", () => startTimestampAuthority(options));
      if (authority !== undefined) {
        services.plugins.push(authority.routes);
        services.measurements.push(...authority.measurements);
      }
      const api = await startApi(options, {
        ...{ indexer, waiter, subscriptionChanged: () => push?.nudge(), handedOver: () => uplink?.nudge() },
        authority: authority?.authority,
      });
      services.plugins.push(api.routes);
      services.measurements.push(...api.measurements);
      if (indexer === undefined) services.checks.push(indexCheck(() => statusFromDatabase(db, rpc)));
    }
  } catch (error) {
    await cleanup.run().catch((failure: unknown) => logger.error({ err: failure }, "A part did not stop"));
    throw error;
  }
  services.measurements.push(readiness(services.checks));
  return services;
}
