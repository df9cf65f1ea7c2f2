import { shortText, topic, topicAddress, topicNumber, word, wordBytes, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** LegalDocuments: what each participant signed. */
export const legalDocuments: ContractEvents = {
  "event DocumentPublished(bytes32 indexed document, uint32 indexed version, address indexed publisher, bytes32 digest, string location)":
    (log, changes) => {
      changes.append("legal_documents", {
        document: shortText(topic(log, 0)),
        version: topicNumber(log, 1),
        publisher: topicAddress(log, 2),
        digest: word(log, 0),
        location: wordText(log, 1),
        transaction_hash: log.transaction,
        block_number: log.block,
        log_index: log.log,
      });
    },

  "event DocumentSigned(bytes32 indexed document, uint32 indexed version, address indexed account, bytes32 digest, bytes32 signedDigest, string location, bytes signature)":
    (log, changes) => {
      changes.append("signatures", {
        document: shortText(topic(log, 0)),
        version: topicNumber(log, 1),
        account: topicAddress(log, 2),
        digest: word(log, 0),
        signed_digest: word(log, 1),
        location: wordText(log, 2),
        signature: wordBytes(log, 3),
        transaction_hash: log.transaction,
        block_number: log.block,
        log_index: log.log,
      });
    },
};
