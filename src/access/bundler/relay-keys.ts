import type { TransactionSigner } from "../../chain/signing/transaction-signer.ts";
import type { Clock } from "../../core/clock.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import type { Database } from "../../store/database.ts";
import { KeyLease } from "../../store/key-lease.ts";
import type { Admission } from "../admission.ts";
import { RelayKey } from "./relay-key.ts";

export interface RelayKeysOptions {
  db: Database;
  /** At least one; the first is the node's own, under which it keeps its operations. */
  signers: readonly TransactionSigner[];
  admission: Admission;
  /** Milliseconds that a lease outlives a process that died. */
  leaseTime?: number | undefined;
  /** Time for leases too, in a simulation; without it the database's clock counts. */
  clock?: Clock | undefined;
  logger?: Logger;
}

/** Told when this process may use a key, and when not any more. */
export interface KeyListener {
  onTaken(key: RelayKey): void;
  onLost(key: RelayKey): void;
}

/** The keys of one access node, each under a lease of its own. */
export class RelayKeys {
  readonly all: readonly RelayKey[];
  readonly #admission: Admission;
  readonly #logger: Logger;
  readonly #silenced = new Set<RelayKey>();

  constructor({ db, signers, admission, leaseTime, clock, logger = silentLogger }: RelayKeysOptions) {
    this.#admission = admission;
    this.#logger = logger;
    this.all = signers.map((signer) => {
      const ttl = leaseTime === undefined ? {} : { ttl: leaseTime };
      return new RelayKey(signer, new KeyLease({ db, key: signer.address, clock, logger, ...ttl }));
    });
  }

  /** The key under whose address the node keeps its operations. */
  get home(): RelayKey {
    return this.all[0] as RelayKey;
  }

  /** Takes the leases that are free, and waits for the others. */
  async start(listener: KeyListener): Promise<void> {
    for (const key of this.all) {
      await key.lease.start({ onTaken: () => listener.onTaken(key), onLost: () => listener.onLost(key) });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((key) => key.lease.stop()));
  }

  /** Asks what each key that is held may still send. @returns how many bundles all of them may send at a height */
  async refresh(head: number): Promise<number> {
    const usable = this.all.filter((key) => key.isUsable(head));
    await Promise.all(
      usable.map(async (key) => {
        key.learn(await this.#admission.left(key.address), head);
        this.#tellSilenced(key);
      }),
    );
    return usable.reduce((sum, key) => sum + key.room(head), 0);
  }

  /**
   * The key that sends next: the one with the fewest bundles under way, among these the one with most allowance left.
   * @param given bundles that keys were given and do not count yet
   */
  choose(head: number, given: ReadonlyMap<RelayKey, number>, address?: string): RelayKey | undefined {
    const load = (key: RelayKey) => key.outstanding + (given.get(key) ?? 0);
    const left = (key: RelayKey) => (key.allowance?.transactions ?? 0) - (given.get(key) ?? 0);
    return this.all
      .filter((key) => (address === undefined || key.address === address) && key.room(head) > (given.get(key) ?? 0))
      .sort((a, b) => load(a) - load(b) || left(b) - left(a))[0];
  }

  /**
   * The height at which some key may send again, when each that is admitted has used up its allowance; undefined while
   * one may send, or nobody knows.
   */
  exhaustedUntil(head: number): number | undefined {
    const admitted = this.all.filter(({ lease, allowance }) => lease.held && allowance?.admitted === true);
    const ends = admitted.map((key) => key.exhaustedUntil(head));
    if (ends.length === 0 || ends.includes(undefined)) return undefined;
    return Math.min(...(ends as number[]));
  }

  #tellSilenced(key: RelayKey): void {
    const { transactions = 0, blocks = 0 } = key.allowance ?? {};
    if (transactions > 0) this.#silenced.delete(key);
    else if (!this.#silenced.has(key)) {
      this.#silenced.add(key);
      const relay = key.address;
      this.#logger.warn({ relay, blocks }, "The relay may not send: it is not admitted, or its allowance is used up");
    }
  }
}
