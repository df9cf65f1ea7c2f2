/** Events that have a name of their own, because subscribers know the thing and not the contract. */
const NAMED: Readonly<Record<string, string>> = { "EntryPoint.UserOperationEvent": "operation.included" };

/**
 * The type of a contract's event as subscribers name it: `Records.Recorded` is `records.recorded`,
 * `KeyResets.KeyResetOpened` is `key-resets.key-reset-opened`.
 */
export function eventType(contract: string, event: string): string {
  return NAMED[`${contract}.${event}`] ?? `${inWords(contract)}.${inWords(event)}`;
}

/** `TransferSingle` -> `transfer-single`, `ERC7579TryExecuteFail` -> `erc7579-try-execute-fail`. */
function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
