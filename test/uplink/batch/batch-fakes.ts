import { Interface } from "ethers";
import { anchorId, RecordBatch } from "../../../src/core/batch/record-batch.ts";
import { RECORD_BYTES, writeRecord } from "../../../src/core/batch/serialised-records.ts";
import type { BropError } from "../../../src/core/errors.ts";
import { hexToBytes } from "../../../src/core/hex.ts";
import type { RecordInput } from "../../../src/core/ssz-record.ts";
import type { Database } from "../../../src/store/database.ts";
import { insertPortion } from "../../../src/store/queries/batch/portions.ts";
import { listSealed, type SealedBatch } from "../../../src/store/queries/batch/sealed.ts";
import { insertSubmissions, type NewSubmission } from "../../../src/store/queries/uplink/submissions.ts";
import type { AnchorOperations } from "../../../src/uplink/batch/anchoring.ts";
import { Batcher } from "../../../src/uplink/batch/batcher.ts";
import { newPortionId } from "../../../src/uplink/batch/identifiers.ts";
import { Fakes, newSubmission, TENANT } from "../fakes.ts";

export const ACCOUNT = `0x${"ac".repeat(20)}`;
export const INTERVAL = 3;

/** Records as the interface stores them. */
export function serialised(records: readonly RecordInput[]): Uint8Array {
  const bytes = new Uint8Array(records.length * RECORD_BYTES);
  for (const [at, record] of records.entries()) writeRecord(bytes, at * RECORD_BYTES, record);
  return bytes;
}

/** A chain that takes anchors, as far as the index shows it: of two anchors of one root the second one fails. */
export class BatchFakes extends Fakes {
  /** How many operations with this root were included, with and without success. */
  readonly included = new Map<string, { success: number; failure: number }>();
  /** Why no operation can be made. */
  fault: BropError | undefined;
  readonly made: NewSubmission[] = [];

  operations(): AnchorOperations<NewSubmission> {
    return {
      plan: async (batch) => {
        if (this.fault !== undefined) throw this.fault;
        const content = { batch: batch.id, root: batch.root, recordCount: batch.recordCount };
        const deadline = this.chain.head + 20;
        return newSubmission({
          kind: "batch-anchor",
          tenant: batch.tenant,
          content,
          deadline,
          createdBlock: this.chain.head,
        });
      },
      store: async (tx, planned) => {
        await insertSubmissions(tx, [planned]);
        this.made.push(planned);
        return planned.id;
      },
    };
  }

  batcher(db: Database = this.db, operations = this.operations()): Batcher<NewSubmission> {
    return new Batcher({ db, operations, interval: INTERVAL, clock: this.clock });
  }

  async take(records: readonly RecordInput[], account = ACCOUNT, db = this.db, tenant = TENANT): Promise<string> {
    const id = newPortionId();
    const bytes = serialised(records);
    await insertPortion(db, {
      id,
      tenant,
      account,
      createdAt: this.clock.time,
      recordCount: records.length,
      records: bytes,
    });
    return id;
  }

  /** The chain includes what relays took, in new blocks. */
  async includeTaken(): Promise<void> {
    const open = await this.db.query<{ id: string; content: { root: string; recordCount: number } }>(
      "select id, content from submissions where ended_at is null and kind = 'batch-anchor' order by id",
      [],
    );
    const hashes = new Set(this.relays.flatMap(({ taken }) => taken.map(({ hash }) => hash)));
    for (const { id, content } of open) {
      const submission = this.made.find((one) => one.id === id);
      if (submission === undefined || !hashes.has(submission.hash) || submission.deadline <= this.chain.head) continue;
      const [batch] = await this.db.query<{ account: Uint8Array }>(
        "select account from sealed_batches where root = $1",
        [hexToBytes(content.root)],
      );
      await this.anchorOnChain(Buffer.from(batch?.account ?? []).toString("hex"), content, submission);
    }
  }

  /** An anchor in the next block, by an operation or somebody's own transaction. */
  async anchorOnChain(
    account: string,
    { root, recordCount }: { root: string; recordCount: number },
    submission?: NewSubmission,
  ): Promise<void> {
    const owner = account.replace("0x", "");
    const id = anchorId(`0x${owner}`, root);
    const counts = this.included.get(root) ?? { success: 0, failure: 0 };
    this.included.set(root, counts);
    const inserted = await this.db.query(
      `insert into batches (id, owner, root, record_count, anchored_at, transaction_hash, block_number, log_index)
       values ($1, $2, $3, $4, 0, '\\x00', $5, 7) on conflict do nothing returning id`,
      [hexToBytes(id), hexToBytes(`0x${owner}`), hexToBytes(root), recordCount, this.chain.head + 1],
    );
    const exists = new Interface(["error AnchorExists(bytes32 id)"]).encodeErrorResult("AnchorExists", [id]);
    counts[inserted.length > 0 ? "success" : "failure"]++;
    if (submission === undefined) await this.chain.index(this.chain.head + 1);
    else await this.chain.include(submission, inserted.length > 0 ? undefined : exists);
  }

  /** All batches, oldest first. */
  async batches(tenant = TENANT): Promise<SealedBatch[]> {
    return (await listSealed(this.db, tenant, undefined, { limit: 100 })).rows.reverse();
  }

  /** Lets everything come to its end. */
  async settle(batcher: Batcher<NewSubmission>): Promise<void> {
    const uplink = this.uplink();
    for (let round = 0; round < 4; round++) {
      await this.chain.index(this.chain.head + INTERVAL);
      await batcher.pass();
      await uplink.pass();
      await this.includeTaken();
      await uplink.pass();
      await batcher.pass();
    }
  }
}

/** The tree that the records of a batch have. */
export const treeOf = (records: readonly RecordInput[]) => new RecordBatch(records);
