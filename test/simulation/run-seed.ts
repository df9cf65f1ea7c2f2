import type { Database } from "../../src/store/database.ts";
import { compareTables } from "./oracle/actual-tables.ts";
import { checkStream, checkSubscription } from "./oracle/check-deliveries.ts";
import { checkEvents, checkOperations } from "./oracle/check-operations.ts";
import { checkSubmissions } from "./oracle/check-submissions.ts";
import { ExpectedTables } from "./oracle/expected-tables.ts";
import { untilQuiet } from "./quiet.ts";
import { Scenario } from "./scenario.ts";
import { seedSystemBytes } from "./seeded-bytes.ts";

/** How long things go wrong, in milliseconds of the simulation. */
const TROUBLE = [10_000, 45_000] as const;

export interface SeedResult {
  seed: number;
  /** Empty when everything was as it must be. */
  differences: string[];
  /** What happened last, when something differs. */
  steps: readonly string[];
  counts: Record<string, number>;
}

/** Runs one seed over an empty database and compares every table and everything that was told with the oracle. */
export async function runSeed(seed: number, engine: Database, talkative = false): Promise<SeedResult> {
  seedSystemBytes(`bytes ${seed}`);
  const scenario = new Scenario(seed, engine, talkative);
  const { world, chain, clients, subscribers, streams, receivers } = scenario;
  await scenario.begin();
  const trouble = world.time.now + world.random.integer(...TROUBLE);
  await world.time.until(() => world.time.now >= trouble, trouble);
  scenario.calmDown();
  const differences = await untilQuiet(scenario);
  const expected = new ExpectedTables(chain.blocks);
  const { differences: ofEvents, events } = await checkEvents(engine, chain, expected.events);
  differences.push(...ofEvents);
  differences.push(...(await compareTables(engine, expected.tables)));
  differences.push(...(await checkOperations(engine, chain, clients.operations)));
  differences.push(...(await checkSubmissions(engine, chain, scenario.partners)));
  for (const one of subscribers.wanted) differences.push(...checkSubscription(one, chain, receivers, events));
  for (const reader of streams) differences.push(...checkStream(reader, chain, events));
  world.count("steps", world.time.steps);
  world.count("blocks", chain.head);
  world.count("operations included", chain.inclusions.size);
  world.count("submissions", scenario.partners.handedOver.filter(({ id }) => id !== undefined).length);
  world.count("bundles that reverted", chain.reverted);
  world.count("operations offered", [...clients.operations.values()].filter(({ offered }) => offered).length);
  for (const { url } of subscribers.wanted) world.count("webhooks", receivers.arrivals(url).length);
  for (const { received } of streams) world.count("streamed events", received.length);
  return {
    ...{ seed, differences, counts: Object.fromEntries(world.counts) },
    steps: differences.length > 0 ? world.lastSteps : [],
  };
}
