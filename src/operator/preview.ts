import { errorFromRevert } from "../chain/contract-errors.ts";
import { type NodeRpc, NodeRpcError } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import type { ActContext, Step } from "./act-kind.ts";

/** Cap of a transaction's gas, 2^24 (EIP-7825). */
const MOST_GAS = 16_777_216;

/** Address that signs a step. @throws BropError `operator.seat-missing` */
export function addressOf(at: ActContext, { by, what }: Step): string {
  const address = by === "operator" ? at.operator : at.seat;
  if (address === undefined) throw new BropError("operator.seat-missing", { act: what });
  return address;
}

/**
 * Tries a step out at the newest block, without sending anything.
 *
 * @returns the gas limit that it needs
 * @throws BropError what the contract refuses it with, in the words of the one table; `chain.unreachable`
 */
export async function preview(at: ActContext, step: Step): Promise<number> {
  const call = { from: addressOf(at, step), to: step.to, data: step.data, gasPrice: "0x0" };
  const gas = `0x${(step.gasLimit ?? MOST_GAS).toString(16)}`;
  await ask(at.rpc, "eth_call", { ...call, gas });
  if (step.gasLimit !== undefined) return step.gasLimit;
  const estimate = Number(await ask(at.rpc, "eth_estimateGas", { ...call, gas }));
  // State may differ when it is included: what is not used costs nothing.
  return Math.min(Math.ceil(estimate * 1.5) + 50_000, MOST_GAS);
}

/** Why an included transaction did not succeed, as far as its repetition on its block tells. */
export async function reasonOfFailure(
  rpc: NodeRpc,
  call: { from: string; to: string; data: string; gas: string },
  block: number,
): Promise<BropError> {
  try {
    await rpc.call("eth_call", [{ ...call, gasPrice: "0x0" }, `0x${block.toString(16)}`]);
  } catch (error) {
    if (error instanceof NodeRpcError && error.revertData !== undefined) return errorFromRevert(error.revertData);
    if (!(error instanceof NodeRpcError)) throw error;
  }
  return new BropError("contract.reverted", { reason: "the transaction did not succeed in its block" });
}

async function ask(rpc: NodeRpc, method: string, call: object): Promise<unknown> {
  try {
    return await rpc.call(method, [call, "latest"]);
  } catch (error) {
    if (!(error instanceof NodeRpcError)) throw error;
    if (error.revertData !== undefined) throw errorFromRevert(error.revertData);
    // A node's own refusal: out of gas, for example.
    throw new BropError("contract.reverted", { reason: error.message }, undefined, { cause: error });
  }
}
