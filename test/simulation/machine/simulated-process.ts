import type { Clock } from "../../../src/core/clock.ts";
import { BEGINNING, type World } from "./world.ts";

/** When an answer comes back, after what was asked for was done. */
export interface Timing {
  /** Milliseconds. */
  back: number;
}

/**
 * A process that can be killed between any two things that it waits for. All that its parts wait for goes through `io` or
 * its clock: after a kill none of it goes on, and nothing that was on its way is told to it.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly world: World;
  readonly #onKill: (() => void | Promise<void>)[] = [];
  readonly #wallClock: () => number;
  #alive = true;

  /** @param wallClock milliseconds by which the machine's clock is wrong */
  constructor(name: string, world: World, wallClock: () => number) {
    this.name = name;
    this.world = world;
    this.#wallClock = wallClock;
  }

  get alive(): boolean {
    return this.#alive;
  }

  readonly clock: Clock = {
    now: () => BEGINNING + Math.floor(this.world.time.now) + this.#wallClock(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        let over = false;
        const done = () => {
          if (over || !this.#alive) return;
          over = true;
          signal.removeEventListener("abort", done);
          resolve();
        };
        this.world.time.after(milliseconds, async () => {
          if (!over && this.#alive && !(await this.#dies("waking"))) done();
        });
        signal.addEventListener("abort", done, { once: true });
      }),
  };

  /**
   * Something outside of the process: it is done after `there` milliseconds, and told after `timing.back` more.
   *
   * @param onItsWay also done when the process is killed before: it left the process already
   */
  io<T>(
    what: string,
    there: number,
    act: (timing: Timing) => T | Promise<T>,
    { onItsWay = false }: { onItsWay?: boolean } = {},
  ): Promise<T> {
    const { time } = this.world;
    return new Promise((resolve, reject) => {
      time.after(there, async () => {
        if (!this.#alive && !onItsWay) return;
        if (this.#alive && (await this.#dies(`before ${what}`)) && !onItsWay) return;
        const timing: Timing = { back: 0 };
        let tell: () => void;
        try {
          const value = await act(timing);
          this.world.say(`${this.name}: ${what}`);
          tell = () => resolve(value);
        } catch (error) {
          this.world.say(`${this.name}: ${what} FAILED: ${(error as Error).message}`);
          tell = () => reject(error);
        }
        if (this.#alive && (await this.#dies(`after ${what}`))) return;
        if (timing.back === 0) {
          if (this.#alive) tell();
          return;
        }
        time.after(timing.back, () => {
          if (this.#alive) tell();
        });
      });
    });
  }

  onKill(end: () => void | Promise<void>): void {
    this.#onKill.push(end);
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    if (!this.#alive) return;
    this.#alive = false;
    this.world.count("kills");
    for (const end of this.#onKill) await end();
  }

  async #dies(moment: string): Promise<boolean> {
    if (!this.world.fails("kill")) return false;
    this.world.say(`${this.name}: KILLED ${moment}`);
    await this.kill();
    return true;
  }
}
