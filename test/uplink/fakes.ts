import { hexlify, toBeHex } from "ethers";
import type { Clock } from "../../src/core/clock.ts";
import { BropError } from "../../src/core/errors.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../../src/core/user-operation.ts";
import type { Database } from "../../src/store/database.ts";
import { insertSubmissions, type NewSubmission, readSubmission } from "../../src/store/queries/uplink/submissions.ts";
import { IndexedOperationEnds } from "../../src/uplink/indexed-ends.ts";
import type { Relay, SentOperation } from "../../src/uplink/relay.ts";
import { Uplink, type UplinkOptions } from "../../src/uplink/uplink.ts";

export const CHAIN_ID = 8420;
export const TENANT = "tenant";
const SENDER = `0x${"5e".repeat(20)}`;
const TRANSACTION = `0x${"7a".repeat(32)}`;

/** A clock that moves when it is told to. */
export class HandClock implements Clock {
  time = 1_800_000_000_000;
  now(): number {
    return this.time;
  }
  async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
  }
}

/** A chain of which only heights, operations and the index exist, as the indexer would have written them. */
export class PlainChain {
  head = 100;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async index(block = this.head): Promise<void> {
    this.head = Math.max(this.head, block);
    await this.#db.query(
      `insert into chain (chain_id, genesis_hash, block_number, block_hash) values ($1, '\\x00', $2, '\\x00')
       on conflict (singleton) do update set block_number = excluded.block_number`,
      [CHAIN_ID, block],
    );
  }

  /** Puts an operation into the next block; indexed at once. */
  async include(operation: Pick<NewSubmission, "hash" | "sender" | "nonce">, revert?: string): Promise<void> {
    const block = ++this.head;
    const values = [operation.hash.slice(2), operation.sender.slice(2), operation.nonce.toString()];
    await this.#db.query(
      `insert into operations (hash, sender, nonce, success, gas_used, transaction_hash, block_number, log_index)
       values (decode($1, 'hex'), decode($2, 'hex'), $3, $4, 50000, decode($5, 'hex'), $6, 0) on conflict do nothing`,
      [...values, revert === undefined, TRANSACTION.slice(2), block],
    );
    if (revert !== undefined) {
      await this.#db.query(
        `insert into operation_reverts (operation, reason, block_number, log_index)
         values (decode($1, 'hex'), decode($2, 'hex'), $3, 0) on conflict do nothing`,
        [values[0], revert.slice(2), block],
      );
    }
    await this.index();
  }
}

/** A relay of which the test decides what it does. It remembers what it took. */
export class ScriptedRelay implements Relay {
  readonly name: string;
  readonly taken: SentOperation[] = [];
  asked = 0;
  /** Throws, or says why an operation is refused; by default all are taken. */
  behave: (operation: SentOperation) => BropError | undefined | Promise<BropError | undefined> = () => undefined;
  closed = false;

  constructor(name: string) {
    this.name = name;
  }

  async send(operations: readonly SentOperation[]): Promise<(BropError | undefined)[]> {
    this.asked++;
    const outcomes = await Promise.all(operations.map((operation) => this.behave(operation)));
    this.taken.push(...operations.filter((_, index) => outcomes[index] === undefined));
    return outcomes;
  }

  close(): void {
    this.closed = true;
  }

  down(): void {
    this.behave = () => {
      throw new BropError("relay.unavailable", { relay: this.name, reason: "it is down" });
    };
  }

  refuse(code: "operation.rejected" | "quota.exhausted" = "operation.rejected"): void {
    this.behave = () => new BropError(code, { reason: `${this.name} says so` });
  }

  work(): void {
    this.behave = () => undefined;
  }
}

let count = 0;

/** A submission that is no other's. */
export function newSubmission(changes: Partial<NewSubmission> = {}): NewSubmission {
  const number = ++count;
  const deadline = changes.deadline ?? 150;
  const signed = changes.state !== "received";
  const operation: UserOperation = {
    sender: SENDER,
    nonce: changes.nonce ?? encodeSerial({ random: BigInt(number), deadlineBlock: deadline }),
    callData: toBeHex(number, 32),
    callGasLimit: 1n,
    verificationGasLimit: 1n,
    preVerificationGas: 1n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: signed ? hexlify(new Uint8Array(65).fill(1)) : "0x",
  };
  return {
    ...{
      id: `submission_${number.toString(16).padStart(24, "0")}`,
      tenant: TENANT,
      createdBy: "key",
      kind: "operation",
    },
    ...{ state: signed ? "signed" : "received", hash: userOperationHash(operation, ENTRY_POINT, CHAIN_ID) },
    ...{ sender: SENDER, nonce: operation.nonce, deadline, operation: toRpc(operation), content: {}, batch: null },
    ...{ createdAt: 1_800_000_000_000, createdBlock: 100, dueAt: signed ? 0 : null },
    ...changes,
  };
}

/** Everything that a worker works with. */
export class Fakes {
  readonly clock = new HandClock();
  readonly chain: PlainChain;
  readonly relays: ScriptedRelay[];
  readonly db: Database;

  constructor(db: Database, relays = ["one", "two"]) {
    this.db = db;
    this.chain = new PlainChain(db);
    this.relays = relays.map((name) => new ScriptedRelay(name));
  }

  uplink(changes: Partial<UplinkOptions> = {}): Uplink {
    const { db, clock, relays, chain } = this;
    return new Uplink({
      ...{ db, clock, relays, ends: new IndexedOperationEnds(changes.db ?? db), head: async () => chain.head },
      random: () => 0.5,
      ...changes,
    });
  }

  async add(...rows: NewSubmission[]): Promise<void> {
    await insertSubmissions(this.db, rows);
  }

  async row({ id }: { id: string }) {
    const rows = await this.db.query<Parameters<typeof readSubmission>[0]>(
      `select *, transaction_hash as "transactionHash", block_number as "blockNumber", due_at as "dueAt",
         gas_used as "gasUsed", ended_at as "endedAt" from submissions where id = $1`,
      [id],
    );
    return readSubmission(rows[0] as Parameters<typeof readSubmission>[0]);
  }
}
