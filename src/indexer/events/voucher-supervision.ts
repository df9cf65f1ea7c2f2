import type { Changes } from "../../store/changes.ts";
import type { StateOf } from "../../store/tables.ts";
import {
  type Log,
  orNull,
  placeOf,
  topicAddress,
  topicNumber,
  topicNumeric,
  wordBoolean,
  wordNumber,
  wordNumeric,
} from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const AS_CREATED = {
  cap: null,
  capacity: null,
  frozen: false,
  holder_level: null,
  secondary: null,
  issue_mode: null,
  hands: null,
  holding_blocks: null,
  period_blocks: null,
  period_amount: null,
};
const POLICY =
  "(uint8 holderLevel, bool secondary, uint8 issueMode, uint16 hands, uint32 holdingBlocks, uint32 periodBlocks, uint128 periodAmount)";

/** What orders do to a voucher, and what its policy says (VO-6). */
export const voucherSupervision: ContractEvents = {
  "event MeasureTaken(uint256 indexed order, uint8 indexed measure, address indexed account, uint256 id)": (
    log,
    changes,
  ) => {
    changes.append("voucher_measures", {
      voucher: log.address,
      order_id: topicNumber(log, 0),
      measure: topicNumber(log, 1),
      account: orNull(topicAddress(log, 2)),
      token: wordNumeric(log, 0),
      ...placeOf(log),
    });
  },

  "event CapChanged(uint256 cap)": (log, changes) => rule(log, changes, { cap: wordNumeric(log, 0) }),
  "event CapacityAssessed(uint256 capacity)": (log, changes) => rule(log, changes, { capacity: wordNumeric(log, 0) }),
  "event FreezeChanged(bool frozen)": (log, changes) => rule(log, changes, { frozen: wordBoolean(log, 0) }),
  [`event PolicyChanged(${POLICY} policy)`]: (log, changes) =>
    rule(log, changes, {
      holder_level: wordNumber(log, 0),
      secondary: wordBoolean(log, 1),
      issue_mode: wordNumber(log, 2),
      hands: wordNumber(log, 3),
      holding_blocks: wordNumber(log, 4),
      period_blocks: wordNumber(log, 5),
      period_amount: wordNumeric(log, 6),
    }),

  "event Frozen(address indexed account, uint256 indexed tokenId, uint256 amount)": (log, changes) => {
    const key = { voucher: log.address, account: topicAddress(log, 0), lot: topicNumeric(log, 1) };
    changes.set("voucher_freezes", key, log, { amount: wordNumeric(log, 0), transaction_hash: log.transaction });
  },

  "event ForcedTransfer(address indexed from, address indexed to, uint256 indexed tokenId, uint256 amount)": (
    log,
    changes,
  ) => {
    changes.append("forced_transfers", {
      voucher: log.address,
      sender: topicAddress(log, 0),
      recipient: topicAddress(log, 1),
      lot: topicNumeric(log, 2),
      amount: wordNumeric(log, 0),
      ...placeOf(log),
    });
  },
};

function rule(log: Log, changes: Changes, change: Partial<StateOf<"voucher_rules">>): void {
  const next = { ...change, transaction_hash: log.transaction };
  changes.change("voucher_rules", { voucher: log.address }, log, (previous) => ({
    ...AS_CREATED,
    ...previous,
    ...next,
  }));
}
