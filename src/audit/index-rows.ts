import type { ChainRpc } from "../indexer/chain-reader.ts";
import { createIndexer } from "../indexer/indexer.ts";
import { upTo } from "../indexer/up-to.ts";
import type { Database } from "../store/database.ts";
import { compareTable, primaryKey, type RowDifference } from "../store/queries/audit/compare-table.ts";
import { readPosition } from "../store/queries/position.ts";
import { prepareTables } from "../store/rebuild.ts";
import { inSchema } from "../store/schema-database.ts";
import { INDEX_TABLES } from "../store/tables.ts";
import type { AuditCheck, AuditReport, Finding } from "./audit.ts";

/** PostgreSQL schema of the second index, which is gone after the audit. */
export const AUDIT_SCHEMA = "index_audit";
const STEP = 500;

/**
 * Every row of the index, with the copies of blocks, transactions and events in it, against the chain: reads the chain
 * once more, by the same code, into tables beside the others, and compares row by row. What blocks bring meanwhile is left
 * for the next audit.
 */
export class IndexRowsCheck implements AuditCheck {
  readonly name = "index";
  readonly #db: Database;
  readonly #rpc: ChainRpc;

  constructor(db: Database, rpc: ChainRpc) {
    this.#db = db;
    this.#rpc = rpc;
  }

  /** @throws BropError `chain.wrong`, `chain.mismatch`, `chain.unreachable` */
  async *run(report: AuditReport): AsyncIterable<Finding> {
    const target = (await readPosition(this.#db))?.block_number;
    if (target === undefined) return;
    await this.#drop();
    try {
      await prepareTables(this.#db, AUDIT_SCHEMA);
      await this.#index(target, report);
      for (const [at, table] of INDEX_TABLES.entries()) {
        report.progress(this.name, `comparing ${table}`, at, INDEX_TABLES.length);
        const key = await primaryKey(this.#db, table);
        for await (const difference of compareTable(this.#db, AUDIT_SCHEMA, table, key, target)) {
          yield* this.#findings(table, difference);
        }
      }
    } finally {
      await this.#drop();
    }
  }

  async #index(target: number, report: AuditReport): Promise<void> {
    const indexer = createIndexer({
      rpc: upTo(this.#rpc, () => target),
      db: inSchema(this.#db, AUDIT_SCHEMA),
      // Which operations had expired was known in that moment; the chain does not tell.
      announceExpired: async () => {},
    });
    await indexer.start();
    try {
      for (let block = 0; block <= target; block = Math.min(block + STEP, target + 1)) {
        report.progress(this.name, "reading the chain", block, target);
        await indexer.caughtUp(block);
      }
      await indexer.caughtUp(target);
    } finally {
      await indexer.stop();
    }
  }

  *#findings(table: string, { key, is, should }: RowDifference): Iterable<Finding> {
    const common = { check: this.name, place: table, key };
    if (is === null || should === null) {
      yield { ...common, is, should };
      return;
    }
    for (const column of Object.keys(should)) {
      if (JSON.stringify(is[column]) === JSON.stringify(should[column])) continue;
      yield { ...common, part: column, is: is[column] ?? null, should: should[column] ?? null };
    }
  }

  async #drop(): Promise<void> {
    await this.#db.query(`drop schema if exists ${AUDIT_SCHEMA} cascade`, []);
  }
}
