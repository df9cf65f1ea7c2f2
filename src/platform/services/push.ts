import type { FastifyPluginAsync } from "fastify";
import { type Clock, systemClock } from "../../core/clock.ts";
import { EventReader } from "../../push/event-reader.ts";
import { Push } from "../../push/push.ts";
import { pushRoutes, streamReaders } from "../../push/routes.ts";
import type { Database } from "../../store/database.ts";
import { countSubscriptions, readPushBacklog } from "../../store/queries/push/backlog.ts";
import { keptFor } from "../kept-for.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** Milliseconds for which what was counted in the database is told again. */
const KEEP_COUNTS = 10_000;

/** Webhooks, and streams of events. */
export async function startPush({ config, db, development, logger, cleanup }: ServicesOptions) {
  const { chainId, privateReceivers = development } = config;
  const push = new Push({ db, chainId, allowPrivate: privateReceivers, logger: logger.child({ part: "push" }) });
  const reader = new EventReader(db, systemClock);
  const readers = streamReaders();
  await reader.start();
  cleanup.add(() => reader.stop());
  await push.start();
  cleanup.add(() => push.stop());
  const routes: FastifyPluginAsync = async (server) => {
    await server.register(pushRoutes, { reader, chainId, readers });
  };
  return {
    routes,
    measurements: pushMeasurements(push, readers, db, systemClock),
    nudge() {
      reader.nudge();
      push.nudge();
    },
  };
}

/** For /metrics: what is still to be told, and how telling goes. */
export function pushMeasurements(
  push: Pick<Push, "attempts">,
  readers: { readonly size: number },
  db: Database,
  clock: Clock,
): Measurement[] {
  const backlog = keptFor(KEEP_COUNTS, clock, () => readPushBacklog(db));
  return [
    {
      name: "brop_deliveries_pending",
      help: "Events that active webhook subscriptions are still to be told",
      read: async () => (await backlog()).pending,
    },
    {
      name: "brop_oldest_pending_delivery_seconds",
      help: "How long the oldest of them has been waiting; 0 without any",
      async read() {
        const { oldest } = await backlog();
        return oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / 1_000);
      },
    },
    {
      name: "brop_push_lag_blocks",
      help: "Indexed blocks whose events are not matched with subscriptions yet",
      read: async () => (await backlog()).lag,
    },
    {
      ...{ name: "brop_delivery_attempts_total", counter: true, label: "outcome" },
      help: "Attempts to tell a webhook since the start: delivered, failed (to be tried again), dead (given up)",
      read: () => push.attempts,
    },
    {
      ...{ name: "brop_subscriptions", label: "status" },
      help: "Webhook subscriptions",
      read: keptFor(KEEP_COUNTS, clock, () => countSubscriptions(db)),
    },
    { name: "brop_event_readers", help: "Open streams of events (/events and /ws)", read: () => readers.size },
  ];
}
