import { expect } from "chai";
import { type BaseContract, Interface, type Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { type Call, encodeExecute } from "../../../src/core/execution.ts";
import { encodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";
import { pack, type UserOperation, userOperationHash } from "../../../src/core/user-operation.ts";
import { blockNumber, CHAIN_ID, ethers, provider, TRANSACTION_GAS } from "./chain.ts";
import { type ContractFailure, expectFailure, readFailure, revertData, textOf } from "./errors.ts";
import { type ContractEvent, readEvents } from "./events.ts";
import { relayAddress } from "./platform.ts";

const entryPoint = new Interface(abi.EntryPoint);
const DEADLINE_BLOCKS = 200;

/** How one operation of a bundle ended. */
export interface Outcome {
  hash: string;
  success: boolean;
  /** Why the execution reverted. */
  failure?: ContractFailure;
  events: ContractEvent[];
}

/** How a bundle ended: refused as a whole, or with an outcome for each operation. */
export type BundleResult =
  | { refused: { index: number; reason: string; failure?: ContractFailure }; gasUsed?: undefined }
  | { refused?: undefined; outcomes: Outcome[]; events: ContractEvent[]; gasUsed: bigint; blockNumber: number };

/** One call of a contract, for a batch. */
export function callOf(contract: BaseContract, name: string, args: readonly unknown[]): Call {
  return { target: contract.target as string, data: contract.interface.encodeFunctionData(name, args) };
}

/** An unsigned operation with a random serial, a near deadline and room in its gas limits. */
export async function draft(sender: string, callData: string, changes: Partial<UserOperation> = {}) {
  const operation: UserOperation = {
    sender,
    nonce: changes.nonce ?? encodeSerial({ deadlineBlock: (await blockNumber()) + DEADLINE_BLOCKS }),
    callData,
    callGasLimit: 6_000_000n,
    verificationGasLimit: 3_000_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: "0x",
    ...changes,
  };
  return operation;
}

/** Signs an operation with the key of an address. */
export function signed(operation: UserOperation, wallet: Wallet, chainId = CHAIN_ID): UserOperation {
  const hash = userOperationHash(operation, SYSTEM_ADDRESSES.EntryPoint, chainId);
  return { ...operation, signature: wallet.signingKey.sign(hash).serialized };
}

/** Sends a bundle from an admitted relay, as a bundler does. */
export async function handleOps(operations: readonly UserOperation[], relay = relayAddress): Promise<BundleResult> {
  const data = encodeHandleOps(operations.map(pack), relay);
  let hash: unknown;
  try {
    const gas = `0x${TRANSACTION_GAS.toString(16)}`;
    const transaction = { from: relay, to: SYSTEM_ADDRESSES.EntryPoint, data, gas, gasPrice: "0x0" };
    hash = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
  } catch (error) {
    const reverted = revertData(error);
    if (reverted === undefined) throw error;
    return { refused: readRefusal(reverted) };
  }
  const receipt = await ethers.provider.getTransactionReceipt(hash as string);
  if (receipt === null) throw new Error("The bundle was not mined");
  const outcomes = readOutcomes(receipt.logs);
  const events = readEvents(receipt.logs);
  return { outcomes, events, gasUsed: receipt.gasUsed, blockNumber: receipt.blockNumber };
}

/** Signs and sends one operation. */
export async function operate(
  sender: string,
  wallet: Wallet,
  calls: readonly Call[],
  changes?: Partial<UserOperation>,
) {
  return handleOps([signed(await draft(sender, encodeExecute(calls), changes), wallet)]);
}

/** The only operation's outcome; the bundle must not have been refused. */
export function onlyOutcome(result: BundleResult): Outcome {
  if (result.refused) expect.fail(`refused: ${textOf(result.refused)}`);
  expect(result.outcomes).to.have.length(1);
  return result.outcomes[0] as Outcome;
}

/** Expects the operation to have been executed. @returns its events */
export function expectExecuted(result: BundleResult): ContractEvent[] {
  const { success, failure, events } = onlyOutcome(result);
  expect(success, textOf(failure)).to.equal(true);
  return events;
}

/** Expects the operation to have been included and to have reverted with a custom error. */
export function expectReverted(result: BundleResult, name: string, args?: unknown[]): void {
  const { success, failure } = onlyOutcome(result);
  expect(success, `${name} was expected`).to.equal(false);
  expectFailure(failure ?? { name: "none", args: [] }, name, args);
}

/** Expects the account's validation to have refused the operation with a custom error. */
export function expectRefused(result: BundleResult, name: string, args?: unknown[]): void {
  if (!result.refused) expect.fail(`${name} was expected, but the bundle was accepted`);
  expectFailure(result.refused.failure ?? { name: result.refused.reason, args: [] }, name, args);
}

/** Expects EntryPoint to have refused the bundle, for example with "AA24 signature error". */
export function expectEntryPointRefusal(result: BundleResult, reason: string, index = 0): void {
  if (!result.refused) expect.fail(`${reason} was expected, but the bundle was accepted`);
  expect(result.refused).to.include({ reason, index });
}

function readRefusal(data: string): { index: number; reason: string; failure?: ContractFailure } {
  const { name, args } = readFailure(data);
  if (name !== "FailedOp" && name !== "FailedOpWithRevert") return { index: -1, reason: `${name} ${args}` };
  const [index, reason, inner] = args as [bigint, string, string | undefined];
  return { index: Number(index), reason, ...(inner ? { failure: readFailure(inner) } : {}) };
}

type Logs = NonNullable<Awaited<ReturnType<typeof ethers.provider.getTransactionReceipt>>>["logs"];

/** The events of an operation stand before its UserOperationEvent and after the one before it. */
function readOutcomes(logs: Logs): Outcome[] {
  const outcomes: Outcome[] = [];
  let start = 0;
  for (const [index, log] of logs.entries()) {
    const parsed = log.address === SYSTEM_ADDRESSES.EntryPoint ? entryPoint.parseLog(log) : null;
    if (parsed?.name !== "UserOperationEvent") continue;
    const events = readEvents(logs.slice(start, index));
    const reverted = events.find((event) => event.name === "UserOperationRevertReason");
    outcomes.push({
      hash: parsed.args.userOpHash,
      success: parsed.args.success,
      ...(parsed.args.success ? {} : { failure: readFailure(String(reverted?.args[3] ?? "0x")) }),
      events,
    });
    start = index + 1;
  }
  return outcomes;
}
