import type { BlockRow } from "../../store/queries/blocks.ts";
import type { TransactionRow } from "../../store/queries/transactions.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import { address, described, flag, hash, nullable, objectOf, time, whole } from "../schema.ts";

const blockMembers = {
  number: whole,
  hash,
  parentHash: hash,
  timestamp: time,
  proposer: address,
  transactionCount: whole,
  gasUsed: whole,
};

export const transactionSchema = objectOf({
  hash,
  blockNumber: whole,
  transactionIndex: whole,
  sender: address,
  recipient: nullable(described(address, "Null: it created a contract")),
  success: flag,
  gasUsed: whole,
});

export const blockSchema = objectOf(blockMembers);
export const blockDetailSchema = objectOf({
  ...blockMembers,
  transactions: { type: "array", items: transactionSchema, description: "In the block's order" },
});

export function showBlock(row: BlockRow) {
  return {
    number: row.number,
    hash: toHex(row.hash),
    parentHash: toHex(row.parent_hash),
    timestamp: toTime(row.timestamp),
    proposer: toAddress(row.proposer),
    transactionCount: row.transaction_count,
    gasUsed: row.gas_used,
  };
}

export function showTransaction(row: TransactionRow) {
  return {
    hash: toHex(row.hash),
    blockNumber: row.block_number,
    transactionIndex: row.transaction_index,
    sender: toAddress(row.sender),
    recipient: orNull(row.recipient, toAddress),
    success: row.success,
    gasUsed: row.gas_used,
  };
}
