import type { Changes } from "../../store/changes.ts";
import { type Log, topic, topicAddress, word, wordAddress, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const PROPOSED = 1;
const EFFECTIVE = 2;
const CANCELLED = 3;

/** Agreements: documents that take effect when all their parties have confirmed (EV-5). */
export const agreements: ContractEvents = {
  "event AgreementProposed(bytes32 indexed id, address indexed proposer, bytes32 indexed digest, uint16 algorithm, uint48 lastBlock, bytes32 salt, address[] parties)":
    (log, changes) => {
      const id = topic(log, 0);
      const list = wordNumber(log, 3) / 32;
      const count = wordNumber(log, list);
      changes.set("agreements", { id }, log, {
        proposer: topicAddress(log, 1),
        digest: topic(log, 2),
        algorithm: wordNumber(log, 0),
        last_block: wordNumber(log, 1),
        salt: word(log, 2),
        party_count: count,
        confirmations: "0",
        status: PROPOSED,
        proposed_block: log.block,
        closed_block: null,
        closed_at: null,
        transaction_hash: log.transaction,
      });
      for (let position = 0; position < count; position++) {
        changes.set("agreement_parties", { agreement: id, party: wordAddress(log, list + 1 + position) }, log, {
          position,
          confirmed: false,
          transaction_hash: log.transaction,
        });
      }
    },

  "event AgreementConfirmed(bytes32 indexed id, address indexed party, uint64 confirmations)": (log, changes) =>
    confirm(log, changes, true),
  "event ConfirmationWithdrawn(bytes32 indexed id, address indexed party, uint64 confirmations)": (log, changes) =>
    confirm(log, changes, false),
  "event AgreementEffective(bytes32 indexed id, bytes32 indexed digest)": (log, changes) =>
    close(log, changes, EFFECTIVE),
  "event AgreementCancelled(bytes32 indexed id)": (log, changes) => close(log, changes, CANCELLED),
};

function confirm(log: Log, changes: Changes, confirmed: boolean): void {
  const change = { transaction_hash: log.transaction };
  changes.patch("agreements", { id: topic(log, 0) }, log, { ...change, confirmations: wordNumeric(log, 0) });
  const key = { agreement: topic(log, 0), party: topicAddress(log, 1) };
  changes.patch("agreement_parties", key, log, { ...change, confirmed });
}

function close(log: Log, changes: Changes, status: number): void {
  const change = { status, closed_block: log.block, closed_at: log.timestamp, transaction_hash: log.transaction };
  changes.patch("agreements", { id: topic(log, 0) }, log, change);
}
