import { bytesToHex } from "../hex.ts";
import { keccak256 } from "../keccak.ts";
import { invalidProof } from "../proof-error.ts";
import { bytesOf, decodeRlp, encodeRlp, listOf, numberBytes, numberOf } from "../rlp.ts";
import { dataOf, membersOf, quantityOf } from "../rpc-values.ts";

/** A header of which only this is read, sealed or not. */
export interface PlainHeader {
  number: number;
  /** Seconds since 1970. */
  timestamp: number;
  hash: string;
  stateRoot: Uint8Array;
  receiptsRoot: Uint8Array;
}

/** In their order in RLP; those from `baseFeePerGas` on came with forks, one after another. */
const FIELDS = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"],
  ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce"],
  ...["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"],
];
const NUMBERS = new Set(
  ["difficulty", "number", "gasLimit", "gasUsed", "timestamp"].concat("baseFeePerGas", "blobGasUsed", "excessBlobGas"),
);
const FIRST_FORK_FIELD = FIELDS.indexOf("baseFeePerGas");
const at = (name: string) => FIELDS.indexOf(name);

/** Reads a header of any Ethereum chain up to Osaka. @throws BropError `proof.invalid` */
export function decodePlainHeader(rlp: Uint8Array): PlainHeader {
  const items = listOf(decodeRlp(rlp, "header"), "header");
  if (items.length < FIRST_FORK_FIELD || items.length > FIELDS.length) {
    throw invalidProof("header", `has ${items.length} fields`);
  }
  return {
    number: numberOf(items[at("number")], "header.number"),
    timestamp: numberOf(items[at("timestamp")], "header.timestamp"),
    hash: bytesToHex(keccak256(rlp)),
    stateRoot: bytesOf(items[at("stateRoot")], "header.stateRoot", 32),
    receiptsRoot: bytesOf(items[at("receiptsRoot")], "header.receiptsRoot", 32),
  };
}

/**
 * Brings the header of a block of JSON-RPC into RLP.
 * @throws BropError `proof.invalid` where it does not give the hash that the node says
 */
export function encodePlainHeader(block: unknown): Uint8Array {
  const members = membersOf(block, "header");
  const present = FIELDS.filter((name, index) => index < FIRST_FORK_FIELD || members[name] !== undefined);
  const rlp = encodeRlp(
    present.map((name) => {
      const part = `header.${name}`;
      return NUMBERS.has(name) ? numberBytes(quantityOf(members[name], part)) : dataOf(members[name], part);
    }),
  );
  if (bytesToHex(keccak256(rlp)) !== members.hash) throw invalidProof("header", "does not give the block's hash");
  return rlp;
}
