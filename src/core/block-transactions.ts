import { bytesToHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import { invalidProof } from "./proof-error.ts";
import type { QbftHeader } from "./qbft/header.ts";
import { encodeRlp, numberBytes, type RlpItem, sameBytes } from "./rlp.ts";
import { arrayOf, dataOf, membersOf, quantityOf } from "./rpc-values.ts";
import { buildTrie } from "./trie/build-trie.ts";

const PART = "transaction";

/**
 * Hashes of a block's transactions, in order, from a node that is not trusted: together the transactions have to give
 * the header's root, so none is forged, left out or in another place.
 * @param block answer of `eth_getBlockByNumber` with whole transactions
 * @throws BropError `proof.invalid`
 */
export function readTransactionHashes(header: QbftHeader, block: unknown): string[] {
  const raw = arrayOf(membersOf(block, "block").transactions, "transactions").map(encodeRpcTransaction);
  const { root } = buildTrie(raw.map((bytes, index) => [encodeRlp(numberBytes(index)), bytes]));
  if (!sameBytes(root, header.transactionsRoot)) throw invalidProof("transactions", "are not those of the header");
  return raw.map((bytes) => bytesToHex(keccak256(bytes)));
}

/**
 * Brings a transaction of JSON-RPC into the form in which it was signed (EIP-155, EIP-2930, EIP-1559). Transactions with
 * blobs or authorisations are refused on BROP networks.
 * @throws BropError `proof.invalid`
 */
export function encodeRpcTransaction(transaction: unknown): Uint8Array {
  const members = membersOf(transaction, PART);
  const number = (name: string) => numberBytes(quantityOf(members[name], `${PART}.${name}`));
  const type = members.type === undefined ? 0n : quantityOf(members.type, `${PART}.type`);
  const to = members.to === null || members.to === undefined ? new Uint8Array(0) : dataOf(members.to, `${PART}.to`, 20);
  const call = [number("gas"), to, number("value"), dataOf(members.input, `${PART}.input`)];
  if (type === 0n)
    return encodeRlp([number("nonce"), number("gasPrice"), ...call, number("v"), number("r"), number("s")]);
  const parity = members.yParity === undefined ? number("v") : number("yParity");
  const end = [accessListOf(members.accessList), parity, number("r"), number("s")];
  const start = [number("chainId"), number("nonce")];
  if (type === 1n) return typed(1, [...start, number("gasPrice"), ...call, ...end]);
  if (type === 2n) return typed(2, [...start, number("maxPriorityFeePerGas"), number("maxFeePerGas"), ...call, ...end]);
  throw invalidProof(`${PART}.type`, "is none that this network takes");
}

function typed(type: number, fields: RlpItem[]): Uint8Array {
  return Uint8Array.from([type, ...encodeRlp(fields)]);
}

function accessListOf(list: unknown): RlpItem[] {
  return arrayOf(list ?? [], `${PART}.accessList`).map((entry) => {
    const { address, storageKeys } = membersOf(entry, `${PART}.accessList`);
    const keys = arrayOf(storageKeys, `${PART}.accessList`).map((key) => dataOf(key, `${PART}.accessList`, 32));
    return [dataOf(address, `${PART}.accessList`, 20), keys];
  });
}
