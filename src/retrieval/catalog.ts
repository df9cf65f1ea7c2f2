import type { Clock } from "../core/clock.ts";
import type { Database } from "../store/database.ts";
import { findLiveIndexes } from "../store/queries/retrieval/indexes.ts";
import { findSchema } from "../store/queries/retrieval/schemas.ts";
import type { Field } from "./field.ts";

/** Where the rows of a schema are read from. */
export interface Source {
  schema: number;
  name: string;
  index: number;
  fields: readonly Field[];
}

/** How long it may take until a change that another process made is seen here, in milliseconds. */
export const CATALOG_AGE = 2_000;
const KEPT = 10_000;

/** Finds where rows are read from without asking the database for each question. */
export class Catalog {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #known = new Map<string, { source: Source; until: number }>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Undefined when the tenant has no such schema. */
  async find(tenant: string, name: string): Promise<Source | undefined> {
    const key = JSON.stringify([tenant, name]);
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return known.source;
    this.#known.delete(key);
    const row = await findSchema(this.#db, tenant, name);
    if (row === undefined) return undefined;
    const index = (await findLiveIndexes<Field[]>(this.#db, row.id)).find(({ state }) => state === "current");
    if (index === undefined) return undefined;
    const source = { schema: row.id, name, index: index.id, fields: index.fields };
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, { source, until: this.#clock.now() + CATALOG_AGE });
    return source;
  }

  /** To be called when a schema may have changed. */
  forget(): void {
    this.#known.clear();
  }
}
