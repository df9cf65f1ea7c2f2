import { BropError } from "../core/errors.ts";
import { encodeExecute } from "../core/execution.ts";
import { encodeSerial, MAX_DEADLINE_DISTANCE } from "../core/serial.ts";
import { DUMMY_SIGNATURE, ENTRY_POINT, type UserOperation, userOperationHash } from "../core/user-operation.ts";
import type { Database } from "../store/database.ts";
import { signerLength } from "../store/queries/uplink/signers.ts";
import type { Form, Terms } from "./form.ts";
import { withGas } from "./gas-limits.ts";
import { deadlineOf, type OperationCheck } from "./operation-check.ts";

/** Ten minutes of 3-second blocks. */
const DEADLINE_BLOCKS = 200;
/** Most bytes of an operation's call data: what a bundle carries. */
const MOST_BYTES = 110_000;
const ORDINARY_KEY = 20;

/** An operation on its way to a submission. */
export interface Made {
  operation: UserOperation;
  hash: string;
  deadline: number;
  /** It is in no block up to this one. */
  absentUntil: number;
  signed: boolean;
}

export interface PrepareOptions {
  db: Database;
  check: OperationCheck;
  chainId: number;
  /** Height of the chain. */
  head: number;
}

/** Names a finished operation. @param from height up to which it can be in no block */
export function made(operation: UserOperation, chainId: number, from?: number): Made {
  const deadline = deadlineOf(operation.nonce);
  return {
    operation,
    hash: userOperationHash(operation, ENTRY_POINT, chainId),
    deadline,
    // One that was signed elsewhere may also have been sent elsewhere.
    absentUntil: from ?? Math.max(-1, deadline - MAX_DEADLINE_DISTANCE - 1),
    signed: operation.signature !== "0x",
  };
}

/**
 * Makes the operation of a form that is still to be signed: serial, deadline, gas. Its calls were tried by then.
 * @param knownGas call gas where it is known without asking
 * @throws BropError why it could not be included, or `operation.reverted` why it would do nothing
 */
export async function prepareOperation(
  form: Form,
  terms: Terms,
  { db, check, chainId, head }: PrepareOptions,
  knownGas?: bigint,
): Promise<Made> {
  const { account, deadlineBlocks = DEADLINE_BLOCKS, nonce, gas = {} } = terms;
  const callData = callDataOf(form);
  const operation = await withGas(
    {
      operation: {
        ...{ sender: account, nonce: nonce ?? encodeSerial({ deadlineBlock: head + deadlineBlocks }), callData },
        ...{ callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n },
        ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, signature: DUMMY_SIGNATURE },
      },
      calls: form.calls.length,
      signerBytes: (await signerLength(db, account)) ?? ORDINARY_KEY,
      given: gas,
      known: knownGas,
    },
    check,
  );
  await check.checkUnsigned(operation, head);
  const unsigned = { ...operation, signature: "0x" };
  return made(unsigned, chainId, nonce === undefined ? head : undefined);
}

/**
 * Puts an operation together that was signed elsewhere.
 * @throws BropError `request.invalid` when a field that the signature covers is missing
 */
export function signedOperation(form: Form, terms: Terms, chainId: number): Made {
  const { account, nonce, gas = {}, signature = "0x" } = terms;
  const covered = { nonce, ...gasOf(gas) };
  for (const [field, value] of Object.entries(covered)) {
    if (value !== undefined) continue;
    const reason = "the signature covers it: give it, or leave the signature out to have the operation prepared";
    throw new BropError("request.invalid", { field, reason });
  }
  const operation = {
    ...{ sender: account, callData: callDataOf(form), maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, signature },
    ...(covered as Record<keyof typeof covered, bigint>),
  };
  return made(operation, chainId);
}

function gasOf({ callGasLimit, verificationGasLimit, preVerificationGas }: NonNullable<Terms["gas"]>) {
  return { callGasLimit, verificationGasLimit, preVerificationGas };
}

function callDataOf({ calls }: Form): string {
  const callData = encodeExecute(calls);
  const bytes = (callData.length - 2) / 2;
  if (bytes > MOST_BYTES) throw new BropError("request.too-large", { callDataBytes: bytes, most: MOST_BYTES });
  return callData;
}
