import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { Gatherer } from "../../src/retrieval/gatherer.ts";

describe("questions that come at the same time", () => {
  let asked: string[][];
  const ask = async (keys: readonly string[]) => {
    asked.push([...keys]);
    return keys.map((key) => key.toUpperCase());
  };
  beforeEach(() => {
    asked = [];
  });

  it("are asked together, and each gets its own answer", async () => {
    const gatherer = new Gatherer<string>();
    const answers = await Promise.all(["a", "b", "a"].map((key) => gatherer.ask("form", key, ask)));
    expect(answers).to.deep.equal(["A", "B", "A"]);
    expect(asked).to.deep.equal([["a", "b", "a"]]);
  });

  it("are kept apart by their form", async () => {
    const gatherer = new Gatherer<string>();
    await Promise.all([gatherer.ask("one", "a", ask), gatherer.ask("other", "b", ask)]);
    expect(asked).to.deep.equal([["a"], ["b"]]);
  });

  it("do not wait for those that are under way", async () => {
    const gatherer = new Gatherer<string>();
    const never = gatherer.ask("form", "slow", () => new Promise(() => {}));
    await nextTurn();
    expect(await gatherer.ask("form", "a", ask)).to.equal("A");
    expect(asked).to.deep.equal([["a"]]);
    expect(never).to.be.a("promise");
  });

  it("are a hundred at most in one statement", async () => {
    const gatherer = new Gatherer<string>();
    const keys = Array.from({ length: 250 }, (_, index) => `k${index}`);
    const answers = await Promise.all(keys.map((key) => gatherer.ask("form", key, ask)));
    expect(answers).to.deep.equal(keys.map((key) => key.toUpperCase()));
    expect(asked.map(({ length }) => length)).to.deep.equal([100, 100, 50]);
  });

  it("all fail with what the database said, and those after them are asked anew", async () => {
    const gatherer = new Gatherer<string>();
    const fault = new Error("gone");
    const failing = ["a", "b"].map((key) => gatherer.ask("form", key, () => Promise.reject(fault)));
    const ends = await Promise.allSettled(failing);
    expect(ends.map((end) => end.status === "rejected" && end.reason)).to.deep.equal([fault, fault]);
    expect(await gatherer.ask("form", "c", ask)).to.equal("C");
  });
});
