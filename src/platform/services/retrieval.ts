import { systemClock } from "../../core/clock.ts";
import { Retrieval } from "../../retrieval/retrieval.ts";
import { openReader } from "../../store/open-database.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** Business data of partners, and the making of its indexes. */
export async function startRetrieval({ config, db, logger, cleanup }: ServicesOptions): Promise<Retrieval> {
  const reader = await openReader(db, config.databaseUrl);
  cleanup.add(() => reader.close());
  const retrieval = new Retrieval({ db, reader, clock: systemClock, logger: logger.child({ part: "retrieval" }) });
  retrieval.start();
  cleanup.add(() => retrieval.stop());
  return retrieval;
}

/** For /metrics. */
export function indexesBuilding(retrieval: Retrieval): Measurement {
  return {
    name: "brop_data_indexes_building",
    help: "Indexes of business data that are being made",
    read: () => retrieval.building(),
  };
}
