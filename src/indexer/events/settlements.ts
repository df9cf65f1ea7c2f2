import { orNull, topicAddress, topicNumber, wordAddress, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const OPEN = 1;
const ACCEPTED = 2;
const CANCELLED = 3;
const LEG = "(address voucher, uint128 id, uint128 amount)";

/** Settlements: voucher against voucher in one transaction (VO-4). */
export const settlements: ContractEvents = {
  [`event Offered(uint256 indexed offer, address indexed maker, address indexed counterparty, ${LEG} give, ${LEG} want, uint48 lastBlock)`]:
    (log, changes) => {
      changes.set("offers", { id: topicNumber(log, 0) }, log, {
        maker: topicAddress(log, 1),
        counterparty: orNull(topicAddress(log, 2)),
        give_voucher: wordAddress(log, 0),
        give_lot: wordNumeric(log, 1),
        give_amount: wordNumeric(log, 2),
        want_voucher: wordAddress(log, 3),
        want_lot: wordNumeric(log, 4),
        want_amount: wordNumeric(log, 5),
        last_block: wordNumber(log, 6),
        status: OPEN,
        taker: null,
        transaction_hash: log.transaction,
      });
    },

  "event OfferAccepted(uint256 indexed offer, address indexed taker)": (log, changes) => {
    const change = { status: ACCEPTED, taker: topicAddress(log, 1), transaction_hash: log.transaction };
    changes.patch("offers", { id: topicNumber(log, 0) }, log, change);
  },
  "event OfferCancelled(uint256 indexed offer)": (log, changes) => {
    changes.patch("offers", { id: topicNumber(log, 0) }, log, { status: CANCELLED, transaction_hash: log.transaction });
  },
};
