import { installFastKeccak } from "../../src/chain/fast-keccak.node.ts";
import { CleanDatabase } from "./clean-database.ts";
import { runSeed, type SeedResult } from "./run-seed.ts";

// A process that runs the seeds that it is sent, one after the other, over a database of its own.
await installFastKeccak();
const database = await CleanDatabase.open();
process.on("message", async (seed: number) => {
  const result = await database
    .clean()
    .then((db) => runSeed(seed, db))
    .catch((error: Error): SeedResult => {
      return { seed, differences: [`the run ended with ${error.stack}`], steps: [], counts: {} };
    });
  process.send?.(result);
});
process.send?.("ready");
