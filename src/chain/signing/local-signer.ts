import { computeAddress, SigningKey } from "ethers";
import { bytesToHex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import type { EcdsaSignature } from "../legacy-transaction.ts";
import { TransactionSigner } from "./transaction-signer.ts";

/** A key in this process's memory. */
export class LocalSigner extends TransactionSigner {
  readonly address: string;
  readonly #key: SigningKey;

  /** @param privateKey 32 bytes, `0x...` */
  constructor(privateKey: string) {
    super();
    this.#key = new SigningKey(privateKey);
    this.address = computeAddress(this.#key.publicKey);
  }

  override async signBytes(bytes: Uint8Array): Promise<EcdsaSignature> {
    const { r, s, yParity } = this.#key.sign(bytesToHex(keccak256(bytes)));
    return { r, s, yParity };
  }
}
