import { expect } from "chai";
import { LONG_RUN } from "../support/long-run.ts";
import kept from "./kept-seeds.json" with { type: "json" };
import { describeFailure, runSeeds } from "./run-seeds.ts";

const SEEDS = LONG_RUN ? 5_000 : 200;
/** Milliseconds for one seed on a busy machine. */
const MOST_A_SEED = 15_000;
const PROGRESS = LONG_RUN ? 100 : 50;

describe("platform under faults, by seeds", () => {
  it(`is as the oracle says after each of ${SEEDS} runs`, async function () {
    const seeds = [...new Set([...kept.map(({ seed }) => seed), ...Array.from({ length: SEEDS }, (_, at) => at + 1)])];
    this.timeout(seeds.length * MOST_A_SEED);
    const totals: Record<string, number> = {};
    const failures: string[] = [];
    const begun = Date.now();
    let done = 0;
    await runSeeds(seeds, {
      onResult: (result) => {
        done++;
        for (const [name, count] of Object.entries(result.counts)) totals[name] = (totals[name] ?? 0) + count;
        if (result.differences.length > 0) failures.push(describeFailure(result));
        if (done % PROGRESS === 0) {
          const seconds = Math.round((Date.now() - begun) / 1_000);
          console.log(`      ${done} of ${seeds.length} seeds, ${failures.length} with differences, ${seconds} s`);
        }
        // A few failures tell as much as all.
        return failures.length < 5;
      },
    });
    console.log(`      ${JSON.stringify(totals)}`);
    expect(failures, failures.join("\n\n")).to.deep.equal([]);
    // What did not happen was not tested.
    for (const name of ["kills", "database errors", "commits that failed", "rpc errors", "bundles lost"]) {
      expect(totals[name], name).to.be.greaterThan(SEEDS / 10);
    }
  });
});
