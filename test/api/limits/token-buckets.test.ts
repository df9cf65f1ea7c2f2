import { expect } from "chai";
import fc from "fast-check";
import { TokenBuckets } from "../../../src/api/limits/token-buckets.ts";

const MINUTE = 60_000;

describe("token buckets", () => {
  let now = 0;
  const clock = { now: () => now };
  beforeEach(() => {
    now = 1_000_000;
  });

  it("let so many through at once, and say how long the next one has to wait", () => {
    const buckets = new TokenBuckets(6, clock);
    const answers = Array.from({ length: 7 }, () => buckets.take("a"));
    expect(answers.map(({ allowed }) => allowed)).to.deep.equal([true, true, true, true, true, true, false]);
    expect(answers.map(({ remaining }) => remaining)).to.deep.equal([5, 4, 3, 2, 1, 0, 0]);
    expect(answers.at(-1)?.seconds).to.equal(10);
    now += 9_999;
    expect(buckets.take("a").allowed).to.equal(false);
    now += 1;
    expect(buckets.take("a").allowed).to.equal(true);
  });

  it("give everybody a bucket of their own", () => {
    const buckets = new TokenBuckets(2, clock);
    for (let count = 0; count < 100; count++) buckets.take("flood");
    expect(buckets.take("flood").allowed).to.equal(false);
    expect(buckets.take("other")).to.deep.include({ allowed: true, remaining: 1 });
  });

  it("take nothing from who is refused: a flood waits no longer than one who asks too often once", () => {
    const buckets = new TokenBuckets(60, clock);
    for (let count = 0; count < 10_000; count++) buckets.take("flood");
    now += 1_000;
    expect(buckets.take("flood").allowed).to.equal(true);
  });

  it("never let more through than the rate and one burst, whatever the times", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 20_000 }), { maxLength: 300 }), (steps) => {
        now = 1_000_000;
        let latest = now;
        const buckets = new TokenBuckets(30, clock);
        let passed = 0;
        for (const step of steps) {
          now += step;
          latest = Math.max(latest, now);
          if (buckets.take("a").allowed) passed++;
        }
        const most = 30 + ((latest - 1_000_000) * 30) / MINUTE;
        expect(passed).to.be.at.most(Math.floor(most + 0.001));
      }),
    );
  });

  it("give nothing for a clock that goes back", () => {
    const buckets = new TokenBuckets(1, clock);
    buckets.take("a");
    now -= MINUTE;
    expect(buckets.take("a").allowed).to.equal(false);
  });

  it("forget who was not seen for longest, and remember no more than they should", () => {
    const buckets = new TokenBuckets(1, clock, 3);
    for (const caller of ["a", "b", "c", "a", "d"]) buckets.take(caller);
    expect(buckets.size).to.equal(3);
    expect(buckets.has("a")).to.equal(false);
    expect(buckets.has("b")).to.equal(true);
  });

  it("let everything through without a limit, and keep nothing", () => {
    const buckets = new TokenBuckets(0, clock);
    for (let count = 0; count < 1_000; count++) expect(buckets.take("a").allowed).to.equal(true);
    expect(buckets.size).to.equal(0);
  });
});
