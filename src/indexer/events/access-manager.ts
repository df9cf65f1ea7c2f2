import type { Changes } from "../../store/changes.ts";
import type { StateOf } from "../../store/tables.ts";
import {
  type Log,
  topic,
  topicAddress,
  topicNumber,
  topicNumeric,
  word,
  wordAddress,
  wordBoolean,
  wordBytes,
  wordNumber,
  wordText,
} from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const SCHEDULED = 1;
const EXECUTED = 2;
const CANCELLED = 3;
const NO_ROLE = { label: null, admin: null, guardian: null, grant_delay: null };
const OPEN_TARGET = { closed: null, admin_delay: null };

/** AccessManager: who has which role, and which function wants it. */
export const accessManager: ContractEvents = {
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)": (
    log,
    changes,
  ) => {
    changes.set("role_members", memberOf(log), log, {
      member: true,
      delay: wordNumber(log, 0),
      since: wordNumber(log, 1),
      transaction_hash: log.transaction,
    });
  },
  "event RoleRevoked(uint64 indexed roleId, address indexed account)": (log, changes) => {
    const state = { member: false, delay: null, since: null, transaction_hash: log.transaction };
    changes.set("role_members", memberOf(log), log, state);
  },

  "event RoleLabel(uint64 indexed roleId, string label)": (log, changes) =>
    role(log, changes, { label: wordText(log, 0) }),
  "event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)": (log, changes) =>
    role(log, changes, { admin: topicNumeric(log, 1) }),
  "event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)": (log, changes) =>
    role(log, changes, { guardian: topicNumeric(log, 1) }),
  "event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)": (log, changes) =>
    role(log, changes, { grant_delay: wordNumber(log, 0) }),

  "event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)": (log, changes) => {
    const key = { target: topicAddress(log, 0), selector: word(log, 0).slice(0, 8) };
    changes.set("role_functions", key, log, { role: topicNumeric(log, 1), transaction_hash: log.transaction });
  },
  "event TargetClosed(address indexed target, bool closed)": (log, changes) =>
    target(log, changes, { closed: wordBoolean(log, 0) }),
  "event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)": (log, changes) =>
    target(log, changes, { admin_delay: wordNumber(log, 0) }),

  "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)":
    (log, changes) => {
      changes.set("access_operations", { id: topic(log, 0) }, log, {
        operation_nonce: topicNumber(log, 1),
        scheduled_for: wordNumber(log, 0),
        caller: wordAddress(log, 1),
        target: wordAddress(log, 2),
        call_data: wordBytes(log, 3),
        status: SCHEDULED,
        transaction_hash: log.transaction,
      });
    },
  "event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)": (log, changes) =>
    end(log, changes, EXECUTED),
  "event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)": (log, changes) =>
    end(log, changes, CANCELLED),
};

function memberOf(log: Log): { role: string; account: string } {
  return { role: topicNumeric(log, 0), account: topicAddress(log, 1) };
}

function role(log: Log, changes: Changes, change: Partial<StateOf<"roles">>): void {
  const next = { ...change, transaction_hash: log.transaction };
  changes.change("roles", { role: topicNumeric(log, 0) }, log, (previous) => ({ ...NO_ROLE, ...previous, ...next }));
}

function target(log: Log, changes: Changes, change: Partial<StateOf<"role_targets">>): void {
  const next = { ...change, transaction_hash: log.transaction };
  const key = { target: topicAddress(log, 0) };
  changes.change("role_targets", key, log, (previous) => ({ ...OPEN_TARGET, ...previous, ...next }));
}

function end(log: Log, changes: Changes, status: number): void {
  changes.patch("access_operations", { id: topic(log, 0) }, log, { status, transaction_hash: log.transaction });
}
