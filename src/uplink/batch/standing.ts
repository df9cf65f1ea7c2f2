import type { Database } from "../../store/database.ts";
import type { PortionRow } from "../../store/queries/batch/portions.ts";
import { findSealed, type SealedBatch } from "../../store/queries/batch/sealed.ts";

/** taken: stored for good. sealed: in a batch, at a place. anchored: its proof is ready. refused: given up. */
export const BATCH_STATES = ["taken", "sealed", "anchored", "refused"] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** Blocks from the moment in which a batch is sealed to that in which its anchor is indexed, when nothing is in the way. */
const ANCHORING_BLOCKS = 2;

/** Where records stand that were handed over together. */
export interface Standing {
  state: BatchState;
  batch: SealedBatch | undefined;
  /** Block by which their proofs are ready when nothing is in the way; null: they are, or never will be. */
  expectedBlock: number | null;
}

export function stateOf(batch: SealedBatch): BatchState {
  if (batch.anchoredBlock !== null) return "anchored";
  return batch.refusedAt === null ? "sealed" : "refused";
}

/** @param interval blocks for which records gather */
export async function standingOf(
  db: Database,
  portion: Pick<PortionRow, "batch" | "createdBlock">,
  interval: number,
): Promise<Standing> {
  const batch = portion.batch === null ? undefined : await findSealed(db, portion.batch);
  const expectedBlock = expectedFor(portion.createdBlock, interval);
  if (batch === undefined) return { state: "taken", batch, expectedBlock };
  const state = stateOf(batch);
  return { state, batch, expectedBlock: state === "sealed" ? batch.sealedBlock + ANCHORING_BLOCKS : null };
}

/** Block by which records that came at a block have their proofs, when nothing is in the way. */
export function expectedFor(createdBlock: number, interval: number): number {
  return createdBlock + interval + ANCHORING_BLOCKS;
}
