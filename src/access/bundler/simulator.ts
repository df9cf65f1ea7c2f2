import { errorFromRevert } from "../../chain/contract-errors.ts";
import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import { BropError } from "../../core/errors.ts";
import { encodeHandleOps } from "../../core/handle-ops.ts";
import { ENTRY_POINT, type PackedUserOperation } from "../../core/user-operation.ts";
import { TRANSACTION_GAS_CAP } from "./gas.ts";

/**
 * Stands at the end of every simulated bundle and always fails, since nobody has code there: EntryPoint validates all
 * operations before it executes the first, so the call ends after validation. Executing them here would double the
 * work and tell nothing more: a failing execution does not spoil a bundle.
 */
const LAST: PackedUserOperation = {
  sender: `0x${"ff".repeat(20)}`,
  nonce: 0n,
  initCode: "0x",
  callData: "0x",
  accountGasLimits: `0x${"00".repeat(32)}`,
  preVerificationGas: 0n,
  gasFees: `0x${"00".repeat(32)}`,
  paymasterAndData: "0x",
  signature: "0x",
};

/** Selectors of `FailedOp(uint256,string)` and `FailedOpWithRevert(uint256,string,bytes)`. */
const FAILED_OPERATION = new Set(["0x220266b6", "0x65c8fd4d"]);

/** Verification gas of one simulated bundle; the rest up to a transaction's cap is EntryPoint's own work. */
const SIMULATION_BUDGET = 11_000_000;
const MOST_OPERATIONS = 120;

/** What the simulator needs of an operation. */
export interface Simulated {
  operation: { nonce: bigint; verificationGasLimit: bigint };
  packed: PackedUserOperation;
}

/** Operations that must be validated ahead of another. */
export type Predecessors = (entry: Simulated) => readonly Simulated[];

/** Outcome of one operation: undefined when it is valid. */
export type Outcome = BropError | undefined;

/** Validates many operations by one `eth_call` of `EntryPoint.handleOps`, at the latest block. */
export class Simulator {
  readonly #rpc: NodeRpc;
  readonly #relay: string;

  /** @param relay address that the calls come from; EntryPoint takes bundles only from addresses without code */
  constructor(rpc: NodeRpc, relay: string) {
    this.#rpc = rpc;
    this.#relay = relay;
  }

  /**
   * Validates operations as if they were included now; those of one ordinary nonce key in the order of their sequences.
   * @param before operations that must be validated ahead of one, for ordinary nonces
   * @returns for each operation why it can not be included, in the same order
   * @throws BropError `chain.unreachable`
   */
  async validate(entries: readonly Simulated[], before: Predecessors = () => []): Promise<Outcome[]> {
    const sorted = [...entries].sort((a, b) => (a.operation.nonce < b.operation.nonce ? -1 : 1));
    const outcomes = new Map<Simulated, Outcome>();
    await Promise.all(split(sorted).map((part) => this.#validatePart(part, before, outcomes)));
    return entries.map((entry) => outcomes.get(entry));
  }

  async #validatePart(entries: Simulated[], before: Predecessors, outcomes: Map<Simulated, Outcome>): Promise<void> {
    const skipped = new Set<Simulated>();
    // EntryPoint names the first bad operation: all before it are good, and the rest is tried again without both.
    for (let rest = entries; rest.length > 0; ) {
      const calls = withPredecessors(rest, before, skipped);
      const failure = await this.#simulate(calls);
      if (failure.index === calls.length) return;
      const bad = calls[failure.index ?? -1];
      if (bad !== undefined && rest.includes(bad)) {
        outcomes.set(bad, failure.error);
        rest = rest.slice(rest.indexOf(bad) + 1);
      } else if (bad !== undefined) {
        // A predecessor that is included meanwhile, or bad itself: the operations after it are judged without it.
        skipped.add(bad);
      } else if (rest.length === 1) {
        outcomes.set(rest[0] as Simulated, failure.error);
        return;
      } else {
        // The node does not say which: halves find it.
        const middle = Math.ceil(rest.length / 2);
        await this.#validatePart(rest.slice(0, middle), before, outcomes);
        await this.#validatePart(rest.slice(middle), before, outcomes);
        return;
      }
    }
  }

  /** @returns the operation that EntryPoint names, or undefined when it names none */
  async #simulate(calls: readonly Simulated[]): Promise<{ index: number | undefined; error?: BropError }> {
    const data = encodeHandleOps([...calls.map(({ packed }) => packed), LAST], this.#relay);
    const call = { from: this.#relay, to: ENTRY_POINT, gas: `0x${TRANSACTION_GAS_CAP.toString(16)}`, data };
    try {
      await this.#rpc.call("eth_call", [call, "latest"]);
    } catch (error) {
      if (!(error instanceof NodeRpcError)) throw error;
      const revert = error.revertData;
      if (revert === undefined || revert === "0x") {
        return { index: undefined, error: new BropError("operation.rejected", { reason: error.message }) };
      }
      // Read by hand: the usual answer names the last operation, and needs no words.
      const index = FAILED_OPERATION.has(revert.slice(0, 10)) ? Number(`0x${revert.slice(10, 74)}`) : undefined;
      if (index === calls.length) return { index };
      return { index, error: errorFromRevert(revert, calls[index ?? -1]?.operation.nonce) };
    }
    // The last operation always fails; without EntryPoint the call succeeds and does nothing.
    throw new BropError("chain.wrong", { missing: "EntryPoint" });
  }
}

function split(entries: readonly Simulated[]): Simulated[][] {
  const parts: Simulated[][] = [];
  let gas = 0;
  for (const entry of entries) {
    const needed = Number(entry.operation.verificationGasLimit) + 30_000;
    const last = parts.at(-1);
    if (last === undefined || gas + needed > SIMULATION_BUDGET || last.length >= MOST_OPERATIONS) {
      parts.push([entry]);
      gas = needed;
    } else {
      last.push(entry);
      gas += needed;
    }
  }
  return parts;
}

/** Puts what must come before an entry in front of it, once. */
function withPredecessors(entries: Simulated[], before: Predecessors, skipped: ReadonlySet<Simulated>): Simulated[] {
  const calls = new Set<Simulated>();
  for (const entry of entries) {
    for (const predecessor of before(entry)) if (!skipped.has(predecessor)) calls.add(predecessor);
    calls.add(entry);
  }
  return [...calls];
}
