import { bytesToHex } from "./hex.ts";
import { invalidProof } from "./proof-error.ts";
import { bigintOf, bytesOf, decodeRlp, encodeRlp, listOf, numberBytes, numberOf } from "./rlp.ts";
import { arrayOf, dataOf, membersOf, quantityOf, smallQuantityOf } from "./rpc-values.ts";

/** A log as it stands in a receipt, hexadecimal in lower case. */
export interface ReceiptLog {
  address: string;
  topics: readonly string[];
  data: string;
}

/** What a block's receipt trie says of a transaction. It names neither the transaction nor its place: the key does. */
export interface Receipt {
  /** EIP-2718 type of the transaction, 0 for a legacy one. */
  type: number;
  success: boolean;
  /** Gas of the block's transactions up to this one. */
  cumulativeGasUsed: bigint;
  logsBloom: string;
  logs: readonly ReceiptLog[];
}

const PART = "receipt";
const LAST_TYPE = 0x7f;

/** Reads a receipt as it stands in the trie. @throws BropError `proof.invalid` */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  const first = bytes[0] ?? 0;
  const isTyped = first <= LAST_TYPE;
  const [status, gas, bloom, logs] = listOf(decodeRlp(isTyped ? bytes.subarray(1) : bytes, PART), PART, 4);
  if (isTyped && first === 0) throw invalidProof(`${PART}.type`, "is 0, which is written without a type");
  const success = numberOf(status, `${PART}.status`);
  if (success > 1) throw invalidProof(`${PART}.status`, "is neither 0 nor 1");
  return {
    type: isTyped ? first : 0,
    success: success === 1,
    cumulativeGasUsed: bigintOf(gas, `${PART}.cumulativeGasUsed`),
    logsBloom: bytesToHex(bytesOf(bloom, `${PART}.logsBloom`, 256)),
    logs: listOf(logs, `${PART}.logs`).map((log) => {
      const [address, topics, data] = listOf(log, `${PART}.logs`, 3);
      return {
        address: bytesToHex(bytesOf(address, `${PART}.logs.address`, 20)),
        topics: listOf(topics, `${PART}.logs.topics`).map((topic) =>
          bytesToHex(bytesOf(topic, `${PART}.logs.topics`, 32)),
        ),
        data: bytesToHex(bytesOf(data, `${PART}.logs.data`)),
      };
    }),
  };
}

/** Brings a receipt of JSON-RPC into the form of the trie. @throws BropError `proof.invalid` */
export function encodeRpcReceipt(receipt: unknown): Uint8Array {
  const { type, status, cumulativeGasUsed, logsBloom, logs } = membersOf(receipt, PART);
  const kind = type === undefined ? 0 : smallQuantityOf(type, `${PART}.type`);
  if (kind > LAST_TYPE) throw invalidProof(`${PART}.type`, "is no type of transaction");
  const encoded = encodeRlp([
    numberBytes(quantityOf(status, `${PART}.status`)),
    numberBytes(quantityOf(cumulativeGasUsed, `${PART}.cumulativeGasUsed`)),
    dataOf(logsBloom, `${PART}.logsBloom`, 256),
    arrayOf(logs, `${PART}.logs`).map((log) => {
      const { address, topics, data } = membersOf(log, `${PART}.logs`);
      return [
        dataOf(address, `${PART}.logs.address`, 20),
        arrayOf(topics, `${PART}.logs.topics`).map((topic) => dataOf(topic, `${PART}.logs.topics`, 32)),
        dataOf(data, `${PART}.logs.data`),
      ];
    }),
  ]);
  return kind === 0 ? encoded : Uint8Array.from([kind, ...encoded]);
}
