import { orNull, topic, topicAddress, word, wordBytes, wordNumber, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** AccountNames: certified and custom names of accounts. */
export const accountNames: ContractEvents = {
  "event NameSet(address indexed account, address indexed certifier, bytes32 indexed lookSkeleton, bytes32 letterSkeleton, uint8 kind, string name, uint256 nonce, uint48 lastBlock, bytes consent)":
    (log, changes) => {
      changes.set("account_names", { account: topicAddress(log, 0) }, log, {
        name: wordText(log, 2),
        kind: wordNumber(log, 1),
        certifier: topicAddress(log, 1),
        look_skeleton: topic(log, 2),
        letter_skeleton: word(log, 0),
        ground: null,
        reserved_until: null,
        consent: wordBytes(log, 5),
        transaction_hash: log.transaction,
      });
    },

  "event NameReleased(address indexed account, address indexed by, bytes32 indexed lookSkeleton, bytes32 letterSkeleton, bytes32 ground, uint48 reservedUntil)":
    (log, changes) => {
      changes.patch("account_names", { account: topicAddress(log, 0) }, log, {
        name: null,
        certifier: null,
        ground: orNull(word(log, 1)),
        reserved_until: wordNumber(log, 2),
        consent: null,
        transaction_hash: log.transaction,
      });
    },
};
