import { recordId } from "../../core/record-id.ts";
import { orNull, topic, topicAddress, word, wordAddress, wordBoolean, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const REVOKED = 2;
const SUPERSEDED = 3;

/** Records: that data existed unchanged. */
export const records: ContractEvents = {
  "event Recorded(bytes32 indexed digest, address indexed owner, bytes32 indexed subject, uint16 algorithm, uint32 kind, address responsible, bytes32 businessKey, bytes32 refersTo)":
    (log, changes) => {
      const owner = topicAddress(log, 1);
      changes.append("records", {
        id: recordId(`0x${owner}`, log.topics[1] as string, log.topics[3] as string).slice(2),
        owner,
        digest: topic(log, 0),
        subject: orNull(topic(log, 2)),
        algorithm: wordNumber(log, 0),
        kind: wordNumber(log, 1),
        responsible: orNull(wordAddress(log, 2)),
        business_key: orNull(word(log, 3)),
        refers_to: orNull(word(log, 4)),
        recorded_at: log.timestamp,
        transaction_hash: log.transaction,
        block_number: log.block,
        log_index: log.log,
      });
    },

  "event Linked(bytes32 indexed object, bytes32 indexed id, uint48 index, bytes32 previous, bytes32 digest)": (
    log,
    changes,
  ) => {
    changes.append("object_links", {
      object: topic(log, 0),
      position: wordNumber(log, 0),
      record: topic(log, 1),
      previous: orNull(word(log, 1)),
      digest: word(log, 2),
      block_number: log.block,
      log_index: log.log,
    });
  },

  "event RecordRevoked(bytes32 indexed id, address indexed owner, bytes32 reason)": (log, changes) => {
    changes.set("record_statuses", { record: topic(log, 0) }, log, {
      status: REVOKED,
      superseded_by: null,
      reason: word(log, 0),
      transaction_hash: log.transaction,
    });
  },

  "event RecordSuperseded(bytes32 indexed id, address indexed owner, bytes32 by, bytes32 reason)": (log, changes) => {
    changes.set("record_statuses", { record: topic(log, 0) }, log, {
      status: SUPERSEDED,
      superseded_by: word(log, 0),
      reason: word(log, 1),
      transaction_hash: log.transaction,
    });
  },

  "event ObjectOpened(bytes32 indexed object, address indexed owner, bytes32 key)": (log, changes) => {
    changes.append("objects", {
      id: topic(log, 0),
      owner: topicAddress(log, 1),
      key: word(log, 0),
      transaction_hash: log.transaction,
      block_number: log.block,
      log_index: log.log,
    });
  },

  "event WriterChanged(bytes32 indexed object, address indexed writer, bool admitted)": (log, changes) => {
    changes.set("object_writers", { object: topic(log, 0), writer: topicAddress(log, 1) }, log, {
      admitted: wordBoolean(log, 0),
      transaction_hash: log.transaction,
    });
  },
};
