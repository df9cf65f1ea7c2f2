import { placeOf, topic, topicAddress, topicNumber, word, wordNumber, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** TimestampAuthorities: who stamps time from outside, and what was stamped (EV-2). */
export const timestampAuthorities: ContractEvents = {
  "event AuthorityRegistered(uint32 indexed authority, bytes32 indexed certificateDigest, uint40 notBefore, uint40 notAfter, string policy, string location)":
    (log, changes) => {
      changes.set("timestamp_authorities", { id: topicNumber(log, 0) }, log, {
        certificate_digest: topic(log, 1),
        not_before: wordNumber(log, 0),
        not_after: wordNumber(log, 1),
        policy: wordText(log, 2),
        location: wordText(log, 3),
        registered_block: log.block,
        retired_block: null,
        ground: null,
        transaction_hash: log.transaction,
      });
    },

  "event AuthorityRetired(uint32 indexed authority, bytes32 ground)": (log, changes) => {
    changes.patch("timestamp_authorities", { id: topicNumber(log, 0) }, log, {
      retired_block: log.block,
      ground: word(log, 0),
      transaction_hash: log.transaction,
    });
  },

  "event TokenAttached(bytes32 indexed object, uint32 indexed authority, address indexed owner, uint8 kind, bytes32 tokenDigest, uint40 time)":
    (log, changes) => {
      changes.append("timestamp_tokens", {
        object: topic(log, 0),
        authority: topicNumber(log, 1),
        owner: topicAddress(log, 2),
        kind: wordNumber(log, 0),
        token_digest: word(log, 1),
        stated_at: wordNumber(log, 2),
        ...placeOf(log),
      });
    },

  "event BlockHashKept(uint256 indexed blockNumber, bytes32 blockHash)": (log, changes) => {
    changes.append("kept_block_hashes", { kept_block: topicNumber(log, 0), hash: word(log, 0), ...placeOf(log) });
  },
};
