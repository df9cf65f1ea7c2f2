import { expect } from "chai";
import { type Clock, systemClock } from "../../../src/core/clock.ts";
import { BropError, type ErrorCode } from "../../../src/core/errors.ts";
import { Load, type SignedOperation } from "../../../src/network/chaos/load.ts";

/** Pauses of seconds are over at once, longer waits never. */
const quick: Clock = {
  now: systemClock.now,
  sleep: (milliseconds) =>
    new Promise<void>((resolve) => {
      if (milliseconds < 10_000) setImmediate(resolve);
    }),
};
const failing = (code: ErrorCode) => () => Promise.reject(new BropError(code));

describe("Load for a network under faults", () => {
  /** Runs one client over the given operations, one after the other. */
  async function run(operations: SignedOperation[]): Promise<Load> {
    const ends = new AbortController();
    const left = [...operations];
    const sender = {
      sign: async () => {
        const next = left.shift() as SignedOperation;
        if (left.length === 0) ends.abort();
        return next;
      },
    };
    const load = new Load({ sender, clients: 1, clock: quick, until: ends.signal });
    await load.run();
    return load;
  }

  const operation = (hash: string, included: () => Promise<number>): SignedOperation => ({
    hash,
    send: async () => ({ included }),
  });

  it("remembers every end that a client was told", async () => {
    const load = await run([operation("one", async () => 7), operation("two", failing("operation.expired"))]);
    expect(load.answers).to.deep.equal([
      { operation: "one", end: "included", blockNumber: 7 },
      { operation: "two", end: "expired" },
    ]);
    expect([load.submitted, load.included, load.expired, load.open.length]).to.deep.equal([2, 1, 1, 0]);
  });

  it("hands the same operation over again while nobody answers", async () => {
    let tries = 0;
    const stubborn = {
      hash: "one",
      send: async () => {
        if (++tries < 4) throw new BropError("chain.unreachable");
        return { included: async () => 3 };
      },
    };
    const load = await run([stubborn]);
    expect(tries).to.equal(4);
    expect(load.included).to.equal(1);
    expect(load.errors.size).to.equal(0);
  });

  it("counts refusals by their code, and takes none of them for an end", async () => {
    const refused = { hash: "one", send: failing("operation.rejected") };
    const load = await run([refused, operation("two", failing("operation.reverted"))]);
    expect(load.answers).to.deep.equal([]);
    expect(Object.fromEntries(load.errors)).to.deep.equal({ "operation.rejected": 1, "operation.reverted": 1 });
  });

  it("does not wait for ever for an operation to be signed", async () => {
    const ends = new AbortController();
    const hurried = { now: systemClock.now, sleep: async () => ends.abort() };
    const sender = { sign: () => new Promise<never>(() => undefined) };
    const load = new Load({ sender, clients: 1, clock: hurried, until: ends.signal });
    await load.run();
    expect(Object.fromEntries(load.errors)).to.deep.equal({ "chain.unreachable": 1 });
    expect([load.submitted, load.open.length]).to.deep.equal([0, 0]);
  });

  it("knows what still has no end", async () => {
    const ends = new AbortController();
    let end: (block: number) => void = () => undefined;
    const sender = {
      sign: async () => operation("slow", () => new Promise<number>((resolve) => (end = resolve))),
    };
    const load = new Load({ sender, clients: 1, clock: quick, until: ends.signal });
    const done = load.run();
    ends.abort();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(load.open).to.deep.equal(["slow"]);
    end(4);
    await done;
    expect(load.open).to.deep.equal([]);
  });
});
