import { bytesToHex } from "./hex.ts";
import { invalidProof } from "./proof-error.ts";
import { decodeHeader, encodeHeader, type QbftHeader } from "./qbft/header.ts";
import { decodeReceipt, encodeRpcReceipt, type Receipt } from "./receipt.ts";
import { encodeRlp, numberBytes, sameBytes } from "./rlp.ts";
import { arrayOf, dataOf, membersOf } from "./rpc-values.ts";
import { buildTrie } from "./trie/build-trie.ts";
import { verifyTrieProof } from "./trie-proof.ts";

/**
 * What shows that a receipt is in a block: the sealed header, and the nodes of the block's receipt trie down to the
 * receipt. Everything is hexadecimal; JSON carries it. It holds for whoever knows the validators of that height.
 */
export interface ReceiptProof {
  /** RLP of the header, with seals. */
  header: string;
  /** Place of the transaction in the block, from 0. */
  transactionIndex: number;
  /** RLP of the trie's nodes, from the root down. */
  nodes: readonly string[];
}

/** The most transactions that a block can have: Besu's blocks hold 2 billion gas at most, a transaction takes 21,000. */
const MOST_TRANSACTIONS = 100_000;

/**
 * Builds the proof for one transaction's receipt.
 * @param receipts all of the block, in order, as `eth_getBlockReceipts` gives them
 * @throws BropError `proof.invalid` when they are not the receipts of this header
 */
export function buildReceiptProof(
  header: QbftHeader,
  receipts: readonly unknown[],
  transactionIndex: number,
): ReceiptProof {
  const [nodes] = proveReceipts(header.receiptsRoot, receipts, [transactionIndex]) as [Uint8Array[]];
  return { header: bytesToHex(encodeHeader(header)), transactionIndex, nodes: nodes.map(bytesToHex) };
}

/**
 * The nodes of a block's receipt trie down to receipts of it, from the root.
 * @param receiptsRoot of the block's header
 * @param receipts all of the block, in order, as `eth_getBlockReceipts` gives them
 * @throws BropError `proof.invalid` when they are not the receipts of this root
 */
export function proveReceipts(
  receiptsRoot: Uint8Array,
  receipts: readonly unknown[],
  transactionIndexes: readonly number[],
): Uint8Array[][] {
  const { trie } = buildReceiptTrie(receipts);
  if (!sameBytes(trie.root, receiptsRoot)) throw invalidProof("receipts", "are not those of the header");
  return transactionIndexes.map((index) => {
    if (!(index in receipts)) throw invalidProof("transactionIndex", "is none of the block's");
    return trie.prove(indexKey(index));
  });
}

/**
 * Reads a proof and the receipt in it. The header's seals are not judged here: `checkSeals`, or whoever knows the
 * validators of its height.
 * @param proof as it came from somebody, of any shape
 * @throws BropError `proof.invalid`
 */
export function readReceiptProof(proof: unknown): { header: QbftHeader; transactionIndex: number; receipt: Receipt } {
  const { header: rlp, transactionIndex, nodes } = membersOf(proof, "proof");
  const header = decodeHeader(dataOf(rlp, "header"));
  if (!Number.isInteger(transactionIndex) || (transactionIndex as number) < 0) {
    throw invalidProof("transactionIndex", "is no whole number");
  }
  const index = transactionIndex as number;
  const path = arrayOf(nodes, "nodes").map((node) => dataOf(node, "nodes"));
  const value = verifyTrieProof(header.receiptsRoot, indexKey(index), path);
  if (value === undefined) throw invalidProof("transactionIndex", "is none of the block's");
  return { header, transactionIndex: index, receipt: decodeReceipt(value) };
}

/**
 * All receipts of a block from a node that is not trusted: together they have to give the header's root, so none is
 * forged, left out or in another place.
 * @param answer of `eth_getBlockReceipts`
 * @throws BropError `proof.invalid`
 */
export function readBlockReceipts(header: QbftHeader, answer: unknown): Receipt[] {
  const receipts = arrayOf(answer, "receipts");
  if (receipts.length > MOST_TRANSACTIONS) throw invalidProof("receipts", "are too many");
  const { trie, encoded } = buildReceiptTrie(receipts);
  if (!sameBytes(trie.root, header.receiptsRoot)) throw invalidProof("receipts", "are not those of the header");
  return encoded.map(decodeReceipt);
}

function buildReceiptTrie(receipts: readonly unknown[]) {
  const encoded = receipts.map(encodeRpcReceipt);
  return { encoded, trie: buildTrie(encoded.map((receipt, index) => [indexKey(index), receipt])) };
}

/** Key of a transaction's place in the tries of transactions and receipts. */
function indexKey(index: number): Uint8Array {
  return encodeRlp(numberBytes(index));
}
