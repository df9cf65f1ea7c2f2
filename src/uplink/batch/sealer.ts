import { anchorId } from "../../core/batch/record-batch.ts";
import { MAX_BATCH } from "../../core/batch/tree.ts";
import type { Database } from "../../store/database.ts";
import { type OpenGroup, openGroups, openPortions, portionRecords } from "../../store/queries/batch/portions.ts";
import { insertSealed, type SealedPortion } from "../../store/queries/batch/sealed.ts";
import { readPosition } from "../../store/queries/position.ts";
import { newSealedBatchId } from "./identifiers.ts";
import { LeafCollector } from "./tree.ts";

/**
 * Puts records that were taken into batches: those of one tenant and account that came within an interval of blocks, in
 * the order in which they came, up to 2^20. A batch and the places of its records are one transaction.
 */
export class Sealer {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #interval: number;

  /** @param interval blocks for which records gather, from the first one on */
  constructor(db: Database, now: () => number, interval: number) {
    this.#db = db;
    this.#now = now;
    this.#interval = interval;
  }

  /** Seals what is due. @returns how many batches that were */
  async pass(): Promise<number> {
    const indexed = (await readPosition(this.#db))?.block_number ?? 0;
    let sealed = 0;
    for (const group of await openGroups(this.#db)) {
      const isDue = indexed >= group.since + this.#interval;
      for (let left = group.records; left >= MAX_BATCH || (isDue && left > 0); sealed++)
        left -= await this.#seal(group);
    }
    return sealed;
  }

  /** @returns number of records that it took in */
  async #seal({ tenant, account }: OpenGroup): Promise<number> {
    const open = await openPortions(this.#db, { tenant, account });
    const portions: SealedPortion[] = [];
    let count = 0;
    for (const { number, recordCount } of open) {
      if (count + recordCount > MAX_BATCH) break;
      portions.push({ number, firstLeaf: count });
      count += recordCount;
    }
    if (count === 0) return Number.POSITIVE_INFINITY;
    const collector = new LeafCollector(count);
    for (const { number } of portions) collector.add(await portionRecords(this.#db, number));
    const { root, tiles } = collector.build();
    const batch = {
      id: newSealedBatchId(),
      tenant,
      account,
      root,
      anchor: anchorId(account, root),
      recordCount: count,
    };
    await this.#db.transaction(async (tx) => {
      const complete = await insertSealed(tx, { ...batch, sealedAt: this.#now() }, portions, tiles);
      // Another process did the same: one of the two is taken back.
      if (!complete) throw new Error("records were sealed by another process");
    });
    return count;
  }
}
