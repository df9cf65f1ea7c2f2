import { BropError } from "../core/errors.ts";
import type { FollowedOperation, OperationEnd, OperationTransport } from "./operation-transport.ts";

interface Open extends FollowedOperation {
  /** In the form of JSON-RPC, to send it again. */
  operation: Record<string, unknown>;
  /** Block from which on it is sent again, and the blocks until the time after that. */
  resendBlock: number;
  resendPause: number;
  resolve: (end: OperationEnd) => void;
}

const KEPT_ENDS = 10_000;
const LONGEST_PAUSE = 5_000;
/** Blocks after which an operation that is in none of them is sent again; then twice as many, and so on. */
const FIRST_RESEND = 8;

/** Follows operations to their definite end, and sends again what is in no block after some time. */
export class OperationFollower {
  readonly #transport: OperationTransport;
  readonly #interval: number;
  readonly #open = new Map<string, Open>();
  readonly #ends = new Map<string, OperationEnd>();
  readonly #promises = new Map<string, Promise<OperationEnd>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #failures = 0;
  #stopped = false;

  /** @param interval milliseconds between looks at the chain */
  constructor(transport: OperationTransport, interval: number) {
    this.#transport = transport;
    this.#interval = interval;
  }

  /**
   * Begins to follow an operation that is about to be sent.
   * @param operation in the form of JSON-RPC
   */
  follow(followed: FollowedOperation, operation: Record<string, unknown>): Promise<OperationEnd> {
    const known = this.#promises.get(followed.hash);
    if (known !== undefined) return known;
    const promise = new Promise<OperationEnd>((resolve) => {
      const resend = { resendBlock: Number.POSITIVE_INFINITY, resendPause: FIRST_RESEND };
      this.#open.set(followed.hash, { ...followed, operation, ...resend, resolve });
    });
    this.#promises.set(followed.hash, promise);
    this.#schedule();
    return promise;
  }

  /** Gives up an operation that no access node took. */
  forget(hash: string): void {
    this.#open.delete(hash);
    this.#promises.delete(hash);
  }

  /** The end of an operation that is followed; undefined for any other. */
  end(hash: string): Promise<OperationEnd> | undefined {
    return this.#promises.get(hash);
  }

  /** The end, if it is there already. */
  endNow(hash: string): OperationEnd | undefined {
    return this.#ends.get(hash);
  }

  /**
   * Looks at the chain at once.
   * @returns true if the operation has been included
   */
  async isIncluded(hash: string): Promise<boolean> {
    await this.#look();
    return this.#ends.get(hash)?.receipt !== undefined;
  }

  /** Ends what is still awaited here; the operations themselves go on. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const operation of [...this.#open.values()]) {
      const reason = "the connection was closed before the operation ended";
      this.#finish(operation, { error: new BropError("service.unavailable", { operation: operation.hash, reason }) });
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped || this.#open.size === 0) return;
    const pause = Math.min(this.#interval * 2 ** this.#failures, LONGEST_PAUSE);
    this.#timer = setTimeout(async () => {
      try {
        await this.#look();
        this.#failures = 0;
      } catch {
        // Nobody answers at the moment: an operation's end does not depend on us.
        this.#failures = Math.min(this.#failures + 1, 10);
      }
      this.#timer = undefined;
      this.#schedule();
    }, pause);
  }

  /** One look after the other: what one has seen, the next one does not look for again. */
  #look(): Promise<void> {
    const look = this.#looking.then(() => this.#lookOnce());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookOnce(): Promise<void> {
    const { head, ends } = await this.#transport.look([...this.#open.values()]);
    for (const [hash, end] of ends) {
      const operation = this.#open.get(hash);
      if (operation !== undefined) this.#finish(operation, end);
    }
    for (const operation of this.#open.values()) this.#resend(operation, head);
  }

  #resend(open: Open, head: number): void {
    if (open.resendBlock === Number.POSITIVE_INFINITY) open.resendBlock = head + open.resendPause;
    if (head < open.resendBlock) return;
    open.resendPause *= 2;
    open.resendBlock = head + open.resendPause;
    this.#transport.sendAgain(open.hash, open.operation).catch(() => undefined);
  }

  #finish(operation: Open, end: OperationEnd): void {
    this.#open.delete(operation.hash);
    this.#ends.set(operation.hash, end);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= KEPT_ENDS) break;
      this.#ends.delete(oldest);
      this.#promises.delete(oldest);
    }
    operation.resolve(end);
  }
}
