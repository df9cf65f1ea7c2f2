import { errorFromRevert } from "../../chain/contract-errors.ts";
import {
  type EventLog,
  type OperationEvent,
  readOperationEvents,
  USER_OPERATION_EVENT,
  USER_OPERATION_REVERT_REASON,
} from "../../chain/operation-events.ts";
import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";
import { after, type Clock } from "../../core/clock.ts";
import { BropError, type ErrorCode } from "../../core/errors.ts";
import { word } from "../../core/hex.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { ENTRY_POINT, parseUserOperation } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { deleteBundleRows, findBundleRows } from "../../store/queries/operation-pool/bundles.ts";
import { findOpenPoolRows } from "../../store/queries/operation-pool/find.ts";
import { finishPoolRows, type PoolEnd } from "../../store/queries/operation-pool/finish.ts";
import {
  type FollowedBlock,
  readRelayPosition,
  writeRelayPosition,
} from "../../store/queries/operation-pool/position.ts";
import { rewindPoolRows } from "../../store/queries/operation-pool/rewind.ts";
import type { HeadFeed } from "../head-feed.ts";
import type { Bundler } from "./bundler.ts";
import { newEntry, type OperationPool, type PoolEntry } from "./operation-pool.ts";

export interface FollowerOptions {
  rpc: NodeRpc;
  db: Database;
  relay: string;
  clock: Clock;
  pool: OperationPool;
  bundler: Bundler;
  head: HeadFeed;
  logger?: Logger;
}

/** Selector of `getNonce(address,uint192)`. */
const GET_NONCE = "0x35567e1a";
/** Blocks whose logs are asked for at once. */
const STEP = 500;
/** Blocks that are remembered, to find the common one after a rewind. */
const REMEMBERED = 64;
const RETRY = 1000;
const HOUR = 3_600_000;
/** Reasons for leaving an operation out that mean: its nonce is used. */
const NONCE_USED: ReadonlySet<ErrorCode> = new Set(["operation.serial-used", "operation.nonce-out-of-order"]);

interface Header {
  number: string;
  hash: string;
}

/**
 * Follows the chain block by block and gives every operation of the pool its definite end: included (by whichever
 * relay), expired, or displaced by another operation of the same nonce. Ends are written together with the position,
 * so a restart goes on where it stopped.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #logger: Logger;
  /** Newest first. */
  #blocks: readonly FollowedBlock[] = [];
  #working: Promise<void> = Promise.resolve();
  #callOff: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Height whose inclusions the pool knows; -1 before `start`. */
  get block(): number {
    return this.#blocks[0]?.[0] ?? -1;
  }

  /** Takes up the pool where the last run left it and catches up with the chain. */
  async start(): Promise<void> {
    const { db, relay, head, bundler } = this.#options;
    const { blocks, openSince } = await readRelayPosition(db, relay);
    this.#blocks = blocks;
    await this.#loadPool(openSince);
    // A relay that is new here has nothing to look for in old blocks.
    if (this.#blocks.length === 0) await this.#beginAt(head.number);
    await this.#advance();
    this.#stopListening = head.onHead(() => this.#wake());
    void bundler.flush();
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#callOff?.();
    await this.#working;
  }

  #wake(): void {
    this.#callOff?.();
    this.#working = this.#working
      .then(() => this.#advance())
      .catch((error) => {
        this.#logger.error({ err: BropError.from(error) }, "Following the chain failed; trying again");
        this.#callOff = after(this.#options.clock, RETRY, () => this.#wake());
      });
  }

  async #beginAt(number: number): Promise<void> {
    const header = await this.#options.rpc.call<Header>("eth_getBlockByNumber", [hex(number), false]);
    this.#blocks = [[number, header.hash]];
  }

  async #loadPool(openSince: number): Promise<void> {
    const { rpc, db, relay, pool, bundler } = this.#options;
    // Those that are coming in just now stay.
    for (const entry of [...pool.entries()]) if (entry.accepted) pool.remove(entry);
    for (const row of await findOpenPoolRows(db, relay, openSince)) {
      const entry = newEntry(row.hash, parseUserOperation(row.operation), row.receivedAt, row.receivedBlock);
      entry.accepted = true;
      pool.add(entry);
    }
    // Bundles that still wait in the node's pool are not sent a second time.
    const bundles = await findBundleRows(db, relay);
    const found = await rpc.all(bundles.map(({ hash }) => ({ method: "eth_getTransactionByHash", params: [hash] })));
    const lost = bundles.filter((_, index) => found[index] === null);
    for (const bundle of bundles) {
      if (lost.includes(bundle)) continue;
      const entries = bundle.operations.map((hash) => pool.get(hash)).filter((entry) => entry !== undefined);
      bundler.adopt(bundle.hash, bundle.nonce, entries);
    }
    await deleteBundleRows(
      db,
      lost.map(({ hash }) => hash),
    );
    if (pool.size > 0) this.#logger.info({ operations: pool.size }, "Operations are taken up again");
  }

  async #advance(): Promise<void> {
    const { head } = this.#options;
    while (this.block !== head.number) {
      if (!(await this.#continues())) await this.#rewind();
      if (this.block >= head.number) return;
      await this.#step(Math.min(head.number, this.block + STEP));
    }
  }

  /** Whether the last followed block is still the chain's. */
  async #continues(): Promise<boolean> {
    const [number, hash] = this.#blocks[0] as FollowedBlock;
    const header = await this.#options.rpc.call<Header | null>("eth_getBlockByNumber", [hex(number), false]);
    return header?.hash === hash;
  }

  async #step(to: number): Promise<void> {
    const { rpc, db, relay, pool, bundler } = this.#options;
    const topics = [[USER_OPERATION_EVENT, USER_OPERATION_REVERT_REASON]];
    const range = { fromBlock: hex(this.block + 1), toBlock: hex(to) };
    const [logs, header, transactions] = await rpc.batch([
      { method: "eth_getLogs", params: [{ ...range, address: ENTRY_POINT, topics }] },
      { method: "eth_getBlockByNumber", params: [hex(to), false] },
      { method: "eth_getTransactionCount", params: [relay, hex(to)] },
    ]);
    for (const answer of [logs, header]) if (answer instanceof NodeRpcError) throw answer;
    const ends = this.#endsIn(logs as EventLog[]);
    ends.push(...(await this.#endsWithoutEvent(to, new Set(ends.map(({ hash }) => hash)))));
    const blocks: FollowedBlock[] = [[to, (header as Header).hash] as const, ...this.#blocks].slice(0, REMEMBERED);
    await db.transaction(async (tx) => {
      await finishPoolRows(tx, relay, ends);
      await writeRelayPosition(tx, relay, { blocks, openSince: this.#openSince() });
    });
    for (const { hash } of ends) {
      const entry = pool.get(hash);
      if (entry !== undefined) pool.remove(entry);
    }
    this.#blocks = blocks;
    // A node may have forgotten the state of an old block; a later one tells the same.
    if (!(transactions instanceof NodeRpcError)) await bundler.onBlock(Number(transactions));
  }

  /** Included and displaced operations by EntryPoint's events. */
  #endsIn(logs: readonly EventLog[]): PoolEnd[] {
    const { pool } = this.#options;
    const ends: PoolEnd[] = [];
    for (const event of readOperationEvents(logs)) {
      const entry = pool.at(event.sender, event.nonce);
      if (entry?.accepted !== true) continue;
      ends.push(entry.hash === event.hash ? included(event) : displaced(entry.hash, event.blockNumber, event.hash));
    }
    return ends;
  }

  /**
   * Operations whose deadline is reached, and those whose nonce seems used. The chain is asked once more whether the
   * nonce is free: only then is "expired" true for ever.
   */
  async #endsWithoutEvent(block: number, ended: ReadonlySet<string>): Promise<PoolEnd[]> {
    const { rpc, pool } = this.#options;
    const due: PoolEntry[] = [];
    for (const entry of pool.entries()) {
      if (!entry.accepted || ended.has(entry.hash)) continue;
      const late = entry.deadline !== undefined && entry.deadline <= block;
      if (late || (entry.reason !== undefined && NONCE_USED.has(entry.reason.code))) due.push(entry);
    }
    const nonces = await rpc.all(due.map(({ operation }) => nonceCall(operation)));
    const used = due.filter(({ operation }, index) => BigInt(nonces[index] as string) > operation.nonce);
    // Another relay may have included it in the moment in which it came in here.
    const found = (await rpc.all(
      used.map(({ hash, receivedBlock }) => eventCall(hash, receivedBlock)),
    )) as EventLog[][];
    const ends = used.map(({ hash }, index) => {
      const [event] = readOperationEvents(found[index] ?? []);
      return event === undefined ? displaced(hash, block) : included(event);
    });
    for (const entry of due) {
      if (used.includes(entry) || entry.deadline === undefined || entry.deadline > block) continue;
      // With the reason that kept it out last, where there was one.
      const reason = reasonOf(entry.reason?.toRpcError());
      ends.push({ hash: entry.hash, state: "expired", blockNumber: block, reason });
    }
    return ends;
  }

  /** Goes back to the last common block of a development chain that lost blocks, and opens what was included above. */
  async #rewind(): Promise<void> {
    const { rpc, db, relay, bundler } = this.#options;
    const headers = (await rpc.batch(
      this.#blocks.map(([number]) => ({ method: "eth_getBlockByNumber", params: [hex(number), false] })),
    )) as (Header | null | NodeRpcError)[];
    const common = this.#blocks.findIndex(([, hash], index) => {
      const header = headers[index];
      return header !== null && !(header instanceof NodeRpcError) && header?.hash === hash;
    });
    const genesis = await rpc.call<Header>("eth_getBlockByNumber", ["0x0", false]);
    const blocks: FollowedBlock[] = common >= 0 ? this.#blocks.slice(common) : [[0, genesis.hash]];
    const to = (blocks[0] as FollowedBlock)[0];
    this.#logger.warn({ from: this.block, to }, "The chain lost blocks; operations in them are sent again");
    await db.transaction(async (tx) => {
      await rewindPoolRows(tx, relay, to);
      await writeRelayPosition(tx, relay, { blocks, openSince: 0 });
    });
    this.#blocks = blocks;
    await bundler.reset();
    await this.#loadPool(0);
  }

  /** Before this nothing is open; a clock that is put back by less than an hour does no harm. */
  #openSince(): number {
    let oldest = this.#options.clock.now();
    for (const { receivedAt } of this.#options.pool.entries()) oldest = Math.min(oldest, receivedAt);
    return oldest - HOUR;
  }
}

function included(event: OperationEvent): PoolEnd {
  const { hash, transactionHash, blockNumber, success, revert } = event;
  const reason = revert === undefined ? undefined : errorFromRevert(revert).toRpcError();
  return { hash, state: "included", transactionHash, blockNumber, success, reason: reasonOf(reason) };
}

function displaced(hash: string, blockNumber: number, by?: string): PoolEnd {
  const error = new BropError("operation.displaced", by === undefined ? {} : { by });
  return { hash, state: "displaced", blockNumber, reason: reasonOf(error.toRpcError()) };
}

function nonceCall({ sender, nonce }: { sender: string; nonce: bigint }) {
  const data = GET_NONCE + sender.slice(2).toLowerCase().padStart(64, "0") + word(nonce >> 64n);
  return { method: "eth_call", params: [{ to: ENTRY_POINT, data }, "latest"] };
}

function eventCall(hash: string, receivedBlock: number) {
  const fromBlock = hex(Math.max(0, receivedBlock - REMEMBERED));
  const topics = [[USER_OPERATION_EVENT, USER_OPERATION_REVERT_REASON], hash];
  return { method: "eth_getLogs", params: [{ fromBlock, toBlock: "latest", address: ENTRY_POINT, topics }] };
}

function reasonOf(error: { message: string; data: Record<string, unknown> } | undefined) {
  return error === undefined ? undefined : { ...error.data, message: error.message };
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}
