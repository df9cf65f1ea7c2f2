import { BropError } from "../../../core/errors.ts";
import { keccak256 } from "../../../core/keccak.ts";
import type { TokenKeyName } from "../../../core/pkcs11-uri.ts";
import type { EcdsaSignature } from "../../legacy-transaction.ts";
import { lowSignature, recoveredAddress } from "../recovery.ts";
import { TransactionSigner } from "../transaction-signer.ts";
import { readTokenKey, signInToken, type TokenKey } from "./token-key.ts";

/**
 * A key in a PKCS#11 token (HSM, YubiHSM, smart card), asked through OpenSC's `pkcs11-tool`: a process a signature, some
 * tens of milliseconds, meant for keys that sign now and then.
 */
export class TokenSigner extends TransactionSigner {
  readonly address: string;
  readonly #name: TokenKeyName;
  readonly #key: TokenKey;
  /** Tokens are asked one thing at a time: not all of them bear several sessions. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(name: TokenKeyName, key: TokenKey) {
    super();
    this.#name = name;
    this.#key = key;
    this.address = key.address;
  }

  /** @throws BropError as `readTokenKey` */
  static async open(name: TokenKeyName): Promise<TokenSigner> {
    return new TokenSigner(name, await readTokenKey(name));
  }

  /** @throws BropError `signer.token-failed`; `signer.wrong-signature` what the token gave is not this key's signature */
  override signBytes(bytes: Uint8Array): Promise<EcdsaSignature> {
    const signed = this.#last.then(() => this.#sign(bytes));
    this.#last = signed.catch(() => undefined);
    return signed;
  }

  async #sign(bytes: Uint8Array): Promise<EcdsaSignature> {
    const { r, s } = lowSignature(await signInToken(this.#name, this.#key, keccak256(bytes)));
    // Tokens do not say which of the two points it was.
    for (const yParity of [0, 1] as const) {
      const signature = { r, s, yParity };
      if (recoveredAddress(bytes, signature) === this.address) return signature;
    }
    const reason = "it is of another key or over other bytes";
    throw new BropError("signer.wrong-signature", { address: this.address, reason });
  }
}
