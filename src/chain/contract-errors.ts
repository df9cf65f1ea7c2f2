import { ErrorFragment, Interface } from "ethers";
import { BropError, type ErrorCode } from "../core/errors.ts";
import { decodeSerial } from "../core/serial.ts";
import { CONTRACT_ERRORS } from "./contract-error-table.ts";

/** A contract's custom error, read from revert data. */
export interface ContractError {
  /** Name in Solidity, for example `QuotaExhausted`. */
  name: string;
  /** Values by parameter name: numbers as bigint, bytes and addresses as `0x...`. */
  values: Record<string, unknown>;
  code: ErrorCode;
}

const CODES = new Map<string, ErrorCode>();
const FRAGMENTS = new Map<string, ErrorFragment>();
for (const [code, signatures] of Object.entries(CONTRACT_ERRORS)) {
  for (const signature of signatures) addFragment(signature, code as ErrorCode);
}
// EntryPoint's own: the operation's error is inside.
addFragment("FailedOp(uint256 opIndex, string reason)", "operation.rejected");
addFragment("FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)", "operation.rejected");
const errors = new Interface([...FRAGMENTS.values()]);

function addFragment(signature: string, code: ErrorCode): void {
  const fragment = ErrorFragment.from(`error ${signature}`);
  FRAGMENTS.set(fragment.selector, fragment);
  CODES.set(fragment.selector, code);
}

/** Reads a custom error of the platform's contracts; undefined for revert data of any other kind. */
export function decodeContractError(data: string): ContractError | undefined {
  const selector = data.slice(0, 10);
  const fragment = FRAGMENTS.get(selector);
  const code = CODES.get(selector);
  if (fragment === undefined || code === undefined) return undefined;
  try {
    const result = errors.decodeErrorResult(fragment, data);
    return {
      name: fragment.name,
      values: Object.fromEntries(fragment.inputs.map(({ name }, i) => [name, result[i]])),
      code,
    };
  } catch {
    // The selector fits and the rest does not: revert data of a stranger.
    return undefined;
  }
}

/**
 * The error that people see for revert data. Always gives one: data of unknown contracts stays `contract.reverted`
 * with the data in its details. Errors inside other errors (EntryPoint's, Council's) are taken out.
 * @param data `0x...` as the node or the `UserOperationRevertReason` event carries it
 * @param nonce of the operation, which tells a used serial from an ordinary nonce out of order
 */
export function errorFromRevert(data: string, nonce?: bigint): BropError {
  if (data.length <= 2) return new BropError("contract.reverted", { reason: "the call reverted without a reason" });
  const decoded = decodeContractError(data);
  if (decoded === undefined) return new BropError("contract.reverted", { data });
  const { name, values, code } = decoded;
  if (name === "FailedOp") return errorFromFailedOperation(String(values.reason), "0x", nonce);
  if (name === "FailedOpWithRevert") {
    return errorFromFailedOperation(String(values.reason), String(values.inner), nonce);
  }
  if (name === "CouncilCallFailed") {
    const inner = errorFromRevert(String(values.reason));
    return new BropError(inner.code, { ...inner.details, councilCall: values.index });
  }
  if (name === "QuotaExhausted" && values.availableAtBlock === NEVER) values.availableAtBlock = "never";
  return new BropError(code, SPEAKS_FOR_ITSELF.has(name) ? values : { error: name, ...values });
}

const NEVER = 2n ** 256n - 1n;
const SPEAKS_FOR_ITSELF = new Set(["Error", "QuotaExhausted", "QuotaUnpriced", "AccountDeadlinePassed"]);

// What EntryPoint's reasons mean here, by their code.
const REASONS: Record<string, ErrorCode> = {
  AA10: "operation.initcode-refused",
  AA13: "operation.initcode-refused",
  AA14: "operation.initcode-refused",
  AA15: "operation.initcode-refused",
  AA20: "operation.account-unknown",
  AA24: "operation.signature-invalid",
  AA26: "operation.gas-too-low",
  AA31: "operation.paymaster-refused",
  AA32: "operation.paymaster-refused",
  AA33: "operation.paymaster-refused",
  AA34: "operation.paymaster-refused",
  AA36: "operation.paymaster-refused",
  AA94: "operation.gas-too-high",
  AA95: "operation.gas-too-low",
  AA99: "operation.initcode-refused",
};

/**
 * The error for EntryPoint's `FailedOp` and `FailedOpWithRevert`.
 * @param reason EntryPoint's words, for example "AA24 signature error"
 * @param inner revert data of the account, `0x` if there is none
 */
export function errorFromFailedOperation(reason: string, inner: string, nonce?: bigint): BropError {
  const aaCode = reason.slice(0, 4);
  if (aaCode === "AA23") {
    // Accounts revert with custom errors only: no data means that validation ran out of gas.
    if (inner.length <= 2) return new BropError("operation.gas-too-low", { field: "verificationGasLimit", reason });
    const error = errorFromRevert(inner, nonce);
    return error.code === "contract.reverted"
      ? new BropError("operation.rejected", { ...error.details, reason })
      : error;
  }
  if (aaCode === "AA25") return usedNonce(nonce, reason);
  return new BropError(REASONS[aaCode] ?? "operation.rejected", { reason });
}

function usedNonce(nonce: bigint | undefined, reason: string): BropError {
  const tagged = nonce !== undefined && decodeSerial(nonce).tagged;
  const details = { reason, ...(nonce === undefined ? {} : { nonce: `0x${nonce.toString(16)}` }) };
  return new BropError(tagged ? "operation.serial-used" : "operation.nonce-out-of-order", details);
}
