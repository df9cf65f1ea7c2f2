import { getBytes, type TypedDataDomain, TypedDataEncoder, type TypedDataField } from "ethers";
import {
  type EcdsaSignature,
  type FreeTransaction,
  joinSignature,
  type SignedTransaction,
  unsignedBytes,
} from "../legacy-transaction.ts";

/**
 * A key that signs for this process, wherever it is kept (CH-4). It signs the keccak256 of bytes that it is given: what a
 * signing service would not do is to sign a ready digest.
 */
export abstract class TransactionSigner {
  /** Address of the key, with its checksum. */
  abstract readonly address: string;

  /**
   * Signs the keccak256 of bytes.
   * @throws BropError of the table's domain `signer`, for a key that lives elsewhere
   */
  abstract signBytes(bytes: Uint8Array): Promise<EcdsaSignature>;

  /**
   * Signs a legacy transaction (EIP-155) with gas price 0. The same transaction gives the same bytes again (RFC 6979).
   * @throws BropError as `signBytes`
   */
  async sign(transaction: FreeTransaction): Promise<SignedTransaction> {
    return joinSignature(transaction, await this.signBytes(unsignedBytes(transaction)));
  }

  /**
   * Signs typed data (EIP-712), as the hash of a user operation is for EntryPoint 0.8.
   * @returns r, s and v (27 or 28), 65 bytes
   * @throws BropError as `signBytes`
   */
  async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    // biome-ignore lint/suspicious/noExplicitAny: ethers' own type of typed data
    value: Record<string, any>,
  ): Promise<string> {
    const { r, s, yParity } = await this.signBytes(getBytes(TypedDataEncoder.encode(domain, types, value)));
    return `${r}${s.slice(2)}${yParity === 0 ? "1b" : "1c"}`;
  }

  /** Gives back what it holds open. */
  close(): void {
    // A key in memory holds nothing open.
  }
}
