import type { Database } from "../store/database.ts";
import { copyExpired, prepareRebuild, REBUILD, switchTables } from "../store/rebuild.ts";
import { inSchema } from "../store/schema-database.ts";
import type { Indexer, IndexerOptions } from "./indexer-options.ts";
import { upTo } from "./up-to.ts";

/** Makes an indexer; handed in, because the one that rebuilds is part of the one that it makes. */
type Make = (options: IndexerOptions) => Indexer;

/**
 * A new index beside the old one: the same indexer, writing into tables of another schema, as far as the old index goes
 * and no further. When both are equally far, its tables take the place of the old ones.
 */
export class Rebuilding {
  readonly #db: Database;
  readonly #indexer: Indexer;

  private constructor(db: Database, indexer: Indexer) {
    this.#db = db;
    this.#indexer = indexer;
  }

  /** @param indexed newest block of the old index */
  static async begin(options: IndexerOptions, make: Make, indexed: () => number): Promise<Rebuilding> {
    await prepareRebuild(options.db);
    const { onIndexed: _, onRewind: __, ...rest } = options;
    const indexer = make({
      ...rest,
      rpc: upTo(options.rpc, indexed),
      db: inSchema(options.db, REBUILD),
      announceExpired: copyExpired,
    });
    await indexer.start();
    return new Rebuilding(options.db, indexer);
  }

  /** Newest block of the new index. */
  get indexed(): number {
    return this.#indexer.status().indexed;
  }

  get failed(): boolean {
    return !this.#indexer.status().running;
  }

  /** Puts the new index in the place of the old one. @returns false when the two are not equally far */
  async finish(): Promise<boolean> {
    if (!(await switchTables(this.#db))) return false;
    await this.stop();
    return true;
  }

  stop(): Promise<void> {
    return this.#indexer.stop();
  }
}
