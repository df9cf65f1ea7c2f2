import type { Changes } from "../../store/changes.ts";
import { type Log, shortText, topicAddress, word, wordNumber, wordText } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const ADMITTED = 1;
const SUSPENDED = 2;
const TERMINATED = 3;

/** Partners: institutions under contract, what they may do and whom they recognise. */
export const partners: ContractEvents = {
  "event PartnerAdmitted(address indexed partner, address indexed admissionParty, uint32 permissions, bytes32 document, string name)":
    (log, changes) => {
      changes.set("partners", { partner: topicAddress(log, 0) }, log, {
        status: ADMITTED,
        permissions: wordNumber(log, 0),
        admission_party: topicAddress(log, 1),
        document: shortText(word(log, 1)),
        name: wordText(log, 2),
        admitted_block: log.block,
        ground: null,
        transaction_hash: log.transaction,
      });
    },

  "event PermissionsChanged(address indexed partner, uint32 permissions)": (log, changes) => {
    const change = { permissions: wordNumber(log, 0), transaction_hash: log.transaction };
    changes.patch("partners", { partner: topicAddress(log, 0) }, log, change);
  },

  "event PartnerSuspended(address indexed partner, bytes32 ground)": (log, changes) => move(log, changes, SUSPENDED),
  "event PartnerReinstated(address indexed partner, bytes32 ground)": (log, changes) => move(log, changes, ADMITTED),
  "event PartnerTerminated(address indexed partner, bytes32 ground)": (log, changes) => move(log, changes, TERMINATED),

  "event RecognitionChanged(address indexed partner, address indexed recognised, uint8 fromLevel)": (log, changes) => {
    changes.set("recognitions", { partner: topicAddress(log, 0), recognised: topicAddress(log, 1) }, log, {
      from_level: wordNumber(log, 0),
      transaction_hash: log.transaction,
    });
  },
};

function move(log: Log, changes: Changes, status: number): void {
  const change = { status, ground: word(log, 0), transaction_hash: log.transaction };
  changes.patch("partners", { partner: topicAddress(log, 0) }, log, change);
}
