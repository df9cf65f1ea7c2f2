import { parseArgs } from "node:util";
import { installFastKeccak } from "../../src/chain/fast-keccak.node.ts";
import { CleanDatabase } from "./clean-database.ts";
import { runSeed } from "./run-seed.ts";

/** Runs seeds one by one: `node test/simulation/run.ts 17`, or `17-40`; `--steps` prints every step. */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { steps: { type: "boolean" } } });
await installFastKeccak();
const database = await CleanDatabase.open();
let failed = 0;
for (const given of positionals) {
  const [first = 0, last = first] = given.split("-").map(Number);
  for (let seed = first; seed <= last; seed++) {
    const begin = performance.now();
    const result = await runSeed(seed, await database.clean(), values.steps ?? false);
    const milliseconds = Math.round(performance.now() - begin);
    if (result.differences.length > 0) failed++;
    if (result.differences.length > 0) console.log(result.steps.join("\n"));
    for (const difference of result.differences) console.log(`DIFFERENCE ${difference}`);
    console.log(JSON.stringify({ seed, milliseconds, differences: result.differences.length, ...result.counts }));
  }
}
await database.db.close();
process.exitCode = failed > 0 ? 1 : 0;
