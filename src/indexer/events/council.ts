import { AbiCoder, type Result } from "ethers";
import type { Changes } from "../../store/changes.ts";
import type { StateOf } from "../../store/tables.ts";
import type { Log } from "../log.ts";
import { placeOf, topicAddress, topicNumber, word, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const OPEN = 1;
const AGREED = 2;
const EXECUTED = 3;
const CANCELLED = 4;

/** Council: what the bookkeepers decide together. */
export const council: ContractEvents = {
  "event Proposed(uint256 indexed id, address indexed proposer, (address target, bytes data)[] calls, bytes32 reason)":
    (log, changes) => {
      // Rare, so decoded by the general decoder.
      const [calls] = AbiCoder.defaultAbiCoder().decode(["tuple(address target, bytes data)[]", "bytes32"], log.data);
      changes.set("proposals", { id: topicNumber(log, 0) }, log, {
        proposer: topicAddress(log, 1),
        calls: (calls as Result).map((call: Result) => ({ target: call[0] as string, data: call[1] as string })),
        reason: word(log, 1),
        status: OPEN,
        votes: 0,
        seats: 0,
        executable_from: null,
        executable_until: null,
        transaction_hash: log.transaction,
      });
    },

  "event Voted(uint256 indexed id, address indexed seat, uint256 votes, uint256 seats)": (log, changes) => {
    const counts = { votes: wordNumber(log, 0), seats: wordNumber(log, 1) };
    changes.append("votes", {
      proposal: topicNumber(log, 0),
      seat: topicAddress(log, 1),
      ...counts,
      transaction_hash: log.transaction,
      block_number: log.block,
      log_index: log.log,
    });
    changes.patch("proposals", { id: topicNumber(log, 0) }, log, { ...counts, transaction_hash: log.transaction });
  },

  "event Agreed(uint256 indexed id, uint256 executableFrom, uint256 executableUntil)": (log, changes) => {
    changes.patch("proposals", { id: topicNumber(log, 0) }, log, {
      ...statusFrom(log, AGREED),
      executable_from: wordNumber(log, 0),
      executable_until: wordNumber(log, 1),
    });
  },

  "event Executed(uint256 indexed id)": (log, changes) => {
    changes.patch("proposals", { id: topicNumber(log, 0) }, log, statusFrom(log, EXECUTED));
  },

  "event Cancelled(uint256 indexed id)": (log, changes) => {
    changes.patch("proposals", { id: topicNumber(log, 0) }, log, statusFrom(log, CANCELLED));
  },

  "event SeatAdded(address indexed seat)": (log, changes) => {
    changes.set("seats", { seat: topicAddress(log, 0) }, log, { seated: true, transaction_hash: log.transaction });
  },

  "event SeatRemoved(address indexed seat)": (log, changes) => {
    changes.set("seats", { seat: topicAddress(log, 0) }, log, { seated: false, transaction_hash: log.transaction });
  },

  "event PauseVoted(address indexed seat, uint256 votes, bytes32 reason)": (log, changes) => {
    const vote = { seat: topicAddress(log, 0), votes: wordNumber(log, 0), reason: word(log, 1) };
    changes.append("pause_votes", { ...vote, ...placeOf(log) });
  },
  "event PauseStarted(uint48 firstBlock, uint48 lastBlock)": (log, changes) => {
    parameter(log, changes, "council.pausedFrom", wordNumeric(log, 0));
    parameter(log, changes, "council.pausedUntil", wordNumeric(log, 1));
  },
  "event PauseEnded(uint48 lastBlock)": (log, changes) =>
    parameter(log, changes, "council.pausedUntil", wordNumeric(log, 0)),

  "event TermsChanged(uint48 delayBlocks, uint48 lifetimeBlocks)": (log, changes) => {
    parameter(log, changes, "council.delayBlocks", wordNumeric(log, 0));
    parameter(log, changes, "council.lifetimeBlocks", wordNumeric(log, 1));
  },
};

function parameter(log: Log, changes: Changes, name: string, value: string): void {
  changes.set("parameters", { name }, log, { value, transaction_hash: log.transaction });
}

function statusFrom(log: Log, status: number): Pick<StateOf<"proposals">, "status" | "transaction_hash"> {
  return { status, transaction_hash: log.transaction };
}
