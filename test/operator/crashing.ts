import type { EcdsaSignature } from "../../src/chain/legacy-transaction.ts";
import type { NodeRpc } from "../../src/chain/rpc-client.ts";
import { TransactionSigner } from "../../src/chain/signing/transaction-signer.ts";
import type { Database } from "../../src/store/database.ts";

/** What a process that is dead gets: it never learns anything again. */
const NEVER = new Promise<never>(() => undefined);

/**
 * A process that dies at one of its awaits: before what it asks for is done, or after it was done and before it learns of
 * it. From then on nothing that it does has an effect.
 */
export class Mortal {
  /** Awaits so far. */
  count = 0;
  readonly died: Promise<void>;
  #die: () => void = () => undefined;
  #isDead = false;
  readonly #at: number;
  readonly #effect: "before" | "after";

  /** @param at number of the await, from 1; with 0 it lives */
  constructor(at: number, effect: "before" | "after") {
    this.#at = at;
    this.#effect = effect;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isDead) return NEVER;
    const isLast = ++this.count === this.#at;
    if (isLast && this.#effect === "before") return this.#end();
    const result = await work();
    if (this.#isDead || isLast) return this.#end();
    return result;
  }

  #end(): Promise<never> {
    this.#isDead = true;
    this.#die();
    return NEVER;
  }

  /**
   * The database of this process. A transaction's end is an await of its own; one that its process does not live to commit
   * is rolled back, as a server does when a connection ends.
   */
  database(db: Database): Database {
    return {
      kind: db.kind,
      query: <Row>(text: string, params?: unknown[]) => this.step(() => db.query<Row>(text, params)),
      transaction: <Result>(work: (tx: Database) => Promise<Result>) =>
        this.step(async () => {
          let dead = false;
          const outcome = db.transaction(async (tx) => {
            const result = await Promise.race([work(this.database(tx)), this.died.then(() => DEAD)]);
            if (result === DEAD) throw new Dead();
            return result as Result;
          });
          const result = await outcome.catch((error: unknown) => {
            if (!(error instanceof Dead)) throw error;
            dead = true;
            return undefined as Result;
          });
          return dead ? NEVER : result;
        }),
      close: () => Promise.resolve(),
    };
  }

  rpc(rpc: NodeRpc): NodeRpc {
    return {
      call: <Result>(method: string, params?: readonly unknown[]) => this.step(() => rpc.call<Result>(method, params)),
      batch: (requests) => this.step(() => rpc.batch(requests)),
      all: (requests) => this.step(() => rpc.all(requests)),
      close: () => undefined,
    };
  }

  signer(signer: TransactionSigner): TransactionSigner {
    return new MortalSigner(this, signer);
  }
}

class MortalSigner extends TransactionSigner {
  readonly address: string;
  readonly #mortal: Mortal;
  readonly #signer: TransactionSigner;

  constructor(mortal: Mortal, signer: TransactionSigner) {
    super();
    this.address = signer.address;
    this.#mortal = mortal;
    this.#signer = signer;
  }

  override signBytes(bytes: Uint8Array): Promise<EcdsaSignature> {
    return this.#mortal.step(() => this.#signer.signBytes(bytes));
  }
}

const DEAD = Symbol("dead");
class Dead extends Error {}
