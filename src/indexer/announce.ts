import { DECODERS } from "../../generated/event-decoders.ts";
import type { EventDecoder } from "../chain/event-data.ts";
import type { Changes } from "../store/changes.ts";
import type { Database } from "../store/database.ts";
import type { BlockWithReceipts } from "./chain-reader.ts";
import { eachInTurns } from "./in-turns.ts";
import type { Log } from "./log.ts";
import type { Registry } from "./registry.ts";

const ACCOUNT_DECODERS = DECODERS.Account as ReadonlyMap<string, EventDecoder>;

/**
 * Writes what subscribers are told of a range of blocks (MW-2): every event that a contract of the platform says from
 * the block on in which it is listed, then the block. Which events these are does not depend on how blocks are grouped.
 */
export async function announce(
  db: Pick<Database, "query">,
  registry: Registry,
  range: readonly BlockWithReceipts[],
  logs: readonly Log[],
  changes: Changes,
): Promise<void> {
  const accounts = await accountsAmong(db, registry, logs, changes);
  await eachInTurns(logs, (log) => {
    const decoder = decoderOf(log, registry, accounts);
    if (decoder === undefined) return;
    changes.append("events", {
      block_number: log.block,
      log_index: log.log,
      type: decoder.type,
      contract: log.address,
      transaction_hash: log.transaction,
      // Text at once: hundreds of thousands of objects that wait to be written take longer to keep than to make.
      data: JSON.stringify(decoder.read(log.topics, log.data)),
    });
  });
  for (const { block, receipts } of range) announceBlock(block, receipts, changes);
}

function decoderOf(log: Log, registry: Registry, accounts: ReadonlySet<string>): EventDecoder | undefined {
  const event = log.topics[0];
  if (event === undefined) return undefined;
  const kind = registry.listedAs(log.address, log.block);
  if (kind !== undefined) return DECODERS[kind]?.get(event);
  return accounts.has(log.address) ? ACCOUNT_DECODERS.get(event) : undefined;
}

function announceBlock(block: BlockWithReceipts["block"], receipts: BlockWithReceipts["receipts"], changes: Changes) {
  const number = Number(block.number);
  changes.append("events", {
    block_number: number,
    log_index: receipts.reduce((sum, { logs }) => sum + logs.length, 0),
    type: "block.added",
    contract: null,
    transaction_hash: null,
    data: JSON.stringify({
      number,
      hash: block.hash,
      parentHash: block.parentHash,
      timestamp: Number(block.timestamp),
      transactions: block.transactions.length,
      gasUsed: Number(block.gasUsed),
    }),
  });
}

/** Accounts are too many to be listed: those that seem to say something are looked up. */
async function accountsAmong(
  db: Pick<Database, "query">,
  registry: Registry,
  logs: readonly Log[],
  changes: Changes,
): Promise<ReadonlySet<string>> {
  const candidates = new Set<string>();
  for (const { address, block, topics } of logs) {
    if (ACCOUNT_DECODERS.has(topics[0] ?? "") && registry.listedAs(address, block) === undefined)
      candidates.add(address);
  }
  if (candidates.size === 0) return candidates;
  const known = await db.query<{ address: string }>(
    `select encode(accounts.address, 'hex') as address
     from unnest($1::text[]) as given(address) join accounts on accounts.address = decode(given.address, 'hex')`,
    [[...candidates]],
  );
  const found = new Set(known.map(({ address }) => address));
  for (const { address } of changes.appended("accounts")) if (candidates.has(address)) found.add(address);
  return found;
}
