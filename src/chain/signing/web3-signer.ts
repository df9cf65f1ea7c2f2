import { computeAddress, getAddress } from "ethers";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexLength, isHexBytes } from "../../core/hex.ts";
import type { EcdsaSignature } from "../legacy-transaction.ts";
import { MOST_S, recoveredAddress } from "./recovery.ts";
import { type SigningService, signerError } from "./signing-service.ts";
import { TransactionSigner } from "./transaction-signer.ts";

const SIGN = "api/v1/eth1/sign/";
const PUBLIC_KEYS = "api/v1/eth1/publicKeys";

/**
 * A key behind Web3Signer (eth1 mode). Its signing endpoint names the key by its public key and signs the keccak256 of the
 * bytes that it is sent; `eth_signTransaction` of its JSON-RPC is not used, since it fills in what it does not understand.
 * The service is not believed: each signature has to be of this key and over these bytes.
 */
export class Web3Signer extends TransactionSigner {
  readonly address: string;
  readonly #service: SigningService;
  #publicKey: Promise<string> | undefined;

  /** @param key address of the key (20 bytes), or its public key (64 bytes, without the leading 04) */
  constructor(service: SigningService, key: string) {
    super();
    this.#service = service;
    const bytes = isHexBytes(key) ? hexLength(key) : 0;
    if (bytes !== 20 && bytes !== 64) {
      throw new BropError("request.invalid", {
        field: "key",
        reason: "must be an address or a public key of 64 bytes",
      });
    }
    this.address = bytes === 64 ? addressOf(key) : getAddress(key);
    if (bytes === 64) this.#publicKey = Promise.resolve(key.toLowerCase());
  }

  /**
   * @throws BropError `signer.unreachable` it does not answer in time; `signer.key-unknown` it does not have the key;
   * `signer.refused` it answered with a refusal; `signer.wrong-signature` what it gave is not this key's signature
   */
  override async signBytes(bytes: Uint8Array): Promise<EcdsaSignature> {
    const publicKey = await this.#findPublicKey();
    const { status, text } = await this.#service.post(SIGN + publicKey, { data: bytesToHex(bytes) });
    if (status === 404) {
      // Keys of a running service can be changed: the next signature asks for the list again.
      this.#publicKey = undefined;
      throw new BropError("signer.key-unknown", { address: this.address });
    }
    if (status !== 200) throw signerError("signer.refused", { status });
    return this.#check(bytes, text.trim());
  }

  override close(): void {
    this.#service.close();
  }

  #findPublicKey(): Promise<string> {
    this.#publicKey ??= this.#lookUp().catch((error: unknown) => {
      this.#publicKey = undefined;
      throw error;
    });
    return this.#publicKey;
  }

  async #lookUp(): Promise<string> {
    const { status, text } = await this.#service.get(PUBLIC_KEYS);
    if (status !== 200) throw signerError("signer.refused", { status });
    for (const key of listOf(text)) if (addressOf(key) === this.address) return key;
    throw new BropError("signer.key-unknown", { address: this.address });
  }

  #check(bytes: Uint8Array, text: string): EcdsaSignature {
    const wrong = (reason: string) => new BropError("signer.wrong-signature", { address: this.address, reason });
    if (!isHexBytes(text, 65)) throw wrong("it is not 65 bytes in hexadecimal");
    const [r, s, v] = [text.slice(0, 66), `0x${text.slice(66, 130)}`, Number(`0x${text.slice(130)}`)];
    if (v !== 27 && v !== 28) throw wrong("its last byte is neither 1b nor 1c");
    if (BigInt(s) > MOST_S) throw wrong("its s is above half the curve's order (EIP-2)");
    const signature: EcdsaSignature = { r, s, yParity: v === 27 ? 0 : 1 };
    if (recoveredAddress(bytes, signature) !== this.address) throw wrong("it is of another key or over other bytes");
    return signature;
  }
}

function addressOf(publicKey: string): string {
  return computeAddress(`0x04${publicKey.slice(2)}`);
}

/** Public keys as the service lists them; what is none is passed over. */
function listOf(text: string): string[] {
  let keys: unknown;
  try {
    keys = JSON.parse(text);
  } catch {
    throw signerError("signer.refused", { reason: "its list of keys is no JSON" });
  }
  if (!Array.isArray(keys)) throw signerError("signer.refused", { reason: "its list of keys is no list" });
  return keys.filter((key) => isHexBytes(key, 64) && isOnCurve(key)).map((key: string) => key.toLowerCase());
}

function isOnCurve(publicKey: string): boolean {
  try {
    addressOf(publicKey);
    return true;
  } catch {
    return false;
  }
}
