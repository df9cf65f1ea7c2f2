import { expect } from "chai";
import { eventType } from "../../src/core/event-type.ts";

describe("event types", () => {
  for (const [contract, event, type] of [
    ["Records", "Recorded", "records.recorded"],
    ["KeyResets", "KeyResetOpened", "key-resets.key-reset-opened"],
    ["Account", "ERC7579TryExecuteFail", "account.erc7579-try-execute-fail"],
    ["Voucher", "URI", "voucher.uri"],
    ["EntryPoint", "UserOperationEvent", "operation.included"],
  ] as const) {
    it(`${contract}.${event} is ${type}`, () => {
      expect(eventType(contract, event)).to.equal(type);
    });
  }
});
