import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import {
  forgetRetired,
  type IndexRow,
  lockBuilding,
  makeCurrent,
  noteProgress,
  retireIndexes,
} from "../store/queries/retrieval/indexes.ts";
import { lockSchema } from "../store/queries/retrieval/schemas.ts";
import { createDataView } from "./data-view.ts";
import type { Field } from "./field.ts";
import { documentsTable, indexTable, writeIndexRows } from "./index-table.ts";

/** Documents that are looked through in one transaction. */
const BATCH = 500;
const PAUSE = 5_000;
/** How long a retired index stays for questions that are on their way, in milliseconds: longer than any may take. */
export const RETIRED_FOR = 60_000;

export interface IndexBuilderOptions {
  db: Database;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  /** Called when an index took the place of another. */
  onChange: () => void;
}

/**
 * Fills indexes that are being made, a bounded piece of work a transaction, and puts each in the place of the one before
 * when it is whole. Questions are answered all the while. Several processes may do it; one works on an index at a time.
 */
export class IndexBuilder {
  readonly #options: IndexBuilderOptions;
  #stopping = new AbortController();
  #nap = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: IndexBuilderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the piece that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** There may be something to do. */
  nudge(): void {
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      try {
        while (!this.#stopping.signal.aborted && (await this.step()));
        await this.#dropRetired();
      } catch (error) {
        logger.warn({ err: error }, "An index of business data was not gone on with");
      }
      await clock.sleep(PAUSE, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }

  /** One piece of work. @returns whether there was any */
  async step(): Promise<boolean> {
    const { db, onChange } = this.#options;
    const outcome = await db.transaction(async (tx) => {
      const index = await lockBuilding<Field[]>(tx);
      if (index === undefined) return "nothing";
      if (index.doneRow < index.lastRow) {
        await lookThrough(tx, index);
        return "gone on";
      }
      return "whole" as const;
    });
    if (outcome === "nothing") return false;
    if (outcome === "whole") {
      await this.#switch();
      onChange();
    }
    return true;
  }

  /** The schema is locked before the index, as by everybody else. */
  async #switch(): Promise<void> {
    const { db, clock } = this.#options;
    const [next] = await db.query<{ id: number; schema: number }>(
      "select id, schema from data_indexes where state = 'building' and done_row >= last_row order by id limit 1",
      [],
    );
    if (next === undefined) return;
    await db.transaction(async (tx) => {
      if (!(await lockSchema(tx, next.schema, "update"))) return;
      const [still] = await tx.query<{ tenant: string; name: string; fields: Field[] }>(
        `select s.tenant, s.name, i.fields from data_indexes i join data_schemas s on s.id = i.schema
         where i.id = $1 and i.state = 'building'`,
        [next.id],
      );
      if (still === undefined) return;
      await retireIndexes(tx, next.schema, "current", clock.now());
      await makeCurrent(tx, next.id);
      await createDataView(tx, { ...still, schema: next.schema, index: next.id });
      await tx.query(`analyze ${indexTable(next.id)}`, []);
    });
  }

  async #dropRetired(): Promise<void> {
    const { db, clock } = this.#options;
    await db.transaction(async (tx) => {
      for (const id of await forgetRetired(tx, clock.now() - RETIRED_FOR)) {
        await tx.query(`drop table if exists ${indexTable(id)}`, []);
      }
    });
  }
}

async function lookThrough(tx: Database, index: IndexRow<Field[]>): Promise<void> {
  // Whoever deletes one of these waits, and then finds what was indexed of it.
  const rows = await tx.query<{ id: number; document: string }>(
    `select id, document from ${documentsTable(index.schema)}
     where id > $1 and id <= $2 order by id limit ${BATCH} for key share`,
    [index.doneRow, index.lastRow],
  );
  const documents = rows.map(({ id, document }) => ({ id, document: JSON.parse(document) as unknown }));
  const misfits = await writeIndexRows(tx, index.id, index.fields, documents);
  const lastRow = rows.length < BATCH ? index.lastRow : (rows.at(-1) as { id: number }).id;
  await noteProgress(tx, index.id, { rows: rows.length, lastRow, misfits });
}
