import { expect } from "chai";
import { WatchedClock } from "../../../src/timestamp/authority/watched-clock.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const START = 1_800_000_000_000;

/** A clock, another one that nobody sets, and a chain; in truth as much time passes for all of them. */
function world() {
  const wall = new ManualClock(START);
  let steady = 0;
  let truth = START;
  let block = { number: 10, time: START };
  let broken = false;
  const clock = new WatchedClock({
    ...{ clock: wall, steady: () => steady, drift: 5_000 },
    async newestBlock() {
      if (broken) throw new Error("the node is gone");
      return block;
    },
  });
  return {
    clock,
    pass(milliseconds: number) {
      truth += milliseconds;
      steady += milliseconds;
      wall.advance(milliseconds);
    },
    set: (milliseconds: number) => wall.advance(milliseconds),
    produce() {
      block = { number: block.number + 1, time: Math.floor(truth / 1_000) * 1_000 };
    },
    breakNode: (yes: boolean) => {
      broken = yes;
    },
    /** Three seconds, with a block in them and a look each second. */
    async live(times = 1) {
      for (let round = 0; round < times; round++) {
        for (let second = 0; second < 3; second++) {
          this.pass(1_000);
          if (second === 1) this.produce();
          await clock.look().catch(() => undefined);
        }
      }
    },
  };
}

describe("a watched clock", () => {
  it("says no time before a new block has shown that it is right", async () => {
    const { clock, ...at } = world();
    expect(clock.now()).to.equal(undefined);
    await clock.look();
    // The newest block may be old, it says nothing.
    expect(clock.fault).to.contain("not been compared");
    await at.live.call({ ...at, clock });
    expect(clock.now()).to.deep.equal(new Date(START + 3_000));
  });

  it("says no time when it is behind the chain, or ahead of it, and says it again when it was put right", async () => {
    for (const [wrong, words] of [
      [-9_000, "behind a block"],
      [9_000, "ahead of a block"],
    ] as const) {
      const at = world();
      await at.live(2);
      expect(at.clock.fault).to.equal(undefined);
      at.set(wrong);
      await at.live(2);
      expect(at.clock.fault).to.contain(words);
      expect(at.clock.now()).to.equal(undefined);
      at.set(-wrong);
      await at.live(2);
      expect(at.clock.fault).to.equal(undefined);
    }
  });

  it("says no time from the moment in which it is set until it was compared, also by less than the chain shows", async () => {
    for (const step of [-2_000, 400, 3_600_000]) {
      const at = world();
      await at.live(2);
      at.set(step);
      expect(at.clock.now(), `set by ${step}`).to.equal(undefined);
      // A process that slept meanwhile does not begin again by itself.
      at.pass(10);
      expect(at.clock.fault).to.contain("it was set");
    }
    const slewed = world();
    await slewed.live(2);
    slewed.set(100);
    expect(slewed.clock.fault).to.equal(undefined);
  });

  it("says no time while the chain stands still or its node does not answer, and goes on with it", async () => {
    const at = world();
    await at.live(2);
    at.pass(61_000);
    expect(at.clock.fault).to.contain("the chain stands still");
    await at.live(2);
    expect(at.clock.fault).to.equal(undefined);
    at.breakNode(true);
    await at.live(30);
    expect(at.clock.fault).to.contain("stands still");
    at.breakNode(false);
    await at.live(3);
    expect(at.clock.fault).to.equal(undefined);
  });

  it("never goes back", async () => {
    const at = world();
    await at.live(2);
    const before = at.clock.now() as Date;
    at.set(-200);
    expect(at.clock.now()).to.deep.equal(before);
  });

  it("looks by itself once it was started, and stops", async () => {
    const at = world();
    at.clock.start();
    await at.clock.stop();
    expect(at.clock.now()).to.equal(undefined);
  });
});
