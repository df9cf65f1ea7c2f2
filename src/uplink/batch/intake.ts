import { RECORD_BYTES } from "../../core/batch/serialised-records.ts";
import { MAX_BATCH } from "../../core/batch/tree.ts";
import { BropError } from "../../core/errors.ts";
import { encodeExecute } from "../../core/execution.ts";
import { bytesToHex } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { countWaiting, insertPortion } from "../../store/queries/batch/portions.ts";
import { signerLength } from "../../store/queries/uplink/signers.ts";
import type { Caller } from "../form.ts";
import type { ContractBook } from "../forms/contract-book.ts";
import type { Submissions } from "../submissions.ts";
import { newPortionId } from "./identifiers.ts";

/** Records that one tenant may have waiting: sixteen full batches. */
const MOST_WAITING = 16 * MAX_BATCH;
/** Milliseconds for which it is known that an account may anchor, and how many records wait. */
const KNOWN_FOR = 5_000;
const MOST_KNOWN = 1_000;
/** More than an anchor takes. */
const GAS = 500_000n;

/** Records that were taken. */
export interface TakenPortion {
  id: string;
  account: string;
  count: number;
  /** Newest indexed block when they came. */
  block: number;
  /** Milliseconds. */
  createdAt: number;
}

/**
 * Takes records that are to be anchored many at a time (EV-6). What was taken is brought onto the chain by `Batcher`, in
 * whichever process that runs.
 */
export class BatchIntake {
  readonly #db: Database;
  readonly #submissions: Pick<Submissions, "check" | "now">;
  readonly #book: Pick<ContractBook, "find">;
  readonly #known = new Map<string, { until: number; room: number }>();

  constructor(db: Database, submissions: Pick<Submissions, "check" | "now">, book: Pick<ContractBook, "find">) {
    this.#db = db;
    this.#submissions = submissions;
    this.#book = book;
  }

  /**
   * Refuses what could never be anchored, before it is stored.
   * @param account in lower case
   * @throws BropError `resource.not-found` for what is no account; `batch.backlog-full`; why the account may not anchor,
   * in the contract's words
   */
  async check({ tenant }: Caller, account: string, count: number): Promise<void> {
    const now = this.#submissions.now();
    const name = `${tenant} ${account}`;
    let known = this.#known.get(name);
    if (known === undefined || known.until <= now) {
      await this.#checkAccount(account);
      known = { until: now + KNOWN_FOR, room: MOST_WAITING - (await countWaiting(this.#db, tenant)) };
      this.#remember(name, known);
    }
    if (known.room < count) throw new BropError("batch.backlog-full", { most: MOST_WAITING, given: count });
    known.room -= count;
  }

  /** Stores checked records, in the caller's transaction. @param records SSZ's serialisation */
  async take(tx: Database, { tenant }: Caller, account: string, records: Uint8Array): Promise<TakenPortion> {
    const [id, count] = [newPortionId(), records.length / RECORD_BYTES];
    const createdAt = this.#submissions.now();
    const block = await insertPortion(tx, { id, tenant, account, createdAt, recordCount: count, records });
    return { id, account, count, block, createdAt };
  }

  async #checkAccount(account: string): Promise<void> {
    if ((await signerLength(this.#db, account)) === undefined) throw new BropError("resource.not-found", { account });
    const { address, interface: abi } = await this.#book.find("BatchAnchors");
    // A root that nobody has anchored: whether the account may is all that can fail.
    const root = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
    const callData = encodeExecute([{ target: address, data: abi.encodeFunctionData("anchor", [root, 1]) }]);
    const fault = await this.#submissions.check.executionFault({ sender: account, callData, callGasLimit: GAS });
    if (fault !== undefined) throw fault;
  }

  #remember(name: string, known: { until: number; room: number }): void {
    this.#known.delete(name);
    this.#known.set(name, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}
