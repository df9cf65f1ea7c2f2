import { placeOf, topicAddress, topicNumeric, word, wordBoolean, wordNumber, wordNumeric, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** What vouchers say beyond their movements: agents, approvals, lots, custodians, redeemed units. */
export const voucherHolding: ContractEvents = {
  "event AgentChanged(address indexed agent, uint256 cap)": (log, changes) => {
    const key = { voucher: log.address, agent: topicAddress(log, 0) };
    changes.set("voucher_agents", key, log, { cap: wordNumeric(log, 0), transaction_hash: log.transaction });
  },

  "event AllowanceChanged(address indexed owner, address indexed operator, uint256 indexed id, uint256 amount, uint48 lastBlock)":
    (log, changes) => {
      const [owner, spender] = [topicAddress(log, 0), topicAddress(log, 1)];
      changes.set("voucher_allowances", { voucher: log.address, owner, spender, lot: topicNumeric(log, 2) }, log, {
        amount: wordNumeric(log, 0),
        last_block: wordNumber(log, 1),
        transaction_hash: log.transaction,
      });
    },

  "event ApprovalForAll(address indexed account, address indexed operator, bool approved)": (log, changes) => {
    const key = { voucher: log.address, owner: topicAddress(log, 0), spender: topicAddress(log, 1) };
    const state = { approved: wordBoolean(log, 0), transaction_hash: log.transaction };
    changes.set("voucher_operators", key, log, state);
  },

  "event LotMade(uint256 indexed lot, uint256 face, bytes32 metadataDigest)": (log, changes) => {
    changes.append("voucher_lots", {
      voucher: log.address,
      lot: topicNumeric(log, 0),
      face: wordNumeric(log, 0),
      metadata_digest: word(log, 1),
      ...placeOf(log),
    });
  },

  "event URI(string value, uint256 indexed id)": (log, changes) => {
    const key = { voucher: log.address, lot: topicNumeric(log, 0) };
    changes.set("voucher_uris", key, log, { uri: wordText(log, 0), transaction_hash: log.transaction });
  },

  "event CustodyOpened(address indexed custodian, uint256 balance)": (log, changes) => {
    changes.append("custodians", {
      voucher: log.address,
      custodian: topicAddress(log, 0),
      balance: wordNumeric(log, 0),
      ...placeOf(log),
    });
  },

  "event Redeemed(uint256 indexed lot, uint256 amount, uint256 circulating)": (log, changes) => {
    changes.append("voucher_burns", {
      voucher: log.address,
      lot: topicNumeric(log, 0),
      amount: wordNumeric(log, 0),
      circulating: wordNumeric(log, 1),
      ...placeOf(log),
    });
  },
};
