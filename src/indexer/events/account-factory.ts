import { topicAddress, topicNumber, wordBytes, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** AccountFactory: where accounts come from. */
export const accountFactory: ContractEvents = {
  "event AccountCreated(address indexed account, uint64 indexed id, address indexed creator, bytes signer)": (
    log,
    changes,
  ) => {
    const address = topicAddress(log, 0);
    changes.append("accounts", {
      address,
      number: topicNumber(log, 1),
      creator: topicAddress(log, 2),
      transaction_hash: log.transaction,
      block_number: log.block,
      log_index: log.log,
    });
    changes.set("account_signers", { account: address }, log, {
      signer: wordBytes(log, 0),
      transaction_hash: log.transaction,
    });
    changes.set("account_holds", { account: address }, log, { held_until: null, transaction_hash: log.transaction });
  },
};

/**
 * The accounts themselves. Their addresses are not kept in memory: the event of an address that is no account changes
 * nothing, because there is no signer before it. (The one in an account's creation comes before AccountCreated and is
 * passed over for the same reason.)
 */
export const account: ContractEvents = {
  "event SignerChanged(bytes previousSigner, bytes signer)": (log, changes) => {
    changes.patch("account_signers", { account: log.address }, log, {
      signer: wordBytes(log, 1),
      transaction_hash: log.transaction,
    });
  },

  // While a key reset waits (ID-7).
  "event TransfersHeld(uint48 lastBlock)": (log, changes) => {
    const change = { held_until: wordNumber(log, 0), transaction_hash: log.transaction };
    changes.patch("account_holds", { account: log.address }, log, change);
  },
  "event TransfersReleased()": (log, changes) => {
    const change = { held_until: null, transaction_hash: log.transaction };
    changes.patch("account_holds", { account: log.address }, log, change);
  },
};
