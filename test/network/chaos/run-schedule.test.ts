import { expect } from "chai";
import type { Clock } from "../../../src/core/clock.ts";
import { type FaultTarget, runSchedule } from "../../../src/network/chaos/run-schedule.ts";
import { FAULT_KINDS, type Fault, schedule } from "../../../src/network/chaos/schedule.ts";

/** Time that passes when everybody sleeps. */
class SleepClock implements Clock {
  #now = 1_000_000;
  #sleepers: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve });
      signal.addEventListener("abort", () => resolve(), { once: true });
      setImmediate(() => this.#next());
    });
  }

  #next(): void {
    this.#sleepers.sort((one, other) => one.until - other.until);
    const first = this.#sleepers.shift();
    if (first === undefined) return;
    this.#now = Math.max(this.#now, first.until);
    first.wake();
  }
}

class FakeTarget implements FaultTarget {
  readonly down = new Set<string>();
  readonly steps: string[] = [];
  most = 0;
  readonly #clock: Clock;
  readonly #recovery: number;

  constructor(clock: Clock, recovery = 5) {
    this.#clock = clock;
    this.#recovery = recovery;
  }

  async begin({ node, kind }: Fault): Promise<void> {
    expect(this.down.has(node), `${node} is down already`).to.equal(false);
    this.down.add(node);
    this.most = Math.max(this.most, this.down.size);
    this.steps.push(`${kind} ${node}`);
  }

  async end({ node }: Fault): Promise<void> {
    this.steps.push(`heal ${node}`);
  }

  async recovered(node: string): Promise<void> {
    await this.#clock.sleep(this.#recovery * 1000, new AbortController().signal);
    this.down.delete(node);
  }
}

describe("A schedule of faults, as it is run", () => {
  const validators = ["a", "b", "c", "d"];
  const never = new AbortController().signal;
  const plan = (changes: object = {}) =>
    schedule({ seed: "tea", seconds: 300, validators, others: ["x"], kinds: FAULT_KINDS, halt: false, ...changes });

  it("undoes every fault and counts them", async () => {
    const clock = new SleepClock();
    const target = new FakeTarget(clock);
    const counts = await runSchedule(plan(), target, { clock, signal: never });
    expect(target.down.size).to.equal(0);
    const begun = target.steps.filter((step) => !step.startsWith("heal"));
    expect(target.steps.length).to.equal(2 * begun.length);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(begun.length);
  });

  it("begins no fault before the node of the one before is well again, however long that takes", async () => {
    const clock = new SleepClock();
    const target = new FakeTarget(clock, 60);
    await runSchedule(plan(), target, { clock, signal: never });
    // One validator and one other node.
    expect(target.most).to.equal(2);
    expect((clock.now() - 1_000_000) / 1000).to.be.below(300 + 60 + 60);
  });

  it("takes down what is asked for when the chain is to halt", async () => {
    const clock = new SleepClock();
    const target = new FakeTarget(clock);
    await runSchedule(plan({ halt: true, others: [] }), target, { clock, signal: never });
    expect(target.most).to.equal(2);
    const alone = new FakeTarget(clock);
    await runSchedule(plan({ others: [] }), alone, { clock, signal: never });
    expect(alone.most).to.equal(1);
  });

  it("undoes what is under way when it is interrupted, and begins nothing else", async () => {
    const clock = new SleepClock();
    const target = new FakeTarget(clock);
    const controller = new AbortController();
    const onFault = (_fault: Fault, state: string) => {
      if (state === "begins") controller.abort();
    };
    await runSchedule(plan(), target, { clock, signal: controller.signal, onFault });
    expect(target.steps.filter((step) => !step.startsWith("heal")).length).to.be.within(1, 2);
    expect(target.steps.filter((step) => step.startsWith("heal")).length).to.equal(target.steps.length / 2);
  });

  it("undoes a fault of which only half could be done, and says what went wrong", async () => {
    const clock = new SleepClock();
    const target = new FakeTarget(clock);
    target.begin = async () => {
      throw new Error("no such process");
    };
    const words = await runSchedule(plan({ others: [] }), target, { clock, signal: never }).catch(String);
    expect(words).to.contain("no such process");
    expect(target.steps)
      .to.have.length(1)
      .and.to.satisfy(([step]: string[]) => step?.startsWith("heal"));
  });
});
