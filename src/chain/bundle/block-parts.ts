import { encodeBase64 } from "../../core/base64.ts";
import type { AccountPart, BlockPart, Place, ReceiptPart } from "../../core/bundle/bundle.ts";
import { decodePlainHeader, encodePlainHeader, type PlainHeader } from "../../core/bundle/plain-header.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { blockHash, encodeHeader, headerFromRpc, QBFT_MIX_HASH } from "../../core/qbft/header.ts";
import { proveReceipts } from "../../core/receipt-proof.ts";
import { arrayOf, dataOf, membersOf, quantityOf, smallQuantityOf } from "../../core/rpc-values.ts";
import { slotName } from "../../core/storage-slots.ts";
import type { Ask } from "../relays/relay.ts";

/** A log by its place among the block's logs, as an index of the chain knows it. */
export interface LogPosition {
  block: number;
  logIndex: number;
}

interface Needed {
  transactions: Set<number>;
  slots: Map<string, Set<string>>;
}

/** Collects what a bundle needs of blocks, and asks a node of one's own for it, each thing once. */
export class BlockParts {
  readonly isSealed: boolean;
  readonly #ask: Ask;
  readonly #needed = new Map<number, Needed>();
  readonly #receipts = new Map<number, Promise<unknown[]>>();
  readonly #headers = new Map<number, Promise<{ rlp: Uint8Array; plain: PlainHeader }>>();

  /** @param isSealed false for a chain whose blocks nobody seals */
  constructor(ask: Ask, isSealed: boolean) {
    this.#ask = ask;
    this.isSealed = isSealed;
  }

  /** Takes a block's header in. */
  needBlock(block: number): void {
    this.#need(block);
  }

  /** Takes a log's receipt in. @throws BropError `proof.invalid` where the block has no such log */
  async needLog({ block, logIndex }: LogPosition): Promise<Place> {
    const receipts = await this.#receiptsOf(block);
    for (const [transaction, receipt] of receipts.entries()) {
      const logs = arrayOf(membersOf(receipt, "receipt").logs, "receipt.logs");
      const log = logs.findIndex((one) => smallQuantityOf(membersOf(one, "log").logIndex, "log.logIndex") === logIndex);
      if (log < 0) continue;
      this.#need(block).transactions.add(transaction);
      return { block, transaction, log };
    }
    throw new BropError("proof.invalid", { part: "log", reason: `${logIndex} is not in block ${block}` });
  }

  /** Takes slots of a contract's storage after a block in. */
  needSlots(block: number, address: string, slots: readonly string[]): void {
    const { slots: accounts } = this.#need(block);
    const own = accounts.get(address.toLowerCase()) ?? new Set();
    for (const slot of slots) own.add(slot);
    accounts.set(address.toLowerCase(), own);
  }

  /** What the node says a header has. */
  async header(block: number): Promise<PlainHeader> {
    return (await this.#header(block)).plain;
  }

  /** All that was taken in, in the order of the blocks. @throws BropError `proof.unavailable`, `proof.invalid` */
  async collect(): Promise<BlockPart[]> {
    const numbers = [...this.#needed.keys()].sort((one, other) => one - other);
    const parts: BlockPart[] = [];
    for (const number of numbers) parts.push(await this.#part(number, this.#need(number)));
    return parts;
  }

  async #part(number: number, { transactions, slots }: Needed): Promise<BlockPart> {
    const { rlp, plain } = await this.#header(number);
    const accounts: AccountPart[] = [];
    for (const [address, names] of slots) accounts.push(await this.#account(number, address, [...names]));
    const receipts = transactions.size === 0 ? [] : await this.#receiptParts(number, plain, transactions);
    return { header: encodeBase64(rlp), receipts, accounts };
  }

  async #receiptParts(number: number, { receiptsRoot }: PlainHeader, wanted: Set<number>): Promise<ReceiptPart[]> {
    const transactions = [...wanted].sort((one, other) => one - other);
    const proofs = proveReceipts(receiptsRoot, await this.#receiptsOf(number), transactions);
    return transactions.map((transaction, at) => ({
      transaction,
      nodes: (proofs[at] as Uint8Array[]).map(encodeBase64),
    }));
  }

  async #account(number: number, address: string, slots: string[]): Promise<AccountPart> {
    const answer = await this.#askState("eth_getProof", [address, slots, hex(number)]);
    const { accountProof, storageProof } = membersOf(answer, "account proof");
    // Besu gives them in an order of its own, and numbers without leading zeros.
    const proofs = new Map(
      arrayOf(storageProof, "storage proof").map((one) => {
        const { key, proof } = membersOf(one, "storage proof");
        return [slotName(quantityOf(key, "storage proof.key")), proof];
      }),
    );
    return {
      address,
      nodes: nodesOf(accountProof),
      slots: slots.map((slot) => ({ slot, nodes: nodesOf(proofs.get(slot)) })),
    };
  }

  /** A node forgets old states: that has its own error. */
  async #askState(method: string, params: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#ask(method, params);
    } catch (error) {
      if (BropError.from(error).code === "chain.unreachable") throw error;
      const reason = "the node does not show this state";
      throw new BropError("proof.unavailable", { reason }, undefined, { cause: error });
    }
  }

  #need(block: number): Needed {
    const known = this.#needed.get(block) ?? { transactions: new Set(), slots: new Map() };
    this.#needed.set(block, known);
    return known;
  }

  #receiptsOf(block: number): Promise<unknown[]> {
    const known = this.#receipts.get(block);
    if (known !== undefined) return known;
    const asked = this.#ask("eth_getBlockReceipts", [hex(block)]).then((answer) => arrayOf(answer, "receipts"));
    this.#receipts.set(block, asked);
    return asked;
  }

  #header(number: number): Promise<{ rlp: Uint8Array; plain: PlainHeader }> {
    const known = this.#headers.get(number);
    if (known !== undefined) return known;
    const asked = this.#readHeader(number);
    this.#headers.set(number, asked);
    return asked;
  }

  async #readHeader(number: number): Promise<{ rlp: Uint8Array; plain: PlainHeader }> {
    const block = await blockOf(this.#ask, number);
    if (!this.isSealed) {
      const rlp = encodePlainHeader(block);
      return { rlp, plain: decodePlainHeader(rlp) };
    }
    const header = headerFromRpc(block);
    const { timestamp, stateRoot, receiptsRoot } = header;
    const plain = { number, timestamp, stateRoot, receiptsRoot, hash: bytesToHex(blockHash(header)) };
    return { rlp: encodeHeader(header), plain };
  }
}

/** Whether QBFT's mark is on the blocks, and the hash of block 0, as a node of one's own tells. */
export async function networkOf(ask: Ask): Promise<{ chainId: number; genesis: string; sealed: boolean }> {
  const [chainId, first] = await Promise.all([ask("eth_chainId", []), blockOf(ask, 0)]);
  return {
    chainId: smallQuantityOf(chainId, "chain id"),
    genesis: bytesToHex(dataOf(first.hash, "block.hash", 32)),
    sealed: first.mixHash === QBFT_MIX_HASH,
  };
}

async function blockOf(ask: Ask, number: number): Promise<Record<string, unknown>> {
  const block = await ask("eth_getBlockByNumber", [hex(number), false]);
  if (block === null || block === undefined) {
    throw new BropError("proof.unavailable", { block: number, reason: "the node has no such block" });
  }
  return membersOf(block, "block");
}

function nodesOf(nodes: unknown): string[] {
  return arrayOf(nodes, "nodes").map((node) => encodeBase64(dataOf(node, "nodes")));
}

const hex = (value: number) => `0x${value.toString(16)}`;
