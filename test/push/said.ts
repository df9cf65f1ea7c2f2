import { createHash } from "node:crypto";
import type { Clock } from "../../src/core/clock.ts";
import { systemClock } from "../../src/core/clock.ts";
import { eventId } from "../../src/core/event-position.ts";
import type { Database } from "../../src/store/database.ts";

export const CHAIN_ID = 8420;
const GENESIS_TIME = 1_800_000_000;

/** An event that a block says. */
export interface Said {
  type: string;
  data?: Record<string, unknown>;
}

const hashOf = (block: number, fork: string) => createHash("sha256").update(`${block} ${fork}`).digest("hex");

/** Writes a block with its events and moves the cursor, as the indexer does. @returns the events' identifiers */
export async function index(db: Database, block: number, said: readonly Said[], fork = ""): Promise<string[]> {
  const hash = hashOf(block, fork);
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into blocks (number, hash, parent_hash, timestamp, proposer, transaction_count, gas_used)
       values ($1, decode($2, 'hex'), '\\x00', $3, '\\x00', 0, 0)`,
      [block, hash, GENESIS_TIME + 3 * block],
    );
    for (const [log, { type, data = {} }] of said.entries()) {
      await tx.query(
        "insert into events (block_number, log_index, type, contract, data) values ($1, $2, $3, '\\xaa', $4::jsonb)",
        [block, log, type, JSON.stringify(data)],
      );
    }
    await tx.query("delete from chain", []);
    await tx.query(
      "insert into chain (chain_id, genesis_hash, block_number, block_hash) values ($1, '\\x00', $2, decode($3, 'hex'))",
      [CHAIN_ID, block, hash],
    );
  });
  return said.map((_, log) => eventId({ block, log }, `0x${hash}`));
}

/** A clock on which time passes faster. */
export function fastClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / factor, signal),
  };
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
