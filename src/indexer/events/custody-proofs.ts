import { type Log, topic, topicAddress, word, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const OPEN = 1;
const ANSWERED = 2;
const CONTRADICTED = 3;
const TREE = "(bytes32 root, uint128 total, uint32 count)";
const NO_CHALLENGE = { leaf_key: null, amount: null, last_block: null };

/** CustodyProofs: what exchanges publish of the vouchers that they hold for others (VO-7). */
export const custodyProofs: ContractEvents = {
  [`event CustodyProven(bytes32 indexed id, address indexed exchange, address indexed voucher, uint48 blockNumber, ${TREE} tree)`]:
    (log, changes) => {
      changes.set("custody_proofs", { id: topic(log, 0) }, log, {
        ...published(log),
        voucher: topicAddress(log, 2),
        record: null,
      });
    },
  [`event CustodyDeclared(bytes32 indexed id, address indexed publisher, bytes32 indexed record, uint48 blockNumber, ${TREE} tree)`]:
    (log, changes) => {
      changes.set("custody_proofs", { id: topic(log, 0) }, log, {
        ...published(log),
        voucher: null,
        record: topic(log, 2),
      });
    },

  "event CustodyChallenged(bytes32 indexed id, bytes32 indexed statement, bytes32 leafKey, uint256 amount, uint48 lastBlock)":
    (log, changes) => {
      changes.set("custody_challenges", challengeOf(log), log, {
        leaf_key: word(log, 0),
        amount: wordNumeric(log, 1),
        last_block: wordNumber(log, 2),
        status: OPEN,
        transaction_hash: log.transaction,
      });
    },
  "event CustodyChallengeAnswered(bytes32 indexed id, bytes32 indexed statement)": (log, changes) => {
    const next = { status: ANSWERED, transaction_hash: log.transaction };
    changes.change("custody_challenges", challengeOf(log), log, (previous) => ({
      ...NO_CHALLENGE,
      ...previous,
      ...next,
    }));
  },
  "event CustodyDisputed(bytes32 indexed id, bytes32 indexed statement)": (log, changes) => {
    const next = { status: CONTRADICTED, transaction_hash: log.transaction };
    // Without a challenge before, a statement is contradicted at once; the zero statement stands for the tree's own order.
    changes.change("custody_challenges", challengeOf(log), log, (previous) => ({
      ...NO_CHALLENGE,
      ...previous,
      ...next,
    }));
    const change = { disputed: true, transaction_hash: log.transaction };
    changes.patch("custody_proofs", { id: topic(log, 0) }, log, change);
  },
};

function published(log: Log) {
  return {
    publisher: topicAddress(log, 1),
    state_block: wordNumber(log, 0),
    root: word(log, 1),
    total: wordNumeric(log, 2),
    leaf_count: wordNumber(log, 3),
    disputed: false,
    published_block: log.block,
    transaction_hash: log.transaction,
  };
}

function challengeOf(log: Log): { proof: string; statement: string } {
  return { proof: topic(log, 0), statement: topic(log, 1) };
}
