import type { NodeRpc } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import { bytesToHex } from "../core/hex.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { endAct, reopenAct, troubleAct } from "../store/queries/operator/acts.ts";
import {
  endTransaction,
  includedAfter,
  openTransactions,
  reopenTransaction,
  type TransactionRow,
} from "../store/queries/operator/transactions.ts";
import type { ActLog } from "./act-kind.ts";
import { reasonOfFailure } from "./preview.ts";
import { broadcast } from "./sending.ts";

interface Receipt {
  status: string;
  blockNumber: string;
  logs: ActLog[];
}

export interface FollowingOptions {
  db: Database;
  rpc: NodeRpc;
  logger: Logger;
  now(): number;
  /** When each transaction was given to the node, by its hash; milliseconds. */
  given: Map<string, number>;
}

/** Blocks that a development chain could lose when it is killed, and more. */
const LOSABLE_BLOCKS = 100;
/** Milliseconds after which a transaction that is in no block is given to the node again. */
const GIVE_AGAIN_AFTER = 3_000;

/**
 * Looks for the end of every transaction that may have reached a node, and sends again those that are in no block: the
 * same bytes each time.
 *
 * @returns whether any ended
 */
export async function followTransactions(options: FollowingOptions): Promise<boolean> {
  const { db, rpc, logger } = options;
  const open = await openTransactions(db);
  if (open.length === 0) return false;
  const senders = [...new Set(open.map(({ sender }) => bytesToHex(sender)))];
  // Counts first: a receipt that is missing after its nonce was used is missing for good.
  const counts = (await rpc.all(
    senders.map((sender) => ({ method: "eth_getTransactionCount", params: [sender, "latest"] })),
  )) as string[];
  const used = new Map(senders.map((sender, index) => [sender, Number(counts[index])]));
  const receipts = (await rpc.all(
    open.map(({ hash }) => ({ method: "eth_getTransactionReceipt", params: [bytesToHex(hash)] })),
  )) as (Receipt | null)[];
  let ended = false;
  for (const [index, row] of open.entries()) {
    const receipt = receipts[index] ?? null;
    if (receipt !== null) {
      await noteIncluded(options, row, receipt);
      ended = true;
    } else if (row.nonce < (used.get(bytesToHex(row.sender)) ?? 0)) {
      logger.warn({ act: row.act_id, nonce: row.nonce }, "Another transaction of this key has the nonce of an act's");
      await endTransaction(db, row.hash, { state: "displaced" });
      ended = true;
    } else {
      await giveAgain(options, row);
    }
  }
  return ended;
}

/** Logs of an act's transactions that succeeded, in their order. */
export async function logsOf(rpc: NodeRpc, rows: readonly TransactionRow[]): Promise<ActLog[]> {
  const included = rows.filter(({ state }) => state === "included");
  const receipts = (await rpc.all(
    included.map(({ hash }) => ({ method: "eth_getTransactionReceipt", params: [bytesToHex(hash)] })),
  )) as (Receipt | null)[];
  return receipts.flatMap((receipt) => receipt?.logs ?? []);
}

/** A development chain that was killed may have lost blocks: what was included in them is sent again. */
export async function takeBackLost({ db, rpc, logger }: FollowingOptions, head: number): Promise<void> {
  const recent = await includedAfter(db, head - LOSABLE_BLOCKS);
  if (recent.length === 0) return;
  const receipts = await rpc.all(
    recent.map(({ hash }) => ({ method: "eth_getTransactionReceipt", params: [bytesToHex(hash)] })),
  );
  for (const [index, row] of recent.entries()) {
    if (receipts[index] !== null) continue;
    logger.warn({ act: row.act_id }, "The chain has lost a transaction of an act: it is sent again");
    await db.transaction(async (tx) => {
      await reopenTransaction(tx, row.hash);
      await reopenAct(tx, row.act_id);
    });
  }
}

async function giveAgain(
  { db, rpc, given, now }: FollowingOptions,
  { act_id, hash, raw }: TransactionRow & { raw: Uint8Array },
): Promise<void> {
  const key = bytesToHex(hash);
  if (now() - (given.get(key) ?? Number.NEGATIVE_INFINITY) < GIVE_AGAIN_AFTER) return;
  const refusal = await broadcast(rpc, bytesToHex(raw));
  given.set(key, now());
  if (refusal === undefined) return;
  const words = `The node does not take the transaction: ${refusal}`;
  await troubleAct(db, act_id, { ...new BropError("service.unavailable", { reason: refusal }, words).toProblem() });
}

async function noteIncluded(
  { db, rpc, now, given }: FollowingOptions,
  row: TransactionRow & { raw: Uint8Array },
  receipt: Receipt,
): Promise<void> {
  const block = Number(receipt.blockNumber);
  const success = Number(receipt.status) === 1;
  given.delete(bytesToHex(row.hash));
  const failure = success ? undefined : await explain(rpc, row, block);
  await db.transaction(async (tx) => {
    await endTransaction(tx, row.hash, { state: "included", success, block });
    // What else of it is under way ends by itself; nothing more of it is sent.
    if (failure !== undefined) await endAct(tx, row.act_id, { state: "failed", error: { ...failure } }, now());
  });
}

async function explain(rpc: NodeRpc, { hash, what }: TransactionRow, block: number) {
  const sent = await rpc.call<{ from: string; to: string; input: string; gas: string } | null>(
    "eth_getTransactionByHash",
    [bytesToHex(hash)],
  );
  const call = { from: sent?.from ?? "0x", to: sent?.to ?? "0x", data: sent?.input ?? "0x", gas: sent?.gas ?? "0x0" };
  return { ...(await reasonOfFailure(rpc, call, block)).toProblem(), step: what };
}
