import type { Database } from "../../src/store/database.ts";
import type { ScriptedRelay } from "./fakes.ts";

/** Ends a process, as far as it is asynchronous, at its nth await: before what it waits for, or after it was done. */
export class Kill {
  readonly #at: number;
  #count = 0;
  #strike: () => void = () => {};
  readonly struck = new Promise<void>((resolve) => {
    this.#strike = resolve;
  });
  done = false;

  constructor(at: number) {
    this.#at = at;
  }

  async #point(): Promise<void> {
    if (!this.done && ++this.#count < this.#at) return;
    this.done = true;
    this.#strike();
    await new Promise(() => {});
  }

  async around<T>(work: () => Promise<T>): Promise<T> {
    await this.#point();
    const result = await work();
    await this.#point();
    return result;
  }

  database(db: Database): Database {
    return {
      ...db,
      query: (text, params) => this.around(() => db.query(text, params)),
      // A dead process's connection is gone: what was not committed is taken back.
      transaction: (work) =>
        this.around(() =>
          db.transaction((tx) =>
            Promise.race([work(this.database(tx)), this.struck.then(() => Promise.reject(new Killed()))]),
          ),
        ).catch((error: unknown) => {
          if (error instanceof Killed) return new Promise<never>(() => {});
          throw error;
        }),
    };
  }

  relay(relay: ScriptedRelay) {
    return {
      name: relay.name,
      close() {},
      send: (some: Parameters<ScriptedRelay["send"]>[0]) => this.around(() => relay.send(some)),
    };
  }
}

class Killed extends Error {}
