import type { Database } from "../../../src/store/database.ts";
import { insideTransaction } from "../../../src/store/savepoint.ts";
import { connectionLost } from "./faults.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

interface Waiting {
  process: SimulatedProcess;
  grant: () => void;
}

/** Longest text of a statement in the record of steps. */
const SHOWN = 90;

/**
 * One database for processes that come and go, with one connection as PGlite has it: whoever has a transaction open has
 * it alone. What fails, fails as with a server: an error in a transaction takes all of it back, an error at its end may
 * come before or after it took effect, and a killed process leaves its transaction undone.
 */
export class SimulatedDatabase {
  readonly #engine: Database;
  #holder: SimulatedProcess | undefined;
  #open = false;
  #waiting: Waiting[] = [];

  constructor(engine: Database) {
    this.#engine = engine;
  }

  /** The database as a process sees it. */
  connect(process: SimulatedProcess): Database {
    process.onKill(() => this.#abandon(process));
    return {
      kind: this.#engine.kind,
      query: (text, params) => this.#alone(process, () => this.#query(process, text, params)),
      transaction: (work) => this.#alone(process, () => this.#transaction(process, work)),
      close: async () => undefined,
    };
  }

  async #alone<T>(process: SimulatedProcess, work: () => Promise<T>): Promise<T> {
    if (this.#holder !== undefined) {
      await new Promise<void>((grant) => {
        this.#waiting.push({ process, grant });
      });
    } else {
      this.#holder = process;
    }
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  #release(): void {
    const next = this.#waiting.shift();
    this.#holder = next?.process;
    next?.grant();
  }

  async #abandon(process: SimulatedProcess): Promise<void> {
    this.#waiting = this.#waiting.filter((waiting) => waiting.process !== process);
    if (this.#holder !== process) return;
    await this.#rollback();
    this.#release();
  }

  async #rollback(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#engine.query("rollback", []);
  }

  #query<Row>(process: SimulatedProcess, text: string, params?: unknown[]): Promise<Row[]> {
    const { world } = process;
    return process.io(`db ${shown(text)}`, this.#delay(process), async () => {
      const fails = world.fails("dbQuery");
      if (fails) world.count("database errors");
      // Half of the time it takes effect, and nobody hears of it.
      if (fails && world.random.chance(0.5)) throw connectionLost();
      const rows = await this.#engine.query<Row>(text, params);
      if (fails) throw connectionLost();
      return rows;
    });
  }

  async #transaction<T>(process: SimulatedProcess, work: (tx: Database) => Promise<T>): Promise<T> {
    await this.#inside(process, "begin", [], () => {
      this.#open = true;
    });
    let result: T;
    try {
      result = await work(
        insideTransaction(this.#engine.kind, { query: (text, params) => this.#inside(process, text, params) }),
      );
    } catch (error) {
      await process.io("db rollback", 0, () => this.#rollback());
      throw error;
    }
    await this.#commit(process);
    return result;
  }

  /** A statement of the open transaction. An error of the connection ends the transaction, whatever is tried after it. */
  #inside<Row>(
    process: SimulatedProcess,
    text: string,
    params: unknown[] | undefined,
    done: () => void = () => {},
  ): Promise<Row[]> {
    const { world } = process;
    return process.io(`db | ${shown(text)}`, this.#delay(process), async () => {
      if (text !== "begin" && !this.#open) throw connectionLost();
      if (world.fails("dbQuery")) {
        world.count("database errors");
        await this.#rollback();
        throw connectionLost();
      }
      const rows = await this.#engine.query<Row>(text, params);
      done();
      return rows;
    });
  }

  #commit(process: SimulatedProcess): Promise<void> {
    const { world } = process;
    return process.io("db commit", this.#delay(process), async () => {
      if (!this.#open) throw connectionLost();
      const fails = world.fails("dbCommit");
      if (fails) world.count("commits that failed");
      if (fails && world.random.chance(0.5)) {
        await this.#rollback();
        throw connectionLost();
      }
      this.#open = false;
      await this.#engine.query("commit", []);
      if (fails) throw connectionLost();
    });
  }

  #delay({ world }: SimulatedProcess): number {
    return world.fails("dbSlow") ? world.random.integer(500, 8_000) : world.random.next() * 3;
  }
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
