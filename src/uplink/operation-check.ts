import { checkForm, checkGas, checkLength, checkSerial } from "../access/bundler/checks.ts";
import { Estimator } from "../access/bundler/estimator.ts";
import { TRANSACTION_GAS_CAP } from "../access/bundler/gas.ts";
import { Simulator } from "../access/bundler/simulator.ts";
import { errorFromRevert } from "../chain/contract-errors.ts";
import { type NodeRpc, NodeRpcError } from "../chain/rpc-client.ts";
import { BropError, type ErrorCode } from "../core/errors.ts";
import { decodeSerial } from "../core/serial.ts";
import { ENTRY_POINT, pack, type UserOperation } from "../core/user-operation.ts";

/** Simulated bundles come from here: EntryPoint takes them from any address without code. */
const NOBODY = `0x${"b0".repeat(20)}`;
/** Simulated at a time: a large batch must not fill the node's connections. */
const PORTION = 1_000;

/** What may pass before the deadline: such an operation is taken, and tried again until then. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["quota.exhausted", "quota.paused"]);

/**
 * Looks at operations as the network will, by a node that is trusted: what can never be included is refused before
 * anybody else sees it, and the fault has a name.
 */
export class OperationCheck {
  readonly #estimator: Estimator;
  readonly #rpc: NodeRpc;
  readonly #simulator: Simulator;

  constructor(rpc: NodeRpc, chainId: number) {
    this.#rpc = rpc;
    this.#estimator = new Estimator(rpc, BigInt(chainId));
    this.#simulator = new Simulator(rpc, NOBODY);
  }

  /** Height of the chain. @throws BropError `chain.unreachable` */
  async head(): Promise<number> {
    return Number(await this.#rpc.call<string>("eth_blockNumber"));
  }

  /**
   * Why signed operations can not be included, for each: undefined when nothing stands against it, or nothing that will
   * not pass.
   */
  async faults(operations: readonly UserOperation[], head: number): Promise<(BropError | undefined)[]> {
    const faults = operations.map((operation) => attempt(() => checkSigned(operation, head)));
    const good = operations.filter((_, index) => faults[index] === undefined);
    const found = new Map<UserOperation, BropError | undefined>();
    for (let start = 0; start < good.length; start += PORTION) {
      const part = good.slice(start, start + PORTION).map((operation) => ({ operation, packed: pack(operation) }));
      const outcomes = await this.#simulator.validate(part);
      for (const [index, { operation }] of part.entries()) found.set(operation, outcomes[index]);
    }
    return operations.map((operation, index) => faults[index] ?? lasting(found.get(operation), operation));
  }

  /** Why an operation that has no signature yet would not validate, whatever the signature. @throws BropError */
  async checkUnsigned(operation: UserOperation, head: number): Promise<void> {
    const [fault] = await this.faults([operation], head);
    if (fault !== undefined && fault.code !== "operation.signature-invalid") throw fault;
  }

  /** Gas that an operation's calls take. @throws BropError why they fail, in the contract's words */
  async callGas(operation: UserOperation): Promise<bigint> {
    try {
      return (await this.#estimator.estimate(operation)).callGasLimit;
    } catch (thrown) {
      const error = BropError.from(thrown);
      const { revertData } = error.details;
      throw typeof revertData === "string" ? errorFromRevert(revertData) : error;
    }
  }

  /** Does an operation's calls without leaving a trace. @returns why they fail; undefined when they do not */
  async executionFault({
    sender,
    callData,
    callGasLimit,
  }: Pick<UserOperation, "sender" | "callData" | "callGasLimit">): Promise<BropError | undefined> {
    // Beside the calls themselves, a call of its own pays a transaction's base and its data.
    const gas = `0x${(callGasLimit + BigInt(TRANSACTION_GAS_CAP)).toString(16)}`;
    const call = { from: ENTRY_POINT, to: sender, data: callData, gas };
    try {
      await this.#rpc.call("eth_call", [call, "latest"]);
      return undefined;
    } catch (error) {
      if (!(error instanceof NodeRpcError)) throw error;
      const { revertData } = error;
      return revertData === undefined
        ? new BropError("operation.reverted", { reason: error.message })
        : errorFromRevert(revertData);
    }
  }
}

/** @throws BropError for what is refused whatever the chain's state */
function checkSigned(operation: UserOperation, head: number): void {
  deadlineOf(operation.nonce);
  checkForm(operation);
  checkLength(operation);
  checkGas(operation);
  checkSerial(operation, head);
}

/**
 * The deadline in a random serial.
 * @throws BropError `request.invalid` for an ordinary nonce: its operation has no definite end
 */
export function deadlineOf(nonce: bigint): number {
  const serial = decodeSerial(nonce);
  if (serial.tagged) return serial.deadlineBlock;
  throw new BropError("request.invalid", {
    field: "nonce",
    reason: "must be a random serial with a deadline: leave it out, or take encodeSerial() of the SDK",
  });
}

function attempt(check: () => void): BropError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return BropError.from(error);
  }
}

/** Undefined for a fault that passes in time. */
function lasting(fault: BropError | undefined, { nonce }: UserOperation): BropError | undefined {
  if (fault === undefined || !PASSING.has(fault.code)) return fault;
  const { availableAtBlock } = fault.details;
  const tooLate = availableAtBlock === "never" || Number(availableAtBlock) > deadlineOf(nonce);
  return tooLate ? fault : undefined;
}
