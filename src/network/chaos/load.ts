import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { BropError, type ErrorCode } from "../../core/errors.ts";
import type { Answer } from "./check.ts";

/** A signed operation on its way. */
export interface SentOperation {
  /** Block that it is included in. @throws BropError when it ends otherwise */
  included(): Promise<number>;
}

/** Whoever makes operations: a partner's application. */
export interface Sender {
  /** Signs a new operation. @param digest what it records */
  sign(digest: Uint8Array): Promise<SignedOperation>;
}

export interface SignedOperation {
  hash: string;
  /** Hands it over. Done again with the same operation it is harmless. */
  send(): Promise<SentOperation>;
}

export interface LoadOptions {
  sender: Sender;
  /** Clients that each wait for the end of one operation before they make the next. */
  clients: number;
  clock: Clock;
  /** No new operations from then on; those that were sent still get their end. */
  until: AbortSignal;
}

const PAUSE_MS = 1_000;
const SIGNING_MS = 60_000;
/** A client that the platform does not answer tries the same operation again, so often at most. */
const MOST_TRIES = 60;

/** Clients that record without end, as partners' applications do, and remember every answer that they were given. */
export class Load {
  readonly answers: Answer[] = [];
  /** What clients were told instead of one of the two ends, for instance that nobody answers. */
  readonly errors = new Map<ErrorCode, number>();
  submitted = 0;
  readonly #options: LoadOptions;
  readonly #open = new Set<string>();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  get included(): number {
    return this.answers.filter(({ end }) => end === "included").length;
  }

  get expired(): number {
    return this.answers.length - this.included;
  }

  /** Operations that have no end yet. */
  get open(): readonly string[] {
    return [...this.#open];
  }

  /** Runs until the signal, and on until every operation has its end. */
  async run(): Promise<void> {
    const { clients } = this.#options;
    await Promise.all(Array.from({ length: clients }, () => this.#client()));
  }

  async #client(): Promise<void> {
    const { sender, clock, until } = this.#options;
    while (!until.aborted) {
      try {
        await this.#follow(await this.#sign(sender));
      } catch (error) {
        // Not signed: the platform did not say the height or the gas.
        this.#count(error);
        await clock.sleep(PAUSE_MS, until);
      }
    }
  }

  /** Height and gas come from the access node, which may be waited for long after everybody else has gone on. */
  async #sign(sender: Sender): Promise<SignedOperation> {
    const { clock } = this.#options;
    const signed = new AbortController();
    try {
      const late = clock.sleep(SIGNING_MS, signed.signal).then((): never => {
        throw new BropError("chain.unreachable", { reason: `no answer within ${SIGNING_MS / 1000} s` });
      });
      // Where the other was first nobody asks any more how this one ends.
      late.catch(() => undefined);
      return await Promise.race([sender.sign(randomBytes(32)), late]);
    } finally {
      signed.abort();
    }
  }

  async #follow(operation: SignedOperation): Promise<void> {
    this.submitted++;
    const { hash } = operation;
    this.#open.add(hash);
    try {
      const blockNumber = await (await this.#send(operation)).included();
      this.answers.push({ operation: hash, end: "included", blockNumber });
    } catch (error) {
      if (codeOf(error) === "operation.expired") this.answers.push({ operation: hash, end: "expired" });
      else this.#count(error);
    } finally {
      this.#open.delete(hash);
    }
  }

  async #send(operation: SignedOperation): Promise<SentOperation> {
    for (let tries = 1; ; tries++) {
      try {
        return await operation.send();
      } catch (error) {
        if (!PASSING.has(codeOf(error)) || tries === MOST_TRIES) throw error;
        await this.#options.clock.sleep(PAUSE_MS, new AbortController().signal);
      }
    }
  }

  #count(error: unknown): void {
    const code = codeOf(error);
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}

/** What passes by itself while nodes are down. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["chain.unreachable", "service.unavailable", "relay.unavailable", "quota.exhausted"] as const),
]);

const codeOf = (error: unknown): ErrorCode => (error instanceof BropError ? error.code : "service.internal");
