import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import type { TransactionSigner } from "../../chain/signing/transaction-signer.ts";

/** A bundle's transaction that a node has taken. */
export interface SentTransaction {
  hash: string;
  nonce: number;
}

/**
 * Sends a relay's transactions: the one writer of its key, which hands out nonces in one place. With a gas price of
 * zero a second transaction of the same nonce would silently replace the first.
 */
export class RelaySigner {
  readonly address: string;
  readonly #rpc: NodeRpc;
  readonly #signer: TransactionSigner;
  readonly #chainId: bigint;
  #nonce: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(rpc: NodeRpc, signer: TransactionSigner, chainId: bigint) {
    this.#rpc = rpc;
    this.#signer = signer;
    this.#chainId = chainId;
    this.address = signer.address;
  }

  /**
   * Signs and sends a transaction, one after another.
   * @throws NodeRpcError the node refused it; BropError `chain.unreachable`: it is unknown whether the node has it; of the
   * domain `signer`: it is not signed
   */
  send(to: string, data: string, gasLimit: number): Promise<SentTransaction> {
    const sent = this.#queue.then(() => this.#send(to, data, gasLimit));
    this.#queue = sent.catch(() => undefined);
    return sent;
  }

  /** Takes the next nonce from the chain again: transactions were lost. */
  forgetNonce(): void {
    this.#nonce = undefined;
  }

  async #send(to: string, data: string, gasLimit: number): Promise<SentTransaction> {
    for (let attempt = 1; ; attempt++) {
      this.#nonce ??= Number(await this.#rpc.call("eth_getTransactionCount", [this.address, "pending"]));
      const nonce = this.#nonce;
      const transaction = await this.#signer.sign({ chainId: this.#chainId, nonce, to, data, gasLimit });
      try {
        const hash = await this.#rpc.call<string>("eth_sendRawTransaction", [transaction.raw]);
        this.#nonce = nonce + 1;
        return { hash, nonce };
      } catch (error) {
        // An answer was lost: the node has it.
        if (isKnown(error)) {
          this.#nonce = nonce + 1;
          return { hash: transaction.hash, nonce };
        }
        this.#nonce = undefined;
        // Another process has used the key, or the chain forgot transactions: the chain says where to go on.
        if (!isNonceTooLow(error) || attempt > 1) throw error;
      }
    }
  }
}

function isKnown(error: unknown): boolean {
  return error instanceof NodeRpcError && /already (known|imported|exists)|known transaction/i.test(error.message);
}

function isNonceTooLow(error: unknown): boolean {
  return error instanceof NodeRpcError && /nonce (is )?too low|nonce below/i.test(error.message);
}
