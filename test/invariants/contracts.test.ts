import { expect } from "chai";
import fc from "fast-check";
import { actions } from "./actions.ts";
import { newHistory } from "./history.ts";
import { observe } from "./observe.ts";
import { PROPERTIES } from "./properties.ts";
import { freshWorld } from "./world.ts";

/** Runs of 80 to 100 steps; the long test command tries more. */
const USUAL_RUNS = 8;
const runs = USUAL_RUNS * Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 100);

describe("Invariants of the contracts, under random actions of partners, users, authorities and relays", () => {
  const failures = new Map<string, unknown>();
  const happened = new Map<string, number>();
  let checks = 0;

  before(async function () {
    this.timeout(runs * 60_000);
    const play = fc.asyncProperty(actions, async (steps) => {
      const world = await freshWorld();
      const history = newHistory();
      const holdingOf = () => world.vouchers[0].holdingOf(world.exchange.address);
      let seen = await observe(world, history);
      history.custody.push({ block: seen.block, holding: await holdingOf() });
      for (const step of steps) {
        history.events = [];
        await step.run(world, history);
        const after = await observe(world, history, seen);
        history.custody.push({ block: after.block, holding: await holdingOf() });
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
    const missing = () => WANTED.filter((what) => !happened.has(what));
    let played = 0;
    // Runs end with a failure, or when everything has happened; rare things may take a few more.
    for (let more = runs; more > 0 && played < 3 * runs && failures.size === 0; more = missing().length > 0 ? 2 : 0) {
      // A step takes a while: a failing run is shown as it is, with the seed that repeats it.
      const result = await fc.check(play, { numRuns: more, endOnFailure: true });
      const report = result.failed ? fc.defaultReportMessage(result) : undefined;
      if (report && failures.size === 0) throw new Error(report, { cause: result.errorInstance });
      if (report) console.error(report);
      played += more;
    }
  });

  for (const { title } of PROPERTIES) {
    it(title, () => {
      const failure = failures.get(title);
      if (failure !== undefined) throw failure;
      expect(checks).to.be.greaterThan(0);
    });
  }

  it("were tried on runs in which things really happened, and were refused", () => {
    console.log(`      ${happened.get("calls")} calls, ${checks} checks of ${PROPERTIES.length} properties`);
    for (const what of WANTED) expect(happened.get(what) ?? 0, what).to.be.greaterThan(0);
  });
});

const WANTED = [
  ...["Recorded", "Linked", "Anchored", "AgreementConfirmed", "AgreementEffective", "CustodyProven"],
  ...["Allocated", "LotMade", "TransferSingle", "Presented", "RedemptionConfirmed", "Offered", "OfferAccepted"],
  ...["Certified", "Charged", "SponsorChanged", "SignerChanged", "KeyResetStarted", "KeyResetCompleted"],
  ...["OrderExecuted", "MeasureTaken", "UserOperationRevertReason", "refused", "replayed", "late", "intrusions"],
];
