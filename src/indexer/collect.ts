import { EventFragment } from "ethers";
import { Changes } from "../store/changes.ts";
import type { Database } from "../store/database.ts";
import { announce } from "./announce.ts";
import { type BlockWithReceipts, type ChainRpc, type RpcLog, readLogsBefore } from "./chain-reader.ts";
import { CONTRACT_REGISTERED } from "./events/directory.ts";
import { HANDLERS } from "./events/index.ts";
import { VOUCHER_CREATED } from "./events/voucher-factory.ts";
import { readGenesis } from "./genesis.ts";
import { eachInTurns } from "./in-turns.ts";
import { type Log, shortText, topic, topicAddress } from "./log.ts";
import type { Registry } from "./registry.ts";

const REGISTERED_TOPIC = EventFragment.from(CONTRACT_REGISTERED).topicHash;
const CREATED_TOPIC = EventFragment.from(VOUCHER_CREATED).topicHash;

/** What the blocks before a range left in the database. */
export type DatabaseReader = Pick<Database, "query">;

/**
 * Everything that a range of blocks changes. Contracts that are listed for the first time in this range are indexed from
 * their own beginning: what they said before they were listed is read too.
 */
export async function collect(
  rpc: ChainRpc,
  db: DatabaseReader,
  registry: Registry,
  range: readonly BlockWithReceipts[],
): Promise<Changes> {
  const changes = new Changes();
  const logs: Log[] = [];
  for (const { block, receipts } of range) {
    const number = Number(block.number);
    const timestamp = Number(block.timestamp);
    changes.block({
      number,
      hash: digits(block.hash),
      parent_hash: digits(block.parentHash),
      timestamp,
      proposer: digits(block.miner),
      transaction_count: block.transactions.length,
      gas_used: Number(block.gasUsed),
    });
    for (const receipt of receipts) {
      changes.append("transactions", {
        hash: digits(receipt.transactionHash),
        block_number: number,
        transaction_index: Number(receipt.transactionIndex),
        sender: digits(receipt.from),
        recipient: receipt.to === null ? null : digits(receipt.to),
        success: receipt.status === "0x1",
        gas_used: Number(receipt.gasUsed),
      });
      for (const log of receipt.logs) logs.push(toLog(log, number, timestamp));
    }
  }
  const first = Number(range[0]?.block.number);
  if (first === 0) await readGenesis(rpc, changes);
  const earlier = await discover(rpc, db, registry, logs, first);
  await eachInTurns([...earlier, ...logs], (log) => handle(log, registry, changes));
  await announce(db, registry, range, logs, changes);
  return changes;
}

function handle(log: Log, registry: Registry, changes: Changes): void {
  const event = log.topics[0];
  if (event === undefined) return;
  // Accounts are too many to be listed; their handler knows them by their rows.
  const kind = registry.kindOf(log.address, log.block) ?? "Account";
  HANDLERS[kind]?.get(event)?.(log, changes);
}

/** Lists the new contracts of these logs, and returns what those said in blocks before `first`. */
async function discover(rpc: ChainRpc, db: DatabaseReader, registry: Registry, logs: readonly Log[], first: number) {
  const earlier: Log[] = [];
  for (const log of logs) {
    const event = log.topics[0];
    if (event === CREATED_TOPIC && registry.kindOf(log.address, log.block) === "VoucherFactory") {
      registry.addVoucher(topicAddress(log, 2), log.block);
    }
    if (event !== REGISTERED_TOPIC || registry.kindOf(log.address, log.block) !== "Directory") continue;
    const address = topicAddress(log, 1);
    if (!registry.register(shortText(topic(log, 0)), address, log.block)) continue;
    earlier.push(...(await readEarlier(rpc, db, address, first)));
  }
  return earlier;
}

async function readEarlier(rpc: ChainRpc, db: DatabaseReader, address: string, first: number): Promise<Log[]> {
  const logs = await readLogsBefore(rpc, `0x${address}`, first);
  const numbers = [...new Set(logs.map((log) => Number(log.blockNumber)))];
  const blocks = await db.query<{ number: number; timestamp: number }>(
    "select number, timestamp from blocks where number = any($1::int8[])",
    [numbers],
  );
  const times = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]));
  return logs.map((log) => {
    const number = Number(log.blockNumber);
    return toLog(log, number, times.get(number) as number);
  });
}

function toLog(log: RpcLog, block: number, timestamp: number): Log {
  return {
    address: digits(log.address),
    topics: log.topics,
    data: log.data,
    block,
    log: Number(log.logIndex),
    transaction: digits(log.transactionHash),
    timestamp,
  };
}

// Nodes answer in lower case; addresses are compared as text.
function digits(hex: string): string {
  return hex.slice(2).toLowerCase();
}
