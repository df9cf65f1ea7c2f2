import {
  AbstractSigner,
  assertArgument,
  concat,
  copyRequest,
  getAddress,
  getBytes,
  type Provider,
  resolveAddress,
  Signature,
  Transaction,
  type TransactionLike,
  type TransactionRequest,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toUtf8Bytes,
} from "ethers";
import type { TransactionSigner } from "./transaction-signer.ts";

/** First byte of what a signed message's digest is made of (EIP-191). */
const PERSONAL_MESSAGE = "\x19Ethereum Signed Message:\n";

/**
 * A key that is kept anywhere, as ethers wants a signer: contracts connected to it, deployments, typed data, messages.
 * What is signed is the whole transaction as it was asked for, of any type; nothing is left to the service to fill in.
 */
export class EthersSigner extends AbstractSigner<Provider | null> {
  readonly address: string;
  readonly #key: TransactionSigner;

  constructor(key: TransactionSigner, provider: Provider | null = null) {
    super(provider);
    this.#key = key;
    this.address = key.address;
  }

  override async getAddress(): Promise<string> {
    return this.address;
  }

  override connect(provider: Provider | null): EthersSigner {
    return new EthersSigner(this.#key, provider);
  }

  /** @throws BropError as the key's `signBytes` */
  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { to, from, ...others } = copyRequest(request);
    const sender = from ? await resolveAddress(from, this) : this.address;
    assertArgument(getAddress(sender) === this.address, "transaction from address mismatch", "request.from", sender);
    const target = to ? { to: await resolveAddress(to, this) } : {};
    const transaction = Transaction.from({ ...others, ...target } as TransactionLike<string>);
    transaction.signature = await this.#sign(getBytes(transaction.unsignedSerialized));
    return transaction.serialized;
  }

  /** Signs a message as wallets do (EIP-191, `personal_sign`). @throws BropError as the key's `signBytes` */
  override async signMessage(message: string | Uint8Array): Promise<string> {
    const text = typeof message === "string" ? toUtf8Bytes(message) : message;
    const prefix = toUtf8Bytes(`${PERSONAL_MESSAGE}${text.length}`);
    return (await this.#sign(getBytes(concat([prefix, text])))).serialized;
  }

  /** Signs typed data (EIP-712). @throws BropError as the key's `signBytes` */
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    // biome-ignore lint/suspicious/noExplicitAny: ethers' own type of typed data
    value: Record<string, any>,
  ): Promise<string> {
    const resolved = await TypedDataEncoder.resolveNames(domain, types, value, async (name) =>
      resolveAddress(name, this),
    );
    return this.#key.signTypedData(resolved.domain, types, resolved.value);
  }

  /** Gives back what the key holds open. */
  close(): void {
    this.#key.close();
  }

  async #sign(bytes: Uint8Array): Promise<Signature> {
    const { r, s, yParity } = await this.#key.signBytes(bytes);
    return Signature.from({ r, s, yParity });
  }
}
