import type { Changes } from "../../store/changes.ts";
import { type Log, orNull, topicAddress, word, wordNumber, wordNumeric, ZERO_ADDRESS } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** The vouchers (ERC-1155). Balances and supply follow from the transfers. */
export const voucher: ContractEvents = {
  "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)":
    (log, changes) => transfer(log, changes, 0, wordNumeric(log, 0), BigInt(`0x${word(log, 1)}`)),

  "event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)":
    (log, changes) => {
      const ids = wordNumber(log, 0) / 32;
      const values = wordNumber(log, 1) / 32;
      const count = wordNumber(log, ids);
      for (let item = 0; item < count; item++) {
        transfer(log, changes, item, wordNumeric(log, ids + 1 + item), BigInt(`0x${word(log, values + 1 + item)}`));
      }
    },

  "event Allocated(address indexed to, uint256 indexed lot, uint256 amount, uint256 circulating)": (log, changes) => {
    changes.append("allocations", {
      voucher: log.address,
      lot: BigInt(log.topics[2] as string).toString(),
      recipient: topicAddress(log, 0),
      amount: wordNumeric(log, 0),
      circulating: wordNumeric(log, 1),
      transaction_hash: log.transaction,
      block_number: log.block,
      log_index: log.log,
    });
  },
};

function transfer(log: Log, changes: Changes, item: number, lot: string, amount: bigint): void {
  const sender = topicAddress(log, 1);
  const recipient = topicAddress(log, 2);
  changes.append("voucher_transfers", {
    voucher: log.address,
    lot,
    sender: orNull(sender),
    recipient: orNull(recipient),
    executor: topicAddress(log, 0),
    amount: amount.toString(),
    transaction_hash: log.transaction,
    block_number: log.block,
    log_index: log.log,
    item,
  });
  move(log, changes, lot, sender, -amount);
  move(log, changes, lot, recipient, amount);
}

/** The zero address stands for what is not in circulation: what it loses, the supply gains. */
function move(log: Log, changes: Changes, lot: string, holder: string, amount: bigint): void {
  if (holder === ZERO_ADDRESS) {
    changes.change("voucher_supplies", { voucher: log.address, lot }, log, (previous) => ({
      circulating: (BigInt(previous?.circulating ?? 0) - amount).toString(),
    }));
  } else {
    changes.change("voucher_balances", { voucher: log.address, lot, holder }, log, (previous) => ({
      amount: (BigInt(previous?.amount ?? 0) + amount).toString(),
    }));
  }
}
