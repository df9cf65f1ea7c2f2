import { AbiCoder, type Result } from "ethers";
import { orNull, topicAddress, topicNumber, word, wordBoolean, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** Quota: points in place of fees. */
export const quota: ContractEvents = {
  "event Charged(address indexed account, address indexed payer, uint256 points)": (log, changes) => {
    changes.charge(topicAddress(log, 0), topicAddress(log, 1), log.block, BigInt(`0x${word(log, 0)}`));
  },

  "event PricesPublished(address indexed group, bytes4[] selectors, uint32[] points)": (log, changes) => {
    // Rare, so decoded by the general decoder.
    const [selectors, points] = AbiCoder.defaultAbiCoder().decode(["bytes4[]", "uint32[]"], log.data);
    for (const [index, selector] of (selectors as Result).toArray().entries()) {
      const key = { price_group: topicAddress(log, 0), selector: String(selector).slice(2) };
      const price = Number((points as Result)[index]);
      changes.set("quota_prices", key, log, { points: price, transaction_hash: log.transaction });
    }
  },

  "event BytePricePublished(uint32 points)": (log, changes) => {
    changes.set("parameters", { name: "quota.bytePrice" }, log, {
      value: wordNumeric(log, 0),
      transaction_hash: log.transaction,
    });
  },

  "event Paused(uint48 lastBlock)": (log, changes) => {
    changes.set("parameters", { name: "quota.pausedUntil" }, log, {
      value: wordNumeric(log, 0),
      transaction_hash: log.transaction,
    });
  },

  "event ClassSet(uint8 indexed class, uint48 ceiling, uint48 grant, uint48 initial, uint32 periodBlocks)": (
    log,
    changes,
  ) => {
    changes.set("quota_classes", { class: topicNumber(log, 0) }, log, {
      ceiling: wordNumber(log, 0),
      grant_points: wordNumber(log, 1),
      initial: wordNumber(log, 2),
      period_blocks: wordNumber(log, 3),
      transaction_hash: log.transaction,
    });
  },

  "event ClassAssigned(address indexed account, uint8 class)": (log, changes) => {
    changes.set("account_classes", { account: topicAddress(log, 0) }, log, {
      class: wordNumber(log, 0),
      transaction_hash: log.transaction,
    });
  },

  "event SponsoringBarred(address indexed partner, bool barred)": (log, changes) => {
    const state = { barred: wordBoolean(log, 0), transaction_hash: log.transaction };
    changes.set("sponsoring_bars", { partner: topicAddress(log, 0) }, log, state);
  },

  "event SponsorChanged(address indexed account, address indexed sponsor, uint48 limit)": (log, changes) => {
    changes.set("account_sponsors", { account: topicAddress(log, 0) }, log, {
      sponsor: orNull(topicAddress(log, 1)),
      transaction_hash: log.transaction,
    });
  },
};
