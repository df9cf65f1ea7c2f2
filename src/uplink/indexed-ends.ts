import type { EndingOperation } from "../chain/operation-end/operation-ends.ts";
import type { Database } from "../store/database.ts";
import { readPosition } from "../store/queries/position.ts";
import { findByNonce, findInclusions } from "../store/queries/uplink/ends.ts";
import type { UplinkEnd, UplinkEnds } from "./operation-ends.ts";

/**
 * Ends as the indexer's tables have them: for a database that is filled from a node of one's own, which is trusted. An
 * operation that is in no indexed block has expired when the block of its deadline is indexed.
 */
export class IndexedOperationEnds implements UplinkEnds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(operations: readonly EndingOperation[]): Promise<Map<string, UplinkEnd>> {
    // The position first: what is indexed while the operations are looked up is not judged yet.
    const indexed = (await readPosition(this.#db))?.block_number ?? -1;
    const ends = new Map<string, UplinkEnd>();
    if (operations.length === 0) return ends;
    const included = await findInclusions(
      this.#db,
      operations.map(({ hash }) => hash),
    );
    for (const { hash, block, transactionHash, success, gasUsed, revert } of included) {
      const receipt = { gasUsed: BigInt(gasUsed) };
      const reason = revert === undefined ? {} : { reason: revert };
      ends.set(hash, { state: "included", block, transactionHash, success, receipt, ...reason });
    }
    for (const { hash, sender, nonce, deadlineBlock } of operations) {
      if (ends.has(hash) || deadlineBlock > indexed) continue;
      const other = await findByNonce(this.#db, sender, nonce);
      if (other === undefined) ends.set(hash, { state: "expired", block: indexed });
      else {
        const { block, transactionHash } = other;
        ends.set(hash, { state: "displaced", block, transactionHash, by: other.hash });
      }
    }
    return ends;
  }
}
