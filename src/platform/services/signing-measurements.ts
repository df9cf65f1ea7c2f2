import type { EcdsaSignature } from "../../chain/legacy-transaction.ts";
import { TransactionSigner } from "../../chain/signing/transaction-signer.ts";
import { BropError } from "../../core/errors.ts";
import type { Measurement } from "../metrics.ts";

/** Counts what the keys of a process sign, wherever they are kept, for /metrics. */
export class SigningCounts {
  readonly #signatures: Record<string, number> = {};
  readonly #seconds: Record<string, number> = {};
  readonly #failures: Record<string, number> = {};

  /** The same key, counted. */
  count(signer: TransactionSigner): TransactionSigner {
    const { address } = signer;
    this.#signatures[address] ??= 0;
    this.#seconds[address] ??= 0;
    return new CountedSigner(signer, (seconds, error) => {
      if (error === undefined) {
        this.#signatures[address] = (this.#signatures[address] ?? 0) + 1;
        this.#seconds[address] = (this.#seconds[address] ?? 0) + seconds;
      } else {
        const { code } = BropError.from(error);
        this.#failures[code] = (this.#failures[code] ?? 0) + 1;
      }
    });
  }

  get measurements(): Measurement[] {
    return [
      {
        ...{ name: "brop_signatures_total", counter: true, label: "key" },
        help: "Signatures by a key since the start, here or at a signing service",
        read: () => this.#signatures,
      },
      {
        ...{ name: "brop_signature_seconds_total", counter: true, label: "key" },
        help: "Time that these signatures took in all",
        read: () => this.#seconds,
      },
      {
        ...{ name: "brop_signature_failures_total", counter: true, label: "code" },
        help: "Signatures that were not to be had since the start, by the error's code",
        read: () => this.#failures,
      },
    ];
  }
}

type Tell = (seconds: number, error: unknown) => void;

class CountedSigner extends TransactionSigner {
  readonly address: string;
  readonly #signer: TransactionSigner;
  readonly #tell: Tell;

  constructor(signer: TransactionSigner, tell: Tell) {
    super();
    this.address = signer.address;
    this.#signer = signer;
    this.#tell = tell;
  }

  override async signBytes(bytes: Uint8Array): Promise<EcdsaSignature> {
    const began = performance.now();
    try {
      const signature = await this.#signer.signBytes(bytes);
      this.#tell((performance.now() - began) / 1_000, undefined);
      return signature;
    } catch (error) {
      this.#tell((performance.now() - began) / 1_000, error);
      throw error;
    }
  }

  override close(): void {
    this.#signer.close();
  }
}
