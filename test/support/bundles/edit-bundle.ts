import type { SigningKey } from "ethers";
import { decodeBase64, encodeBase64 } from "../../../src/core/base64.ts";
import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { decodeExtraData, encodeExtraData, type QbftExtraData } from "../../../src/core/qbft/extra-data.ts";
import { decodeHeader, sealDigest } from "../../../src/core/qbft/header.ts";
import { decodeRlp, encodeRlp } from "../../../src/core/rlp.ts";
import { sealOf } from "../sealed-block.ts";

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
/** A bundle that a test changes. */
export type Draft = Mutable<Bundle>;

/** Names of a header's fields, in RLP's order. */
export const HEADER_FIELDS = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty"],
  ...["number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas"],
  ...["withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"],
];

/** A copy of a bundle with something changed. */
export function edited(bundle: Bundle, change: (draft: Draft) => unknown): Bundle {
  const draft = structuredClone(bundle) as Draft;
  change(draft);
  return draft as Bundle;
}

/** The place of a block among a bundle's. */
export function blockPart(draft: Draft, number: number): Draft["blocks"][number] {
  const found = draft.blocks.find(({ header }) => decodeHeader(decodeBase64(header)).number === number);
  if (found === undefined) throw new Error(`The bundle has no block ${number}`);
  return found;
}

/** Changes a header's field, and leaves its seals as they are. */
export function editField(draft: Draft, number: number, name: string, change: (bytes: Uint8Array) => Uint8Array): void {
  const part = blockPart(draft, number);
  const fields = decodeRlp(decodeBase64(part.header), "header") as Uint8Array[];
  const at = HEADER_FIELDS.indexOf(name);
  fields[at] = change(Uint8Array.from(fields[at] as Uint8Array));
  part.header = encodeBase64(encodeRlp(fields));
}

/** Changes what QBFT wrote into a header. */
export function editExtraData(draft: Draft, number: number, change: (extra: QbftExtraData) => Partial<QbftExtraData>) {
  editField(draft, number, "extraData", (bytes) => {
    const extra = decodeExtraData(bytes);
    return encodeExtraData({ ...extra, ...change(extra) });
  });
}

/** Has a header sealed by these keys, as it is now. */
export function reseal(draft: Draft, number: number, sealers: readonly SigningKey[]): void {
  const digest = bytesToHex(sealDigest(decodeHeader(decodeBase64(blockPart(draft, number).header))));
  editExtraData(draft, number, () => ({ seals: sealers.map((key) => sealOf(key, digest)) }));
}

/** Bytes with the last bit of one of them changed. */
export function flipped(bytes: Uint8Array, at = bytes.length - 1): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

/** Base64 with the last bit of a byte changed. */
export const flippedBase64 = (text: string, at?: number): string => encodeBase64(flipped(decodeBase64(text), at));
