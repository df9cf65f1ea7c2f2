import { verifyAccount, verifyStorage } from "../account-proof.ts";
import { decodeBase64 } from "../base64.ts";
import { bytesToHex } from "../hex.ts";
import { blockHash, decodeHeader, type QbftHeader } from "../qbft/header.ts";
import { decodeReceipt, type Receipt, type ReceiptLog } from "../receipt.ts";
import { encodeRlp, numberBytes } from "../rlp.ts";
import { verifyTrieProof } from "../trie-proof.ts";
import type { AccountPart, BlockPart, Bundle, Place, ReceiptPart } from "./bundle.ts";
import { decodePlainHeader, type PlainHeader } from "./plain-header.ts";
import { BundleFault, under } from "./reasons.ts";

/** What a bundle shows of a block: true if the header is. */
export interface ShownBlock extends PlainHeader {
  /** Undefined on a development chain. */
  header: QbftHeader | undefined;
  /** By the transaction's place. */
  receipts: ReadonlyMap<number, Receipt>;
  /** Storage by contract, 0 for what is unused. */
  storage: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
}

/** Blocks by their numbers, lowest first. */
export type ShownBlocks = ReadonlyMap<number, ShownBlock>;

/**
 * Reads headers, and what tries under them show. Whether the headers are true is for `judgeBlocks`.
 * @throws BundleFault `header.malformed`, `blocks.*`, `receipt.*`, `state.*`
 */
export function readBlocks(bundle: Bundle): ShownBlocks {
  const blocks = new Map<number, ShownBlock>();
  let last = -1;
  for (const part of bundle.blocks) {
    const block = readBlock(part, bundle.network.sealed);
    if (block.number <= last) throw new BundleFault("blocks.order", `block ${block.number}`);
    last = block.number;
    blocks.set(last, block);
  }
  if (last !== bundle.asOf) throw new BundleFault("blocks.as-of", `block ${last}`);
  return blocks;
}

/** @throws BundleFault `block.absent` */
export function blockAt(blocks: ShownBlocks, number: number): ShownBlock {
  const block = blocks.get(number);
  if (block === undefined) throw new BundleFault("block.absent", `block ${number}`);
  return block;
}

/** @throws BundleFault `block.absent`, `event.absent` */
export function logAt(blocks: ShownBlocks, { block, transaction, log }: Place): ReceiptLog {
  const found = blockAt(blocks, block).receipts.get(transaction)?.logs[log];
  if (found === undefined) throw new BundleFault("event.absent", `log ${block}/${transaction}/${log}`);
  return found;
}

/** Storage of a contract after a block. @throws BundleFault `block.absent`, `state.missing` */
export function storageAt(blocks: ShownBlocks, number: number, address: string): ReadonlyMap<string, bigint> {
  const slots = blockAt(blocks, number).storage.get(address);
  if (slots === undefined) throw new BundleFault("state.missing", `contract ${address} in block ${number}`);
  return slots;
}

function readBlock({ header: encoded, receipts, accounts }: BlockPart, isSealed: boolean): ShownBlock {
  const { plain, header } = under("header.malformed", () => readHeader(decodeBase64(encoded), isSealed));
  return { ...plain, header, receipts: readReceipts(plain, receipts), storage: readAccounts(plain, accounts) };
}

function readHeader(rlp: Uint8Array, isSealed: boolean) {
  if (!isSealed) return { plain: decodePlainHeader(rlp), header: undefined };
  const header = decodeHeader(rlp);
  const { number, timestamp, stateRoot, receiptsRoot } = header;
  return { plain: { number, timestamp, stateRoot, receiptsRoot, hash: bytesToHex(blockHash(header)) }, header };
}

function readReceipts({ receiptsRoot }: PlainHeader, parts: readonly ReceiptPart[]): Map<number, Receipt> {
  const receipts = new Map<number, Receipt>();
  let last = -1;
  for (const { transaction, nodes } of parts) {
    if (transaction <= last) throw new BundleFault("receipt.order");
    last = transaction;
    const key = encodeRlp(numberBytes(transaction));
    const value = under("receipt.proof", () => verifyTrieProof(receiptsRoot, key, nodes.map(decodeBase64)));
    if (value === undefined) throw new BundleFault("receipt.absent", `transaction ${transaction}`);
    receipts.set(
      transaction,
      under("receipt.malformed", () => decodeReceipt(value)),
    );
  }
  return receipts;
}

function readAccounts({ stateRoot }: PlainHeader, parts: readonly AccountPart[]) {
  const accounts = new Map<string, Map<string, bigint>>();
  for (const { address, nodes, slots } of parts) {
    if (accounts.has(address)) throw new BundleFault("state.order", address);
    const account = under("state.proof", () => verifyAccount(stateRoot, address, nodes.map(decodeBase64)));
    if (account === undefined) throw new BundleFault("state.absent", address);
    const storage = new Map<string, bigint>();
    for (const { slot, nodes: way } of slots) {
      if (storage.has(slot)) throw new BundleFault("state.order", slot);
      storage.set(
        slot,
        under("state.proof", () => verifyStorage(account.storageRoot, slot, way.map(decodeBase64))),
      );
    }
    accounts.set(address, storage);
  }
  return accounts;
}
