import { type Log, orNull, topic, topicAddress, word, wordAddress, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** HostedFiles: what is kept off chain, where, and for how long (EV-7). */
export const hostedFiles: ContractEvents = {
  "event FileRegistered(bytes32 indexed contentDigest, address indexed owner, bytes32 locationDigest, uint64 size, uint40 until, address responsible)":
    (log, changes) => {
      changes.set("hosted_files", keyOf(log), log, {
        location_digest: word(log, 0),
        size: wordNumber(log, 1),
        registered_at: log.timestamp,
        valid_until: wordNumber(log, 2),
        responsible: orNull(wordAddress(log, 3)),
        registered_block: log.block,
        ended_at: null,
        transaction_hash: log.transaction,
      });
    },

  "event FileExtended(bytes32 indexed contentDigest, address indexed owner, uint40 from, uint40 until)": (
    log,
    changes,
  ) => {
    const change = { valid_until: wordNumber(log, 1), transaction_hash: log.transaction };
    changes.patch("hosted_files", keyOf(log), log, change);
  },

  "event FileEnded(bytes32 indexed contentDigest, address indexed owner, uint40 endedAt)": (log, changes) => {
    const change = { ended_at: wordNumber(log, 0), transaction_hash: log.transaction };
    changes.patch("hosted_files", keyOf(log), log, change);
  },
};

function keyOf(log: Log): { owner: string; content_digest: string } {
  return { owner: topicAddress(log, 1), content_digest: topic(log, 0) };
}
