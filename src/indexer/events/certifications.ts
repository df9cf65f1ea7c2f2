import type { Changes } from "../../store/changes.ts";
import { type Log, topicAddress, topicNumber, word, wordBoolean, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const ACTIVE = 1;
const SUSPENDED = 2;
const REVOKED = 3;

/** Certifications: whom an account belongs to, as each partner says. */
export const certifications: ContractEvents = {
  "event Certified(address indexed account, address indexed certifier, uint8 level, bool responsible, uint40 expiresAt, bytes32 digest, uint8 previous)":
    (log, changes) => {
      changes.set("certifications", keyOf(log), log, {
        level: wordNumber(log, 0),
        status: ACTIVE,
        responsible: wordBoolean(log, 1),
        issued_at: log.timestamp,
        expires_at: wordNumber(log, 2),
        digest: word(log, 3),
        ground: null,
        transaction_hash: log.transaction,
      });
    },

  "event CertificationSuspended(address indexed account, address indexed certifier, bytes32 ground)": (log, changes) =>
    move(log, changes, SUSPENDED),
  "event CertificationResumed(address indexed account, address indexed certifier, bytes32 ground)": (log, changes) =>
    move(log, changes, ACTIVE),
  "event CertificationRevoked(address indexed account, address indexed certifier, bytes32 ground)": (log, changes) =>
    move(log, changes, REVOKED),
  "event CertificationOrderLifted(address indexed account, address indexed certifier, bytes32 ground)": (
    log,
    changes,
  ) => {
    changes.patch("certifications", keyOf(log), log, { ground: word(log, 0), transaction_hash: log.transaction });
  },

  "event LevelSet(uint8 indexed level, uint8 rank, uint32 permissions)": (log, changes) => {
    changes.set("levels", { level: topicNumber(log, 0) }, log, {
      rank: wordNumber(log, 0),
      permissions: wordNumber(log, 1),
      transaction_hash: log.transaction,
    });
  },
};

function move(log: Log, changes: Changes, status: number): void {
  const change = { status, ground: word(log, 0), transaction_hash: log.transaction };
  changes.patch("certifications", keyOf(log), log, change);
}

function keyOf(log: Log): { account: string; certifier: string } {
  return { account: topicAddress(log, 0), certifier: topicAddress(log, 1) };
}
