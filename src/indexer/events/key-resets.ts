import type { Changes } from "../../store/changes.ts";
import type { StateOf } from "../../store/tables.ts";
import { type Log, topicAddress, topicNumber, word, wordBytes, wordNumber, wordNumeric } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const PROPOSED = 1;
const WAITING = 2;
const COMPLETED = 3;
const OBJECTED = 4;
const CANCELLED = 5;

/** KeyResets: a certifying partner gives an account another key (ID-7). */
export const keyResets: ContractEvents = {
  "event KeyResetOpened(uint256 indexed reset, address indexed account, address indexed opener, bytes newSigner, bytes32 application, bytes32 check)":
    (log, changes) => {
      changes.set("key_resets", { id: topicNumber(log, 0) }, log, {
        account: topicAddress(log, 1),
        opener: topicAddress(log, 2),
        new_signer: wordBytes(log, 0),
        application: word(log, 1),
        identity_check: word(log, 2),
        status: PROPOSED,
        endorser: null,
        closed_by: null,
        ground: null,
        waiting_until: null,
        last_block: null,
        opened_block: log.block,
        transaction_hash: log.transaction,
      });
    },

  "event KeyResetEndorsed(uint256 indexed reset, address indexed account, address indexed endorser)": (log, changes) =>
    move(log, changes, { endorser: topicAddress(log, 2) }),
  "event KeyResetStarted(uint256 indexed reset, address indexed account, uint48 waitingUntil, uint48 lastBlock)": (
    log,
    changes,
  ) => move(log, changes, { status: WAITING, waiting_until: wordNumber(log, 0), last_block: wordNumber(log, 1) }),
  "event KeyResetObjected(uint256 indexed reset, address indexed account, address indexed objector, bytes32 ground)": (
    log,
    changes,
  ) => move(log, changes, { status: OBJECTED, closed_by: topicAddress(log, 2), ground: word(log, 0) }),
  "event KeyResetCancelled(uint256 indexed reset, address indexed account, bytes32 ground)": (log, changes) =>
    move(log, changes, { status: CANCELLED, ground: word(log, 0) }),
  "event KeyResetCompleted(uint256 indexed reset, address indexed account, bytes newSigner)": (log, changes) =>
    move(log, changes, { status: COMPLETED }),

  "event WaitingBlocksSet(uint48 blocks)": (log, changes) => parameter(log, changes, "keyResets.waitingBlocks"),
  "event MinimumAgeSet(uint48 blocks)": (log, changes) => parameter(log, changes, "keyResets.minimumAge"),
};

function move(log: Log, changes: Changes, change: Partial<StateOf<"key_resets">>): void {
  changes.patch("key_resets", { id: topicNumber(log, 0) }, log, { ...change, transaction_hash: log.transaction });
}

function parameter(log: Log, changes: Changes, name: string): void {
  changes.set("parameters", { name }, log, { value: wordNumeric(log, 0), transaction_hash: log.transaction });
}
