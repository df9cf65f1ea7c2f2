import type { Clock } from "../../core/clock.ts";
import type { Database } from "../../store/database.ts";
import { readPosition } from "../../store/queries/position.ts";
import { readQuotaUse } from "../../store/queries/quota-use.ts";
import { keptFor } from "../kept-for.ts";
import type { Measurement } from "../metrics.ts";

/** Blocks that are looked back: an hour of three-second blocks. */
const WINDOW = 1_200;
const KEEP = 30_000;

/** For /metrics: what quota was used lately, as far as it is indexed. */
export function quotaMeasurements(db: Database, clock: Clock): Measurement[] {
  const use = keptFor(KEEP, clock, async () => {
    const position = await readPosition(db);
    return readQuotaUse(db, (position?.block_number ?? -1) - WINDOW);
  });
  const words = `in the last ${WINDOW} indexed blocks`;
  return [
    { name: "brop_quota_points", help: `Quota points charged ${words}`, read: async () => (await use()).points },
    { name: "brop_quota_operations", help: `Operations charged ${words}`, read: async () => (await use()).operations },
    {
      name: "brop_quota_payers",
      help: `Accounts that points were charged to ${words}`,
      read: async () => (await use()).payers,
    },
  ];
}
