import { AbiCoder } from "ethers";
import { type NodeRpc, NodeRpcError } from "../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { BropError } from "../core/errors.ts";
import { HANDLE_OPS_SELECTOR } from "../core/handle-ops.ts";
import { readQuantity } from "./quantity.ts";

/** What a sender of direct transactions is; the numbers of `IAdmission.Kind`. */
export const SENDER_KINDS = ["none", "operator", "seat", "relay"] as const;

/** `IAdmission.Sender`, read from the chain. */
export interface AdmittedSender {
  kind: (typeof SENDER_KINDS)[number];
  /** First block in which it may send. */
  validFrom: number;
  /** Direct transactions a period. */
  allowance: number;
  /** The only contract it may call; undefined permits any, and contract creation. */
  target: string | undefined;
}

/** What a sender may still send. */
export interface Allowance {
  /** Whether Admission knows it. */
  admitted: boolean;
  /** Direct transactions that are left in this period, those in the node's pool counted as sent. */
  transactions: number;
  /** Blocks until the allowance begins anew. */
  blocks: number;
  /** Nonce behind everything of the sender that the node knows. */
  pending: number;
}

/** What the rule looks at in a transaction. */
export interface DirectTransaction {
  from: string;
  /** undefined: contract creation */
  to: string | undefined;
  data: string;
}

/** Selector of `senderOf(address)`. */
const SENDER_OF = "0xc177a97e";
/** Selector of `periodBlocks()`. */
const PERIOD_BLOCKS = "0x2a71222c";

/**
 * The rule for direct transactions (CH-2, CH-3), asked of Admission's state at the latest block: what validators
 * enforce, said here in words and before a block is tried.
 */
export class Admission {
  readonly #rpc: NodeRpc;
  readonly #head: () => number;
  /** Transaction counts at the beginning of a period, for nodes that forgot that block's state. */
  readonly #firstSeen = new Map<string, { period: number; count: number }>();

  constructor(rpc: NodeRpc, head: () => number) {
    this.#rpc = rpc;
    this.#head = head;
  }

  /**
   * @throws BropError `sender.not-admitted`, `deployment.refused`, `sender.target-refused`,
   * `sender.allowance-exhausted`
   */
  async check(transaction: DirectTransaction): Promise<void> {
    const { sender, period } = await this.#read(transaction.from);
    checkSender(transaction, sender, this.#head() + 1);
    await this.#checkAllowance(transaction.from, sender, period);
  }

  /** What a sender may still send. A sender that is not admitted may send nothing. */
  async left(from: string): Promise<Allowance> {
    const { sender, period } = await this.#read(from);
    const { used, nextPeriod, pending } = await this.#used(from, period);
    const blocks = Math.max(1, nextPeriod - this.#head() - 1);
    const admitted = sender.kind !== "none" && this.#head() + 1 >= sender.validFrom;
    return { admitted, transactions: admitted ? Math.max(0, sender.allowance - used) : 0, blocks, pending };
  }

  async #read(from: string): Promise<{ sender: AdmittedSender; period: number }> {
    const call = (data: string) => ({
      method: "eth_call",
      params: [{ to: SYSTEM_ADDRESSES.Admission, data }, "latest"],
    });
    const answers = await this.#rpc.all([
      call(SENDER_OF + from.slice(2).toLowerCase().padStart(64, "0")),
      call(PERIOD_BLOCKS),
    ]);
    const [sender, period] = answers as [string, string];
    // No code at the address: a chain without Admission is none of the platform's.
    if (sender.length <= 2) throw new BropError("chain.wrong", { missing: "Admission" });
    return { sender: decodeSender(sender), period: Number(period) };
  }

  async #checkAllowance(from: string, sender: AdmittedSender, period: number): Promise<void> {
    const { used, nextPeriod } = await this.#used(from, period);
    if (used < sender.allowance) return;
    throw new BropError("sender.allowance-exhausted", {
      sender: from,
      allowance: sender.allowance,
      availableAtBlock: nextPeriod,
    });
  }

  /** Transactions since the period began; those that wait in the node's pool count. */
  async #used(from: string, period: number): Promise<{ used: number; nextPeriod: number; pending: number }> {
    const block = this.#head() + 1;
    const start = period === 0 ? 0 : Math.floor(block / period) * period;
    const before = `0x${Math.max(0, start - 1).toString(16)}`;
    const [now, then] = await this.#rpc.batch([
      { method: "eth_getTransactionCount", params: [from, "pending"] },
      { method: "eth_getTransactionCount", params: [from, before] },
    ]);
    const count = readQuantity(now);
    const first = then instanceof NodeRpcError ? this.#remembered(from, start, count) : readQuantity(then);
    return { used: count - first, nextPeriod: start + period, pending: count };
  }

  #remembered(from: string, period: number, count: number): number {
    const known = this.#firstSeen.get(from);
    if (known?.period === period) return known.count;
    this.#firstSeen.set(from, { period, count });
    return count;
  }
}

/** The rule itself; see `IAdmission.isPermitted`, which has no words. */
export function checkSender(transaction: DirectTransaction, sender: AdmittedSender, block: number): void {
  const { from, to, data } = transaction;
  const { kind, target, validFrom } = sender;
  if (kind !== "operator" && to === undefined) throw new BropError("deployment.refused", { sender: from });
  if (kind === "none") throw new BropError("sender.not-admitted", { sender: from });
  if (block < validFrom) throw new BropError("sender.not-admitted", { sender: from, admittedFromBlock: validFrom });
  if (kind === "operator") return;
  if (to?.toLowerCase() !== target?.toLowerCase()) {
    throw new BropError("sender.target-refused", { sender: from, kind, target: to, permitted: target });
  }
  const selector = data.slice(0, 10);
  if (kind === "relay" && selector !== HANDLE_OPS_SELECTOR) {
    throw new BropError("sender.target-refused", { sender: from, kind, selector, permitted: HANDLE_OPS_SELECTOR });
  }
}

function decodeSender(result: string): AdmittedSender {
  const [kind, validFrom, allowance, target] = AbiCoder.defaultAbiCoder().decode(
    ["uint8", "uint48", "uint40", "address"],
    result,
  );
  return {
    kind: SENDER_KINDS[Number(kind)] ?? "none",
    validFrom: Number(validFrom),
    allowance: Number(allowance),
    target: BigInt(target) === 0n ? undefined : target,
  };
}
