import type { Changes } from "../../store/changes.ts";
import { type Log, orNull, topicAddress, topicNumber, word, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const PRESENTED = 1;
const REDEEMED = 2;
const REFUSED = 3;
const OVERDUE = 4;

/** Redemptions: a holder presents a voucher, its issuer honours it or does not (VO-5). */
export const redemptions: ContractEvents = {
  "event Presented(uint256 indexed redemption, address indexed voucher, address indexed holder, uint256 id, uint256 amount, uint48 lastBlock, bytes32 statement)":
    (log, changes) => {
      changes.set("redemptions", { id: topicNumber(log, 0) }, log, {
        voucher: topicAddress(log, 1),
        holder: topicAddress(log, 2),
        lot: wordNumeric(log, 0),
        amount: wordNumeric(log, 1),
        last_block: wordNumber(log, 2),
        statement: orNull(word(log, 3)),
        status: PRESENTED,
        answer: null,
        presented_block: log.block,
        closed_block: null,
        transaction_hash: log.transaction,
      });
    },

  "event RedemptionConfirmed(uint256 indexed redemption, bytes32 receipt)": (log, changes) =>
    close(log, changes, REDEEMED, orNull(word(log, 0))),
  "event RedemptionRefused(uint256 indexed redemption, bytes32 ground)": (log, changes) =>
    close(log, changes, REFUSED, orNull(word(log, 0))),
  "event RedemptionDefaulted(uint256 indexed redemption)": (log, changes) => close(log, changes, OVERDUE, null),
};

function close(log: Log, changes: Changes, status: number, answer: string | null): void {
  const change = { status, answer, closed_block: log.block, transaction_hash: log.transaction };
  changes.patch("redemptions", { id: topicNumber(log, 0) }, log, change);
}
