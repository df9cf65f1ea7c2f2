import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { LONG_RUN } from "../../support/long-run.ts";
import type { SeedResult } from "../run-seed.ts";
import { runSeeds } from "../run-seeds.ts";
import { MUTANTS } from "./mutants.ts";

/** Seeds within which each mutant has to be found. */
const WITHIN = 40;
const APPLY = fileURLToPath(new URL("apply-mutant.ts", import.meta.url));

describe("the simulation of the platform", () => {
  for (const [index, { name, quick = false }] of MUTANTS.entries()) {
    if (!quick && !LONG_RUN) continue;
    it(`notices when ${name}`, async function () {
      this.timeout(WITHIN * 30_000);
      const found: SeedResult[] = [];
      let runs = 0;
      await runSeeds(
        Array.from({ length: WITHIN }, (_, at) => 1_000_001 + at),
        {
          nodeOptions: ["--import", APPLY],
          environment: { SIMULATION_MUTANT: String(index) },
          onResult: (result) => {
            runs++;
            if (result.differences.length > 0) found.push(result);
            return found.length === 0;
          },
        },
      );
      console.log(`      found by run ${runs}: ${found[0]?.differences[0]?.slice(0, 160)}`);
      expect(found).to.not.be.empty;
    });
  }
});
