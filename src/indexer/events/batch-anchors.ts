import { orNull, placeOf, topic, topicAddress, topicNumeric, word, wordAddress, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** BatchAnchors: lists of records of which the chain keeps the root (EV-6). */
export const batchAnchors: ContractEvents = {
  "event Anchored(bytes32 indexed id, address indexed owner, bytes32 indexed root, uint32 count, address responsible)":
    (log, changes) => {
      changes.append("batches", {
        id: topic(log, 0),
        owner: topicAddress(log, 1),
        root: topic(log, 2),
        record_count: wordNumber(log, 0),
        responsible: orNull(wordAddress(log, 1)),
        anchored_at: log.timestamp,
        ...placeOf(log),
      });
    },

  "event LeafRevoked(bytes32 indexed id, uint256 indexed index, address indexed owner, bytes32 reason)": (
    log,
    changes,
  ) => {
    changes.append("leaf_revocations", {
      batch: topic(log, 0),
      leaf: topicNumeric(log, 1),
      owner: topicAddress(log, 2),
      reason: word(log, 0),
      ...placeOf(log),
    });
  },
};
