import { Contract, Interface, type Signer } from "ethers";
import { readAccessManager, readArtifact } from "../../src/chain/artifacts.node.ts";
import { ROLES } from "../../src/chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import type { Creation } from "./creation.ts";

/** One transaction of the operator's. */
export interface Step {
  what: string;
  to: string;
  data: string;
  gasLimit: number;
}

/** Gas limit of a creation: below the cap of a transaction, 2^24 (EIP-7825). */
const CREATION_GAS = 16_000_000;
const CALL_GAS = 3_000_000;
/** How long transactions of an interrupted run may take to get into a block. */
const PENDING_TRIES = 120;
const PENDING_POLL_MS = 500;

export function creationStep({ what, code, salt }: Creation): Step {
  const step = callStep(`${what} created`, "Directory", "create", [code, salt]);
  return { ...step, gasLimit: CREATION_GAS };
}

/** A call of a system contract. */
export function callStep(what: string, contract: "Directory" | "Quota", name: string, values: unknown[]): Step {
  const { abi } = readArtifact(contract === "Quota" ? "quota/Quota" : "governance/Directory");
  const data = new Interface(abi).encodeFunctionData(name, values);
  return { what, to: SYSTEM_ADDRESSES[contract], data, gasLimit: CALL_GAS };
}

/**
 * Sends steps all at once, without a wait for a block between them, and waits for each.
 *
 * @throws when the signer does not hold the operator's role, or a step fails
 */
export async function sendAll(operator: Signer, steps: readonly Step[], report: (what: string) => void): Promise<void> {
  if (steps.length === 0) return;
  await requireOperator(operator);
  const first = await operator.getNonce("latest");
  const responses = [];
  for (const [index, { to, data, gasLimit }] of steps.entries()) {
    responses.push(await operator.sendTransaction({ to, data, nonce: first + index, gasLimit, gasPrice: 0, type: 0 }));
  }
  for (const [index, response] of responses.entries()) {
    await response.wait();
    report(steps[index]?.what ?? "");
  }
}

async function requireOperator(operator: Signer): Promise<void> {
  const manager = new Contract(SYSTEM_ADDRESSES.AccessManager, readAccessManager().abi, operator);
  const address = await operator.getAddress();
  const [member] = await manager.getFunction("hasRole")(ROLES.operator, address);
  if (!member) throw new Error(`${address} does not hold the operator's role`);
}

/**
 * Waits until what an interrupted run left in the node's pool is in a block: only then is it known what stands, and a
 * transaction at zero fees would silently replace one with its nonce.
 */
export async function emptyPool(operator: Signer): Promise<void> {
  for (let tries = 0; tries < PENDING_TRIES; tries++) {
    if ((await operator.getNonce("pending")) === (await operator.getNonce("latest"))) return;
    await new Promise((resolve) => setTimeout(resolve, PENDING_POLL_MS));
  }
  throw new Error("Earlier transactions of the operator's are not included: try again when the node's pool is empty");
}
