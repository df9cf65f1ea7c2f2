import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import type { ContentStore } from "./content-store.ts";
import type { HostingLimits } from "./limits.ts";
import type { Staging } from "./staging.ts";

/** What hosting works with. */
export interface HostingParts {
  db: Database;
  store: ContentStore;
  staging: Staging;
  limits: HostingLimits;
  clock: Clock;
  logger: Logger;
}
