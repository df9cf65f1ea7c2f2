import { expect } from "chai";
import fc from "fast-check";
import {
  FAULT_KINDS,
  type Fault,
  mostDown,
  type ScheduleInputs,
  schedule,
} from "../../../src/network/chaos/schedule.ts";

const names = (count: number, name: string) => Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);

function inputs(changes: Partial<ScheduleInputs> = {}): ScheduleInputs {
  const nodes = { validators: names(4, "validator"), others: ["access-1"] };
  return { seed: "tea", seconds: 600, ...nodes, kinds: FAULT_KINDS, halt: false, ...changes };
}

/** Most nodes of a list that are down at one moment. */
function mostAtOnce(faults: readonly Fault[], nodes: readonly string[]): number {
  const down = (at: number) => faults.filter(({ node, from, to }) => nodes.includes(node) && from <= at && at <= to);
  return Math.max(0, ...faults.map(({ from }) => new Set(down(from).map(({ node }) => node)).size));
}

const faultsOf = (changes: Partial<ScheduleInputs> = {}) =>
  schedule(inputs(changes)).flatMap(({ lanes }) => lanes.flat());

describe("A schedule of faults", () => {
  const any = fc.record({
    seed: fc.string(),
    seconds: fc.integer({ min: 60, max: 900 }),
    validators: fc.integer({ min: 1, max: 7 }).map((count) => names(count, "validator")),
    others: fc.integer({ min: 0, max: 3 }).map((count) => names(count, "other")),
  });

  it("is the same for the same seed, and another for another", () => {
    expect(schedule(inputs())).to.deep.equal(schedule(inputs()));
    expect(schedule(inputs({ seed: "coffee" }))).to.not.deep.equal(schedule(inputs()));
  });

  it("leaves a quorum of validators up at every moment, and one fault to a node", () => {
    fc.assert(
      fc.property(any, (one) => {
        const faults = faultsOf(one);
        const { validators = [], others = [] } = one;
        expect(mostAtOnce(faults, validators)).to.be.at.most(mostDown(validators.length));
        expect(mostAtOnce(faults, others)).to.be.at.most(1);
        for (const fault of faults) {
          const same = faults.filter((other) => other !== fault && other.node === fault.node);
          for (const { from, to } of same) expect(to < fault.from || from > fault.to, fault.node).to.equal(true);
        }
      }),
    );
  });

  it("stays within its time", () => {
    fc.assert(
      fc.property(any, fc.boolean(), (one, halt) => {
        for (const { from, to } of faultsOf({ ...one, halt })) {
          expect(from).to.be.at.least(0);
          expect(to).to.be.within(from, one.seconds);
        }
      }),
    );
  });

  it("has faults of every kind that is asked for, and of no other", () => {
    expect(new Set(faultsOf().map(({ kind }) => kind))).to.deep.equal(new Set(FAULT_KINDS));
    expect(new Set(faultsOf({ kinds: ["pause"] }).map(({ kind }) => kind))).to.deep.equal(new Set(["pause"]));
    for (const { kind, delay } of faultsOf()) expect(delay !== undefined).to.equal(kind === "slow");
  });

  it("takes one validator more than the chain bears only when that is asked for, once", () => {
    const [before, halt, after] = schedule(inputs({ halt: true }));
    expect([before?.halts, halt?.halts, after?.halts]).to.deep.equal([false, true, false]);
    expect(new Set(halt?.lanes.flat().map(({ node }) => node)).size).to.equal(2);
    for (const phase of [before, after]) {
      expect(mostAtOnce(phase?.lanes.flat() ?? [], inputs().validators)).to.equal(1);
    }
    for (const { halts } of schedule(inputs())) expect(halts).to.equal(false);
  });

  it("knows how many of a consortium can be down: less than a third, rounded as QBFT does", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(mostDown)).to.deep.equal([0, 0, 1, 1, 1, 2, 2]);
  });
});
