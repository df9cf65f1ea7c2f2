import type { FastifyPluginAsync } from "fastify";
import { systemClock } from "../../core/clock.ts";
import { EventReader } from "../../push/event-reader.ts";
import { Push } from "../../push/push.ts";
import { pushRoutes } from "../../push/routes.ts";
import type { ServicesOptions } from "./options.ts";

/** Webhooks, and streams of events. */
export async function startPush({ config, db, development, logger, cleanup }: ServicesOptions) {
  const { chainId, privateReceivers = development } = config;
  const push = new Push({ db, chainId, allowPrivate: privateReceivers, logger: logger.child({ part: "push" }) });
  const reader = new EventReader(db, systemClock);
  await reader.start();
  cleanup.add(() => reader.stop());
  await push.start();
  cleanup.add(() => push.stop());
  const routes: FastifyPluginAsync = async (server) => {
    await server.register(pushRoutes, { reader, chainId });
  };
  return {
    routes,
    nudge() {
      reader.nudge();
      push.nudge();
    },
  };
}
