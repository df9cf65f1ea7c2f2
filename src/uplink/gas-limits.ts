import { preVerificationGas } from "../access/bundler/gas.ts";
import { encodeHandleOps } from "../core/handle-ops.ts";
import { pack, type UserOperation } from "../core/user-operation.ts";
import type { GivenGas } from "./form.ts";
import type { OperationCheck } from "./operation-check.ts";

// What an account with an ordinary key takes for its validation: EntryPoint's work on a fresh serial, the signature, and
// the charge, which looks up a price for each call and hashes each byte. Measured by test/uplink/gas-limits.test.ts.
const VALIDATION = 140_000n;
const VALIDATION_CALL = 12_000n;
const VALIDATION_BYTE = 1n;
// Another kind of key (passkey, certificate key, several signers) may need more; nothing is paid for what is left over.
const OTHER_KEY = 1_500_000n;
const OTHER_KEY_BYTES_FROM = 21;

/** Gas of `recordMany`: for each record, and beside them. */
const RECORDS = 60_000n;
const RECORD = 29_000n;

/** Call gas of a list of `count` records, alone in its operation. */
export function recordsGas(count: number): bigint {
  return RECORDS + RECORD * BigInt(count);
}

export interface GasQuestion {
  /** Without limits and signature. */
  operation: UserOperation;
  /** Number of its calls. */
  calls: number;
  /** Bytes of the account's signer: 20 for an ordinary key. */
  signerBytes: number;
  given: GivenGas;
  /** Call gas where it is known without asking. */
  known?: bigint | undefined;
}

/**
 * The operation with its gas limits: those that were given, those that are known, and the estimator's for the rest.
 * @throws BropError why the calls fail, when they had to be tried
 */
export async function withGas(
  { operation, calls, signerBytes, given, known }: GasQuestion,
  check: Pick<OperationCheck, "callGas">,
): Promise<UserOperation> {
  const packed = pack(operation);
  const bytes = (operation.callData.length - 2) / 2;
  const usual = VALIDATION + VALIDATION_CALL * BigInt(calls) + VALIDATION_BYTE * BigInt(bytes);
  const verification = signerBytes < OTHER_KEY_BYTES_FROM ? usual : usual + OTHER_KEY;
  const sized = (encodeHandleOps([packed], operation.sender).length - 2) / 2;
  const callGasLimit = given.callGasLimit ?? known ?? (await check.callGas(operation));
  return {
    ...operation,
    callGasLimit,
    verificationGasLimit: given.verificationGasLimit ?? verification,
    preVerificationGas: given.preVerificationGas ?? preVerificationGas(packed, sized),
  };
}
