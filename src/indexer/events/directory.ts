import { placeOf, shortText, topic, topicAddress, word, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

export const CONTRACT_REGISTERED =
  "event ContractRegistered(bytes32 indexed name, address indexed target, uint32 version, bytes32 abiDigest)";

/** Directory: every contract of the platform by name. */
export const directory: ContractEvents = {
  [CONTRACT_REGISTERED]: (log, changes) => {
    changes.set("contracts", { name: shortText(topic(log, 0)) }, log, {
      address: topicAddress(log, 1),
      version: wordNumber(log, 0),
      abi_digest: word(log, 1),
      transaction_hash: log.transaction,
    });
  },

  "event ContractCreated(address indexed target, bytes32 salt, bytes32 creationDigest)": (log, changes) => {
    const created = { target: topicAddress(log, 0), salt: word(log, 0), creation_digest: word(log, 1) };
    changes.append("created_contracts", { ...created, ...placeOf(log) });
  },

  "event InstanceRegistered(address indexed factory, address indexed instance)": (log, changes) => {
    const instance = { factory: topicAddress(log, 0), instance: topicAddress(log, 1) };
    changes.append("contract_instances", { ...instance, ...placeOf(log) });
  },
};
