import { bytesToHex } from "../hex.ts";
import { keccak256 } from "../keccak.ts";
import { invalidProof } from "../proof-error.ts";
import { bytesOf, decodeRlp, encodeRlp, listOf, numberBytes, numberOf, type RlpItem, sameBytes } from "../rlp.ts";
import { dataOf, membersOf, quantityOf } from "../rpc-values.ts";
import { decodeExtraData, encodeExtraData, type QbftExtraData } from "./extra-data.ts";

/** Kinds of a header's fields: so many bytes, a number, or bytes of any length. */
type Kind = number | "number" | "bytes";

/** The fields in their order in RLP, by their names in JSON-RPC: every fork up to Osaka, as on every BROP network. */
const FIELDS = {
  parentHash: 32,
  sha3Uncles: 32,
  miner: 20,
  stateRoot: 32,
  transactionsRoot: 32,
  receiptsRoot: 32,
  logsBloom: 256,
  difficulty: "number",
  number: "number",
  gasLimit: "number",
  gasUsed: "number",
  timestamp: "number",
  extraData: "bytes",
  mixHash: 32,
  nonce: 8,
  baseFeePerGas: "number",
  withdrawalsRoot: 32,
  blobGasUsed: "number",
  excessBlobGas: "number",
  parentBeaconBlockRoot: 32,
  requestsHash: 32,
} as const satisfies Record<string, Kind>;

type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];
const at = (name: Field) => NAMES.indexOf(name);

/** Besu's mark of a block that QBFT or IBFT sealed. */
export const QBFT_MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
/** Headers have about 600 bytes, and 67 more for each seal. */
const MOST_BYTES = 64 * 1024;

/** A block header of a QBFT chain. That it decodes says nothing about its truth: `checkSeals` does. */
export interface QbftHeader {
  number: number;
  /** Seconds since 1970. */
  timestamp: number;
  stateRoot: Uint8Array;
  transactionsRoot: Uint8Array;
  receiptsRoot: Uint8Array;
  extraData: QbftExtraData;
  /** All 21, in RLP's order, as bytes. */
  fields: readonly Uint8Array[];
}

/** Reads a header from its RLP. @throws BropError `proof.invalid` */
export function decodeHeader(rlp: Uint8Array): QbftHeader {
  if (rlp.length > MOST_BYTES) throw invalidProof("header", "is too large");
  const items = listOf(decodeRlp(rlp, "header"), "header", NAMES.length);
  return headerOf(items);
}

/**
 * Reads a header from a block as JSON-RPC gives it. What the node says about the block's hash is not read:
 * compare it with `blockHash`.
 * @throws BropError `proof.invalid`
 */
export function headerFromRpc(block: unknown): QbftHeader {
  const members = membersOf(block, "header");
  return headerOf(
    NAMES.map((name) => {
      const part = `header.${name}`;
      const kind: Kind = FIELDS[name];
      if (kind === "number") return numberBytes(quantityOf(members[name], part));
      return dataOf(members[name], part, kind === "bytes" ? undefined : kind);
    }),
  );
}

function headerOf(items: readonly RlpItem[]): QbftHeader {
  const fields = NAMES.map((name, index) => {
    const part = `header.${name}`;
    const kind: Kind = FIELDS[name];
    if (kind !== "number") return bytesOf(items[index], part, kind === "bytes" ? undefined : kind);
    const bytes = bytesOf(items[index], part);
    if (bytes.length > 32 || bytes[0] === 0) throw invalidProof(part, "is no number without leading zeros");
    return bytes;
  });
  const field = (name: Field) => fields[at(name)] as Uint8Array;
  if (bytesToHex(field("mixHash")) !== QBFT_MIX_HASH) throw invalidProof("header.mixHash", "is not QBFT's");
  return {
    number: numberOf(field("number"), "header.number"),
    timestamp: numberOf(field("timestamp"), "header.timestamp"),
    stateRoot: field("stateRoot"),
    transactionsRoot: field("transactionsRoot"),
    receiptsRoot: field("receiptsRoot"),
    extraData: decodeExtraData(field("extraData")),
    fields,
  };
}

/** The header in RLP, seals included. */
export function encodeHeader({ fields }: QbftHeader): Uint8Array {
  return encodeRlp([...fields]);
}

/**
 * The block's hash: keccak256 of the header without seals and with round 0, so that it is the same whichever validators
 * sealed the block and however long it took. Block 0 is hashed as it is.
 */
export function blockHash(header: QbftHeader): Uint8Array {
  if (header.number === 0) return keccak256(encodeHeader(header));
  return hashWith(header, { ...header.extraData, round: 0, seals: [] });
}

/** What validators sign when they seal the block: keccak256 of the header without seals; the round stays. */
export function sealDigest(header: QbftHeader): Uint8Array {
  return hashWith(header, { ...header.extraData, seals: [] });
}

/** True for the same block, whatever seals were kept of it. */
export function isSameBlock(one: QbftHeader, other: QbftHeader): boolean {
  return sameBytes(blockHash(one), blockHash(other));
}

function hashWith({ fields }: QbftHeader, extraData: QbftExtraData): Uint8Array {
  const changed = [...fields];
  changed[at("extraData")] = encodeExtraData(extraData);
  return keccak256(encodeRlp(changed));
}
