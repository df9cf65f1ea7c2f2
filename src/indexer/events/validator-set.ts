import { orNull, placeOf, topicAddress, topicNumber, word, wordAddress, wordNumber } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

/** ValidatorSet: who keeps the books. */
export const validatorSet: ContractEvents = {
  "event ValidatorsChanged(uint64 indexed epoch, address indexed added, address indexed removed, address seat, bytes32 setHash, address[] validators)":
    (log, changes) => {
      const list = wordNumber(log, 2) / 32;
      const validators = Array.from({ length: wordNumber(log, list) }, (_, index) =>
        wordAddress(log, list + 1 + index),
      );
      const epoch = topicNumber(log, 0);
      const added = orNull(topicAddress(log, 1));
      const removed = orNull(topicAddress(log, 2));
      const seat = wordAddress(log, 0);
      changes.append("validator_changes", {
        epoch,
        added,
        removed,
        seat,
        set_hash: word(log, 1),
        validators: validators.map((validator) => `0x${validator}`),
        ...placeOf(log),
      });
      for (const [validator, member] of [
        [removed, false],
        [added, true],
      ] as const) {
        if (validator === null) continue;
        const state = { member, seat, epoch, transaction_hash: log.transaction };
        changes.set("validators", { validator }, log, state);
      }
    },
};
