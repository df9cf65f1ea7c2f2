import { type NodeRpc, NodeRpcError } from "../chain/rpc-client.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import type { KeyLease } from "../store/key-lease.ts";
import { markActSent } from "../store/queries/operator/acts.ts";
import { insertTransaction, nextStoredNonce } from "../store/queries/operator/transactions.ts";
import type { Step } from "./act-kind.ts";

/** A key that signs, and the right to hand out its nonces. */
export interface Signing {
  signer: TransactionSigner;
  lease: Pick<KeyLease, "held" | "confirm">;
}

export interface SendingOptions {
  db: Database;
  rpc: NodeRpc;
  chainId: number;
  clock: Clock;
}

/**
 * Signs and sends an act's transactions. One at a time in a process, and one process a key: with a gas price of zero a second
 * transaction of a nonce silently replaces the first. A transaction is stored before it is sent; what was signed and not
 * stored is never sent.
 */
export class Sending {
  readonly #options: SendingOptions;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /**
   * @throws BropError of the domain `signer`, `chain.unreachable`, `key.in-use`: nothing was stored; it is to be tried again
   * @returns false for an act that has ended meanwhile; nothing was stored then either
   */
  async send(actId: number, step: Step, gasLimit: number, { signer, lease }: Signing): Promise<boolean> {
    const { db, rpc, chainId, clock } = this.#options;
    if (!lease.held) throw new BropError("key.in-use", { key: signer.address });
    const [stored, pending] = await Promise.all([
      nextStoredNonce(db, signer.address),
      rpc.call<string>("eth_getTransactionCount", [signer.address, "pending"]),
    ]);
    // Others with this key, such as the command line, may have sent something.
    const nonce = Math.max(stored, Number(pending));
    const { to, data, what } = step;
    const { raw, hash } = await signer.sign({ chainId: BigInt(chainId), nonce, to, data, gasLimit });
    const isStored = await db.transaction(async (tx) => {
      await lease.confirm(tx);
      if (!(await markActSent(tx, actId))) return false;
      const row = { actId, what, sender: signer.address, nonce, target: to, raw, hash };
      await insertTransaction(tx, { ...row, signedAt: clock.now() });
      return true;
    });
    if (isStored) await broadcast(rpc, raw);
    return isStored;
  }
}

/**
 * Gives a transaction to the node, again and again the same.
 * @returns what the node says against it; undefined where it has it
 */
export async function broadcast(rpc: NodeRpc, raw: string): Promise<string | undefined> {
  try {
    await rpc.call("eth_sendRawTransaction", [raw]);
    return undefined;
  } catch (error) {
    // It is stored: whatever the node says, it is sent again until its end is known.
    if (error instanceof NodeRpcError) return isKnown(error) ? undefined : error.message;
    if (error instanceof BropError) return error.message;
    throw error;
  }
}

function isKnown({ message }: NodeRpcError): boolean {
  return /already (known|imported|exists)|known transaction/i.test(message);
}
