import { expect } from "chai";
import fc from "fast-check";
import { actions } from "./actions.ts";
import { observe, PROPERTIES, recordsAfter } from "./properties.ts";
import { freshWorld, newHistory } from "./world.ts";

/** Runs of 40 to 60 steps; the long test command tries more. */
const USUAL_RUNS = 8;
const runs = USUAL_RUNS * Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 100);

describe("Invariants of the contracts, under random actions of partners, users and relays", () => {
  const failures = new Map<string, unknown>();
  const happened = new Map<string, number>();
  let checks = 0;

  before(async function () {
    this.timeout(runs * 60_000);
    const play = fc.asyncProperty(actions, async (steps) => {
      const world = await freshWorld();
      const history = newHistory();
      let seen = await observe(world, new Map());
      for (const step of steps) {
        await step.run(world, history);
        const after = await observe(world, await recordsAfter(world, history, seen.records));
        for (const { title, check } of PROPERTIES) {
          checks++;
          try {
            await check(world, history, seen, after);
          } catch (error) {
            failures.set(title, error);
            throw error;
          }
        }
        seen = after;
      }
      for (const [what, count] of history.counts) happened.set(what, (happened.get(what) ?? 0) + count);
    });
    const result = await fc.check(play, { numRuns: runs });
    if (result.failed && failures.size === 0) throw new Error(fc.defaultReportMessage(result));
    if (result.failed) console.error(fc.defaultReportMessage(result));
  });

  for (const { title } of PROPERTIES) {
    it(title, () => {
      const failure = failures.get(title);
      if (failure !== undefined) throw failure;
      expect(checks).to.be.greaterThan(0);
    });
  }

  it("were tried on runs in which things really happened, and were refused", () => {
    const wanted = ["Recorded", "Linked", "Allocated", "TransferSingle", "Certified", "Charged", "SponsorChanged"];
    for (const what of [...wanted, "UserOperationRevertReason", "refused", "replayed", "late"]) {
      expect(happened.get(what) ?? 0, what).to.be.greaterThan(0);
    }
  });
});
