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
import { isHexBytes, word } from "../../core/hex.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { ENTRY_POINT, parseUserOperation } from "../../core/user-operation.ts";
import type { Database } from "../../store/database.ts";
import { findOpenPoolRows } from "../../store/queries/operation-pool/find.ts";
import { finishPoolRows, type PoolEnd } from "../../store/queries/operation-pool/finish.ts";
import { movePoolRows } from "../../store/queries/operation-pool/move.ts";
import {
  type FollowedBlock,
  readRelayPosition,
  writeRelayPosition,
} from "../../store/queries/operation-pool/position.ts";
import { rewindPoolRows } from "../../store/queries/operation-pool/rewind.ts";
import type { HeadFeed } from "../head-feed.ts";
import { readQuantity } from "../quantity.ts";
import type { Bundler } from "./bundler.ts";
import { newEntry, type OperationPool, type PoolEntry } from "./operation-pool.ts";
import type { RelayKey } from "./relay-key.ts";
import type { RelayKeys } from "./relay-keys.ts";

export interface FollowerOptions {
  rpc: NodeRpc;
  db: Database;
  keys: RelayKeys;
  clock: Clock;
  pool: OperationPool;
  bundler: Bundler;
  head: HeadFeed;
  /** Whether the chain may lose its newest blocks. */
  development: boolean;
  /** Told when it did. */
  onRewind: () => void;
  logger?: Logger;
}

/** Selector of `getNonce(address,uint192)`. */
const GET_NONCE = "0x35567e1a";
/** Blocks whose logs are asked for at once. */
const STEP = 500;
/** Blocks that are remembered, to find the common one after a rewind. */
const REMEMBERED = 64;
const RETRY = 1000;
/** Calls in one exchange: together they are of one node and one moment. */
const AT_ONCE = 400;
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
  #unsure = false;
  /** Blocks were lost, and pool and bundler do not know it yet. */
  #rewound = false;

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
    const { db, head } = this.#options;
    const { blocks, openSince } = await readRelayPosition(db, this.#relay);
    this.#blocks = blocks;
    await this.#loadPool(openSince);
    // A relay that is new here has nothing to look for in old blocks.
    if (this.#blocks.length === 0) await this.#beginAt(head.number);
    await this.#advance();
    this.#stopListening = head.onHead(() => this.#wake());
    // A block may have come before the listening.
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#callOff?.();
    await this.#working;
    this.#callOff?.();
  }

  /** Takes over what was accepted under another key that is this node's now. */
  async takeOver(key: RelayKey): Promise<void> {
    const { db, keys } = this.#options;
    await db.transaction(async (tx) => {
      await keys.home.lease.confirm(tx);
      await key.lease.confirm(tx);
      await movePoolRows(tx, key.address, this.#relay);
    });
    await this.#addRows(0);
  }

  /** Looks with the next block for operations that are stored and not in the pool. */
  readAgain(): void {
    this.#unsure = true;
  }

  get #relay(): string {
    return this.#options.keys.home.address;
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
    const { pool } = this.#options;
    pool.forgetStored();
    await this.#addRows(openSince);
    if (pool.size > 0) this.#logger.info({ operations: pool.size }, "Operations are taken up again");
  }

  async #addRows(openSince: number): Promise<void> {
    const { db, pool } = this.#options;
    for (const row of await findOpenPoolRows(db, this.#relay, openSince)) {
      pool.addStored(newEntry(row.hash, parseUserOperation(row.operation), row.receivedAt, row.receivedBlock));
    }
  }

  async #advance(): Promise<void> {
    const { head, development } = this.#options;
    if (this.#rewound) await this.#openAgain();
    while (this.block !== head.number) {
      // What is final does not become less: a node that is behind is waited for.
      if (!development && head.number < this.block) return;
      if (!(await this.#continues())) await this.#rewind();
      if (this.block >= head.number) return;
      await this.#step(Math.min(head.number, this.block + STEP));
    }
  }

  /** Whether the last followed block is still the chain's. */
  async #continues(): Promise<boolean> {
    const { rpc, head, development } = this.#options;
    const [number, hash] = this.#blocks[0] as FollowedBlock;
    const header = await rpc.call<Header | null>("eth_getBlockByNumber", [hex(number), false]);
    if (header === null && (head.number >= number || !development)) throw unsure(number);
    if (header !== null && !isHexBytes(header.hash, 32)) throw unsure(number);
    if (header?.hash === hash) return true;
    if (!development) throw new BropError("chain.wrong", { block: number, expected: hash, found: header?.hash });
    return false;
  }

  async #step(to: number): Promise<void> {
    const { rpc, db, keys, pool, bundler } = this.#options;
    if (this.#unsure) await this.#addRows(this.#openSince());
    this.#unsure = false;
    const topics = [[USER_OPERATION_EVENT, USER_OPERATION_REVERT_REASON]];
    const range = { fromBlock: hex(this.block + 1), toBlock: hex(to) };
    const [logs, header, ...counts] = await rpc.batch([
      { method: "eth_getLogs", params: [{ ...range, address: ENTRY_POINT, topics }] },
      { method: "eth_getBlockByNumber", params: [hex(to), false] },
      ...keys.all.map(({ address }) => ({ method: "eth_getTransactionCount", params: [address, hex(to)] })),
    ]);
    for (const answer of [logs, header]) if (answer instanceof NodeRpcError) throw answer;
    // A node that does not have the block yet answers with no logs: that would look like "not included".
    const hash = (header as Header | null)?.hash;
    if (!Array.isArray(logs) || !isHexBytes(hash, 32)) throw unsure(to);
    const ends = this.#endsIn(logs as EventLog[]);
    ends.push(...(await this.#endsWithoutEvent(to, new Set(ends.map(({ hash }) => hash)))));
    const blocks: FollowedBlock[] = [[to, hash] as const, ...this.#blocks].slice(0, REMEMBERED);
    await db.transaction(async (tx) => {
      await keys.home.lease.confirm(tx);
      await finishPoolRows(tx, this.#relay, ends);
      await writeRelayPosition(tx, this.#relay, { blocks, openSince: this.#openSince() });
    });
    for (const { hash } of ends) pool.end(hash);
    this.#blocks = blocks;
    // A node may have forgotten the state of an old block; a later one tells the same.
    const known = keys.all.flatMap(({ address }, at) =>
      counts[at] instanceof NodeRpcError ? [] : [[address, readQuantity(counts[at])] as const],
    );
    await bundler.onBlock(new Map(known));
  }

  /** Included and displaced operations by EntryPoint's events. */
  #endsIn(logs: readonly EventLog[]): PoolEnd[] {
    const { pool } = this.#options;
    const ends: PoolEnd[] = [];
    for (const event of readOperationEvents(logs)) {
      for (const { hash } of pool.storedAt(event.sender, event.nonce)) {
        ends.push(hash === event.hash ? included(event) : displaced(hash, event.blockNumber, event.hash));
      }
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
    for (const entry of pool.stored()) {
      if (ended.has(entry.hash)) continue;
      const late = entry.deadline !== undefined && entry.deadline <= block;
      if (late || (entry.reason !== undefined && NONCE_USED.has(entry.reason.code))) due.push(entry);
    }
    const nonces = await this.#noncesOf(due, block);
    const used = due.filter(({ operation }, index) => (nonces[index] as bigint) > operation.nonce);
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

  /** The next nonces of operations' keys, of a node that has the block. */
  async #noncesOf(entries: readonly PoolEntry[], block: number): Promise<bigint[]> {
    const { rpc } = this.#options;
    const nonces: bigint[] = [];
    for (let at = 0; at < entries.length; at += AT_ONCE) {
      const part = entries.slice(at, at + AT_ONCE).map(({ operation }) => nonceCall(operation));
      const answers = await rpc.all([...part, { method: "eth_blockNumber" }]);
      if (readQuantity(answers.pop()) < block) throw unsure(block);
      if (!answers.every((answer) => isHexBytes(answer, 32))) throw unsure(block);
      nonces.push(...answers.map((answer) => BigInt(answer as string)));
    }
    return nonces;
  }

  /** Goes back to the last common block of a development chain that lost blocks, and opens what was included above. */
  async #rewind(): Promise<void> {
    const { rpc, db, keys } = this.#options;
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
      await keys.home.lease.confirm(tx);
      await rewindPoolRows(tx, this.#relay, to);
      await writeRelayPosition(tx, this.#relay, { blocks, openSince: 0 });
    });
    this.#blocks = blocks;
    this.#rewound = true;
    this.#options.onRewind();
    await this.#openAgain();
  }

  /** Until this is done no block is looked at: the ends in it would be those of operations that the pool does not hold. */
  async #openAgain(): Promise<void> {
    await this.#options.bundler.reset();
    await this.#loadPool(0);
    this.#rewound = false;
  }

  /** Before this nothing is open; a clock that is put back by less than an hour does no harm. */
  #openSince(): number {
    let oldest = this.#options.clock.now();
    for (const { receivedAt } of this.#options.pool.stored()) oldest = Math.min(oldest, receivedAt);
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

/** The node's answers do not fit together, so nothing follows from them. */
function unsure(block: number): BropError {
  return new BropError("chain.unreachable", { block, reason: "the node has no consistent answer for this block yet" });
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}
