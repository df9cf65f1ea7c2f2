import { expect } from "chai";
import { delayAfter, GIVE_UP_AFTER } from "../../src/push/backoff.ts";

describe("the time until the next attempt", () => {
  it("grows from seconds to half a day, and spreads by a fifth", () => {
    expect(delayAfter(1, 0)).to.equal(4_000);
    expect(delayAfter(1, 0.5)).to.equal(5_000);
    expect(delayAfter(1, 1)).to.equal(6_000);
    for (let attempts = 1; attempts < 12; attempts++) {
      expect(delayAfter(attempts + 1, 0.5)).to.be.at.least(delayAfter(attempts, 0.5));
    }
    expect(delayAfter(1_000, 0.5)).to.equal(12 * 3_600_000);
  });

  it("leaves several attempts within the three days", () => {
    let time = 0;
    let attempts = 0;
    while (time < GIVE_UP_AFTER) time += delayAfter(++attempts, 1);
    expect(attempts).to.be.greaterThan(10);
  });
});
