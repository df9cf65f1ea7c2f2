import type { QbftHeader } from "../core/qbft/header.ts";
import { buildReceiptProof, type ReceiptProof } from "../core/receipt-proof.ts";
import { arrayOf, membersOf, smallQuantityOf } from "../core/rpc-values.ts";
import { KeptRecently } from "./relays/kept-recently.ts";
import type { Ask } from "./relays/relay.ts";
import { readSealedHeader } from "./sealed-header.ts";

/** A proof, or why there is none. */
export type FoundProof = { proof: ReceiptProof & { blockNumber: number } } | { proof: null; proofUnavailable: string };

interface Block {
  header: QbftHeader;
  receipts: unknown[];
}

const KEPT_BLOCKS = 8;

/** Makes receipt proofs from what a node of one's own knows, for others who trust nobody. */
export class ReceiptProofs {
  readonly #ask: Ask;
  readonly #blocks = new KeptRecently<number, Promise<Block | undefined>>(KEPT_BLOCKS);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The proof that a transaction's receipt is in its block. Whoever knows the validators of that height checks it
   * with `readReceiptProof` and `checkSeals`, or `verifyReceiptProof` of the SDK.
   * @param transactionHash `0x...`
   * @returns why there is none for a transaction that is in no block, and on a chain whose blocks are not sealed
   * @throws BropError `proof.invalid` when the node's own answers do not fit together; `chain.unreachable`
   */
  async find(transactionHash: string): Promise<FoundProof> {
    const found = await this.#ask("eth_getTransactionReceipt", [transactionHash]);
    if (found === null || found === undefined) {
      return { proof: null, proofUnavailable: "the transaction is in no block of this chain" };
    }
    const { blockNumber, transactionIndex } = membersOf(found, "receipt");
    const number = smallQuantityOf(blockNumber, "receipt.blockNumber");
    const block = await this.#block(number);
    if (block === undefined) return { proof: null, proofUnavailable: "the blocks of this chain are not sealed" };
    const index = smallQuantityOf(transactionIndex, "receipt.transactionIndex");
    return { proof: { blockNumber: number, ...buildReceiptProof(block.header, block.receipts, index) } };
  }

  #block(number: number): Promise<Block | undefined> {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const block = this.#read(number);
    this.#blocks.set(number, block);
    block.catch(() => this.#blocks.delete(number));
    return block;
  }

  /** Undefined for a block without QBFT's mark. */
  async #read(number: number): Promise<Block | undefined> {
    const header = await readSealedHeader(this.#ask, number);
    if (header === undefined) return undefined;
    return {
      header,
      receipts: arrayOf(await this.#ask("eth_getBlockReceipts", [`0x${number.toString(16)}`]), "receipts"),
    };
  }
}
