import type { Changes } from "../../store/changes.ts";
import { type Log, orNull, topicAddress, topicNumber, word, wordAddress, wordNumber, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const FILED = 1;
const EXECUTED = 2;
const REPORTED = 3;
const WITHDRAWN = 4;

/** Orders: what regulators order, and what became of it (GO-2). */
export const orders: ContractEvents = {
  "event OrderFiled(uint256 indexed id, address indexed authority, address indexed subject, address executor, address target, bytes32 callDigest, bytes32 document, uint48 lastBlock, string location)":
    (log, changes) => {
      changes.set("orders", { id: topicNumber(log, 0) }, log, {
        authority: topicAddress(log, 1),
        subject: orNull(topicAddress(log, 2)),
        executor: wordAddress(log, 0),
        target: orNull(wordAddress(log, 1)),
        call_digest: orNull(word(log, 2)),
        document: word(log, 3),
        last_block: wordNumber(log, 4),
        location: wordText(log, 5),
        status: FILED,
        filed_block: log.block,
        closed_block: null,
        result: null,
        transaction_hash: log.transaction,
      });
    },

  "event OrderExecuted(uint256 indexed id, address indexed executor)": (log, changes) =>
    close(log, changes, EXECUTED, null),
  "event OrderReported(uint256 indexed id, address indexed executor, bytes32 result)": (log, changes) =>
    close(log, changes, REPORTED, word(log, 0)),
  "event OrderWithdrawn(uint256 indexed id, bytes32 ground)": (log, changes) =>
    close(log, changes, WITHDRAWN, word(log, 0)),
};

function close(log: Log, changes: Changes, status: number, result: string | null): void {
  const change = { status, result, closed_block: log.block, transaction_hash: log.transaction };
  changes.patch("orders", { id: topicNumber(log, 0) }, log, change);
}
