import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import {
  closeAnchored,
  dueBatches,
  type EndedBatch,
  endedBatches,
  type NextAttempt,
  type SealedBatch,
  setSubmission,
  writeNextAttempts,
} from "../../store/queries/batch/sealed.ts";
import { readPosition } from "../../store/queries/position.ts";
import type { StoredReason } from "../../store/queries/uplink/submissions.ts";
import { storedReason } from "../reason.ts";

/** Makes the operation that anchors a batch, and stores it as a submission. */
export interface AnchorOperations<Planned> {
  /** @throws BropError why it could not be included */
  plan(batch: SealedBatch): Promise<Planned>;
  /** In the caller's transaction. @returns the submission's identifier */
  store(tx: Database, planned: Planned): Promise<string>;
}

export interface AnchoringOptions<Planned> {
  db: Database;
  operations: AnchorOperations<Planned>;
  now: () => number;
}

/** Batches that are worked on at a time. */
const PORTION = 100;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** Blocks for which a batch whose anchor fails is tried again: a day of three seconds each. */
export const PATIENCE = 28_800;

/**
 * Brings sealed batches onto the chain: each gets one operation at a time, and another one only when the one before can
 * never be included any more. That an operation succeeded is not believed but looked up: a batch is done when the chain has
 * its root.
 */
export class Anchoring<Planned> {
  readonly #options: AnchoringOptions<Planned>;

  constructor(options: AnchoringOptions<Planned>) {
    this.#options = options;
  }

  /** One look: takes note of ends, and makes operations for batches that have none. @returns how many it made */
  async pass(): Promise<number> {
    await this.#takeNote();
    let made = 0;
    for (const batch of await dueBatches(this.#options.db, this.#options.now(), PORTION)) {
      if (await this.#anchor(batch)) made++;
    }
    return made;
  }

  async #anchor(batch: SealedBatch): Promise<boolean> {
    const { db, operations } = this.#options;
    if (batch.anchoredBlock !== null) {
      await closeAnchored(db, [batch.id]);
      return false;
    }
    try {
      const planned = await operations.plan(batch);
      await db.transaction(async (tx) => {
        const submission = await operations.store(tx, planned);
        if (!(await setSubmission(tx, batch.id, submission))) throw new Overtaken();
      });
      return true;
    } catch (error) {
      if (error instanceof Overtaken) return false;
      await this.#next([{ ...batch, reason: storedReason(BropError.from(error)) }]);
      return false;
    }
  }

  async #takeNote(): Promise<void> {
    const { db } = this.#options;
    const ended = await endedBatches(db, PORTION);
    const [anchored, open] = [ended.filter((one) => one.isAnchored), ended.filter((one) => !one.isAnchored)];
    await closeAnchored(
      db,
      anchored.map(({ id }) => id),
    );
    // What expired, or lost its serial to another operation, has done nothing: its root goes into another one at once.
    const [failed, lost] = [open.filter(hasFailed), open.filter((one) => !hasFailed(one))];
    await writeNextAttempts(
      db,
      lost.map(({ id, submission, reason }) => ({ id, submission, reason, dueAt: 0, refusedAt: null })),
    );
    await this.#next(failed);
  }

  /** Tries what failed again later, or gives it up. */
  async #next(
    failed: readonly Pick<EndedBatch | SealedBatch, "id" | "submission" | "reason" | "attempts" | "sealedBlock">[],
  ): Promise<void> {
    if (failed.length === 0) return;
    const { db, now } = this.#options;
    const indexed = (await readPosition(db))?.block_number ?? 0;
    const attempts = failed.map(({ id, submission, reason, attempts, sealedBlock }): NextAttempt => {
      const givenUp = indexed > sealedBlock + PATIENCE;
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempts);
      return { id, submission, reason, dueAt: now() + pause, refusedAt: givenUp ? now() : null };
    });
    await writeNextAttempts(db, attempts);
  }
}

/** Of two processes that give a batch an operation, one takes it back. */
class Overtaken extends Error {}

const hasFailed = ({ state }: { state: string; reason: StoredReason | null }) => state === "included";
