import { computeAddress, id, SigningKey } from "ethers";
import { bytesToHex, hexToBytes } from "../../src/core/hex.ts";
import { encodeExtraData } from "../../src/core/qbft/extra-data.ts";
import { blockHash, headerFromRpc, type QbftHeader, sealDigest } from "../../src/core/qbft/header.ts";

/** A validator's key, the same in every run. */
export function validatorKey(name: string | number): SigningKey {
  return new SigningKey(id(`brop test validator ${name}`));
}

/** Address of a key, in lower case. */
export function addressOfKey(key: SigningKey): string {
  return computeAddress(key.publicKey).toLowerCase();
}

/** What a sealed block can be told to be. */
export interface BlockContent {
  number: number;
  timestamp?: number;
  parentHash?: string;
  stateRoot?: string;
  receiptsRoot?: string;
  transactionsRoot?: string;
  round?: number;
}

const ZERO_HASH = `0x${"00".repeat(32)}`;
const EMPTY_TRIE = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
export const QBFT_MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

/** Members that every block of a test has. */
const USUAL = {
  parentHash: ZERO_HASH,
  sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
  miner: `0x${"00".repeat(20)}`,
  stateRoot: EMPTY_TRIE,
  transactionsRoot: EMPTY_TRIE,
  receiptsRoot: EMPTY_TRIE,
  logsBloom: `0x${"00".repeat(256)}`,
  difficulty: "0x1",
  gasLimit: "0x77359400",
  gasUsed: "0x0",
  mixHash: QBFT_MIX_HASH,
  nonce: "0x0000000000000000",
  baseFeePerGas: "0x0",
  withdrawalsRoot: EMPTY_TRIE,
  blobGasUsed: "0x0",
  excessBlobGas: "0x0",
  parentBeaconBlockRoot: ZERO_HASH,
  requestsHash: "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

/** A block as JSON-RPC gives it, without transactions. */
export type RpcBlock = Record<string, unknown> & { number: string; hash: string; extraData: string };

/** Makes a block and has it sealed, in the form of JSON-RPC. */
export function sealedBlock(content: BlockContent, sealers: readonly SigningKey[]): RpcBlock {
  const { number, timestamp = 1_800_000_000 + 3 * number, round = 0, ...roots } = content;
  const members = { ...USUAL, ...roots, number: hex(number), timestamp: hex(timestamp) };
  return resealed({ ...members, extraData: extraData(round, []) }, sealers);
}

/** A block as it would be if these validators had sealed it, in this round. */
export function resealed(
  block: Record<string, unknown>,
  sealers: readonly SigningKey[],
  round = roundOf(block),
): RpcBlock {
  const unsealed = { ...block, extraData: extraData(round, []) };
  const digest = bytesToHex(sealDigest(headerFromRpc(unsealed)));
  const seals = sealers.map((key) => sealOf(key, digest));
  const sealed = { ...unsealed, extraData: extraData(round, seals) };
  return { ...sealed, hash: bytesToHex(blockHash(headerFromRpc(sealed))) } as unknown as RpcBlock;
}

/** A validator's seal: r, s and v with v 0 or 1. */
export function sealOf(key: SigningKey, digest: string): Uint8Array {
  const { r, s, yParity } = key.sign(digest);
  return hexToBytes(`${r}${s.slice(2)}0${yParity}`);
}

/** A header as it would be with other seals. */
export function withSeals(block: RpcBlock, seals: readonly Uint8Array[]): QbftHeader {
  return headerFromRpc({ ...block, extraData: extraData(roundOf(block), seals) });
}

function roundOf(block: Record<string, unknown>): number {
  return headerFromRpc(block).extraData.round;
}

function extraData(round: number, seals: readonly Uint8Array[]): string {
  return bytesToHex(encodeExtraData({ vanity: new Uint8Array(32), validators: [], vote: [], round, seals }));
}

const hex = (value: number) => `0x${value.toString(16)}`;
