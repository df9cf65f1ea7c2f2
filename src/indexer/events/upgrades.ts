import { topicAddress } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** What every contract behind a proxy says (ERC-1967). */
export const upgrades: ContractEvents = {
  "event Upgraded(address indexed implementation)": (log, changes) => {
    const state = { implementation: topicAddress(log, 0), transaction_hash: log.transaction };
    changes.set("implementations", { proxy: log.address }, log, state);
  },
};
