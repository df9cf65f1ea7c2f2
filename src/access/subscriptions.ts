import { randomBytes } from "node:crypto";
import type { NodeRpc } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import { isHexBytes } from "../core/hex.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { HeadFeed } from "./head-feed.ts";
import type { RpcConnection, RpcMethod, RpcMethods } from "./json-rpc.ts";

interface LogFilter {
  addresses: Set<string> | undefined;
  /** Per place: the topics that fit, undefined for any. */
  topics: (Set<string> | undefined)[];
}

interface Subscription {
  connection: RpcConnection;
  /** undefined: block headers */
  filter: LogFilter | undefined;
}

interface Log {
  address: string;
  topics: string[];
}

/** Most subscriptions of one connection, and of all. */
const CONNECTION_LIMIT = 100;
const LIMIT = 20_000;
/** Most addresses and topics in one filter, and in all filters of one connection. */
const FILTER_LIMIT = 1_000;
const FILTERS_LIMIT = 10_000;
// A client that slept through more blocks asks for the missed ones itself.
const CATCH_UP_LIMIT = 100;

/** `eth_subscribe` and `eth_unsubscribe` for `newHeads` and `logs`, fed by the one watch on the chain's height. */
export class Subscriptions {
  readonly #rpc: NodeRpc;
  readonly #logger: Logger;
  readonly #head: HeadFeed;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #ofConnection = new Map<RpcConnection, Set<string>>();
  readonly #stopListening: () => void;
  #last: number;
  #working: Promise<void> = Promise.resolve();

  constructor(rpc: NodeRpc, head: HeadFeed, logger: Logger = silentLogger) {
    this.#rpc = rpc;
    this.#head = head;
    this.#logger = logger;
    this.#last = head.number;
    this.#stopListening = head.onHead((number) => {
      // One after another, so that everybody hears of blocks in order.
      this.#working = this.#working
        .then(() => this.#publish(number))
        .catch((error) => {
          this.#logger.warn({ err: error }, "Subscribers were not told of a block");
        });
    });
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  get methods(): RpcMethods {
    return new Map<string, RpcMethod>([
      ["eth_subscribe", (params, connection) => this.#subscribe(params, connection)],
      ["eth_unsubscribe", (params, connection) => this.#unsubscribe(params[0], connection)],
    ]);
  }

  stop(): void {
    this.#stopListening();
    this.#subscriptions.clear();
    this.#ofConnection.clear();
  }

  #subscribe([kind, filter]: readonly unknown[], connection: RpcConnection | undefined): string {
    if (connection === undefined) throw new BropError("request.method-refused", { reason: "needs a WebSocket" });
    if (kind !== "newHeads" && kind !== "logs") {
      throw new BropError("request.invalid", { field: "subscription", reason: "must be newHeads or logs" });
    }
    const known = this.#ofConnection.get(connection) ?? this.#welcome(connection);
    if (known.size >= CONNECTION_LIMIT) throw new BropError("request.rate-limited", { subscriptions: known.size });
    if (this.size >= LIMIT) throw new BropError("service.unavailable", { reason: "there are too many subscriptions" });
    const subscription = { connection, filter: kind === "logs" ? parseLogFilter(filter) : undefined };
    this.#checkFilters(known, subscription.filter);
    // Unguessable: ids are a connection's own.
    const id = `0x${randomBytes(16).toString("hex")}`;
    if (this.#subscriptions.size === 0) this.#last = this.#head.number;
    this.#subscriptions.set(id, subscription);
    known.add(id);
    return id;
  }

  #checkFilters(ids: ReadonlySet<string>, added: LogFilter | undefined): void {
    let entries = sizeOf(added);
    for (const id of ids) entries += sizeOf(this.#subscriptions.get(id)?.filter);
    if (entries <= FILTERS_LIMIT) return;
    const reason = `all filters of a connection together may hold at most ${FILTERS_LIMIT} addresses and topics`;
    throw invalid("filter", reason);
  }

  #unsubscribe(id: unknown, connection: RpcConnection | undefined): boolean {
    const known = connection === undefined ? undefined : this.#ofConnection.get(connection);
    if (typeof id !== "string" || known?.delete(id) !== true) return false;
    return this.#subscriptions.delete(id);
  }

  #welcome(connection: RpcConnection): Set<string> {
    const ids = new Set<string>();
    this.#ofConnection.set(connection, ids);
    connection.onClose(() => {
      for (const id of ids) this.#subscriptions.delete(id);
      this.#ofConnection.delete(connection);
    });
    return ids;
  }

  async #publish(head: number): Promise<void> {
    const from = Math.max(this.#last + 1, head - CATCH_UP_LIMIT + 1);
    this.#last = head;
    if (this.#subscriptions.size === 0) return;
    for (let number = from; number <= head; number++) await this.#publishBlock(number);
  }

  async #publishBlock(number: number): Promise<void> {
    const block = `0x${number.toString(16)}`;
    const wanted = [...this.#subscriptions.values()];
    const wantLogs = wanted.some(({ filter }) => filter !== undefined);
    const [header, logs] = await this.#rpc.all([
      { method: "eth_getBlockByNumber", params: [block, false] },
      ...(wantLogs ? [{ method: "eth_getLogs", params: [{ fromBlock: block, toBlock: block }] }] : []),
    ]);
    if (header === null) return;
    const { transactions: _, uncles: __, withdrawals: ___, ...newHead } = header as Record<string, unknown>;
    for (const [id, { connection, filter }] of this.#subscriptions) {
      const results = filter === undefined ? [newHead] : ((logs ?? []) as Log[]).filter((log) => matches(log, filter));
      for (const result of results) connection.notify("eth_subscription", { subscription: id, result });
    }
  }
}

/** @throws BropError `request.invalid` */
export function parseLogFilter(value: unknown): LogFilter {
  if (value === undefined || value === null) return { addresses: undefined, topics: [] };
  if (typeof value !== "object" || Array.isArray(value)) throw invalid("filter", "must be an object");
  const { address, topics = [] } = value as { address?: unknown; topics?: unknown };
  if (!Array.isArray(topics) || topics.length > 4) throw invalid("topics", "must be an array of at most four");
  return { addresses: parseSet(address, "address", 20), topics: topics.map((topic) => parseSet(topic, "topics", 32)) };
}

function parseSet(value: unknown, field: string, bytes: number): Set<string> | undefined {
  if (value === undefined || value === null) return undefined;
  const values = Array.isArray(value) ? value : [value];
  if (values.length > FILTER_LIMIT) throw invalid(field, `must hold at most ${FILTER_LIMIT} values`);
  if (!values.every((item) => isHexBytes(item, bytes))) throw invalid(field, `must be ${bytes} bytes in hexadecimal`);
  return values.length === 0 ? undefined : new Set(values.map((item: string) => item.toLowerCase()));
}

function sizeOf(filter: LogFilter | undefined): number {
  if (filter === undefined) return 0;
  return filter.topics.reduce((sum, topics) => sum + (topics?.size ?? 0), filter.addresses?.size ?? 0);
}

function matches(log: Log, { addresses, topics }: LogFilter): boolean {
  if (addresses !== undefined && !addresses.has(log.address.toLowerCase())) return false;
  return topics.every((fitting, place) => {
    const topic = log.topics[place];
    return topic !== undefined && (fitting === undefined || fitting.has(topic.toLowerCase()));
  });
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}
