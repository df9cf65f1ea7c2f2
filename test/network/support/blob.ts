import { concat, decodeRlp, encodeRlp, hexlify, sha256, Transaction, type Wallet } from "ethers";

const BLOB_BYTES = 131_072;
/** A blob of zeros commits to the point at infinity, and so does every proof of it: no trusted setup is needed. */
const INFINITY = `0xc0${"00".repeat(47)}`;
const KZG_VERSION = "0x01";
const CELLS = 128;
/** Of the transaction in the network's form, since Osaka (EIP-7594). */
const WRAPPER = "0x01";

/** A valid blob transaction (EIP-4844) with one blob of zeros, in the form in which nodes take it. */
export async function blobTransaction(sender: Wallet, to: string, chainId: number, nonce: number): Promise<string> {
  const transaction = Transaction.from({
    ...{ type: 3, chainId, nonce, to, gasLimit: 100_000, maxFeePerGas: 0, maxPriorityFeePerGas: 0 },
    ...{ maxFeePerBlobGas: 1, blobVersionedHashes: [concat([KZG_VERSION, `0x${sha256(INFINITY).slice(4)}`])] },
  });
  transaction.signature = sender.signingKey.sign(transaction.unsignedHash);
  const fields = decodeRlp(`0x${transaction.serialized.slice(4)}`);
  const zeros = hexlify(new Uint8Array(BLOB_BYTES));
  return concat(["0x03", encodeRlp([fields, WRAPPER, [zeros], [INFINITY], Array(CELLS).fill(INFINITY)])]);
}
