import { orNull, topicAddress, word, wordAddress, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const REMOVED = 0;

/** Admission: who may send transactions of its own. */
export const admission: ContractEvents = {
  "event SenderAdmitted(address indexed sender, uint8 kind, address target, uint48 validFrom, uint40 allowance)": (
    log,
    changes,
  ) => {
    changes.set("senders", { sender: topicAddress(log, 0) }, log, {
      kind: wordNumber(log, 0),
      target: orNull(wordAddress(log, 1)),
      valid_from: wordNumber(log, 2),
      allowance: wordNumber(log, 3),
      partner: null,
      ground: null,
      transaction_hash: log.transaction,
    });
  },

  "event RelayRegistered(address indexed partner, address indexed relay)": (log, changes) => {
    changes.patch("senders", { sender: topicAddress(log, 1) }, log, { partner: topicAddress(log, 0) });
  },

  "event SenderRemoved(address indexed sender, bytes32 ground)": (log, changes) => {
    // One from genesis, which no event told of, has no row yet: the removal begins its history.
    changes.change("senders", { sender: topicAddress(log, 0) }, log, (previous) => ({
      target: null,
      valid_from: null,
      allowance: null,
      partner: null,
      ...previous,
      kind: REMOVED,
      ground: orNull(word(log, 0)),
      transaction_hash: log.transaction,
    }));
  },

  "event PeriodChanged(uint48 blocks)": (log, changes) => {
    changes.set("parameters", { name: "admission.periodBlocks" }, log, {
      value: wordNumeric(log, 0),
      transaction_hash: log.transaction,
    });
  },
};
