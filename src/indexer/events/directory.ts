import { shortText, topic, topicAddress, word, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

export const CONTRACT_REGISTERED =
  "event ContractRegistered(bytes32 indexed name, address indexed target, uint32 version, bytes32 abiDigest)";

/** Directory: every contract of the platform by name. */
export const directory: ContractEvents = {
  [CONTRACT_REGISTERED]: (log, changes) => {
    changes.set("contracts", { name: shortText(topic(log, 0)) }, log, {
      address: topicAddress(log, 1),
      version: wordNumber(log, 0),
      abi_digest: word(log, 1),
      transaction_hash: log.transaction,
    });
  },
};
