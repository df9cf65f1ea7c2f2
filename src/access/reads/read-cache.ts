import { LRUCache } from "lru-cache";
import type { NodeRpc } from "../../chain/rpc-client.ts";
import { BropError } from "../../core/errors.ts";
import type { HeadFeed } from "../head-feed.ts";
import { Coalescer } from "./coalescer.ts";
import { immutableAnswer } from "./immutable.ts";

export interface ReadCacheOptions {
  rpc: NodeRpc;
  head: Pick<HeadFeed, "number" | "reachable" | "onHead">;
  /** Bytes that all kept answers take together, their questions included. */
  bytes?: number;
  /** Most different reads that are under way or wait. */
  reads?: number;
}

/** What the cache did since its start, and what it holds. */
export interface ReadCounts {
  /** Answered from memory. */
  hits: number;
  /** Shared with others that asked for the same at the same time. */
  shared: number;
  /** Asked of the node. */
  misses: number;
  /** Bytes and answers that are kept. */
  bytes: number;
  answers: number;
}

const USUAL_BYTES = 64 * 1_048_576;
const USUAL_READS = 1_000;
/** Longest question that is shared with others; keeping it costs memory too. */
const LONGEST_KEY = 16_384;
/** Beside its text an answer takes about this much. */
const OVERHEAD = 200;
/** Methods that change something in the node or have a turn of their own. */
const NEVER_SHARED = new Set([
  "eth_getFilterChanges",
  "eth_getFilterLogs",
  "eth_newBlockFilter",
  "eth_newFilter",
  "eth_uninstallFilter",
]);

/**
 * Reads of the chain for everybody: what never changes is kept, least recently used first out; what is asked for at the
 * same time is asked once. A development chain that lost blocks empties the memory.
 */
export class ReadCache {
  readonly #rpc: NodeRpc;
  readonly #head: ReadCacheOptions["head"];
  readonly #reads: number;
  readonly #kept: LRUCache<string, string>;
  readonly #coalescer = new Coalescer();
  readonly #counts = { hits: 0, shared: 0, misses: 0 };
  readonly #stopListening: () => void;
  /** A block of the chain that the kept answers are of; while it is the chain's, they are. */
  #anchor: { number: string; hash: string } | undefined;
  /** Changes when the memory is emptied: answers from before are not kept any more. */
  #age = 0;

  constructor({ rpc, head, bytes = USUAL_BYTES, reads = USUAL_READS }: ReadCacheOptions) {
    this.#rpc = rpc;
    this.#head = head;
    this.#reads = reads;
    this.#kept = new LRUCache({
      maxSize: bytes,
      // One answer does not push everything else out.
      maxEntrySize: Math.ceil(bytes / 16),
      sizeCalculation: (text, key) => text.length + key.length + OVERHEAD,
    });
    this.#stopListening = head.onHead(() => void this.#check());
  }

  get counts(): ReadCounts {
    return { ...this.#counts, bytes: this.#kept.calculatedSize, answers: this.#kept.size };
  }

  stop(): void {
    this.#stopListening();
    this.empty();
  }

  /**
   * Answers a read as the node would.
   * @throws as `NodeRpc.call`; BropError `service.unavailable` when too many reads wait
   */
  async read(method: string, params: readonly unknown[]): Promise<unknown> {
    if (NEVER_SHARED.has(method)) return this.#rpc.call(method, params);
    const key = `${method}${JSON.stringify(params)}`;
    if (key.length > LONGEST_KEY) return this.#rpc.call(method, params);
    const keep = immutableAnswer(method, params, this.#head.number);
    // While the node is away nobody knows whether it comes back with the same chain.
    const known = keep !== undefined && this.#head.reachable ? this.#kept.get(key) : undefined;
    if (known !== undefined) {
      this.#counts.hits++;
      return JSON.parse(known);
    }
    if (this.#coalescer.size >= this.#reads) {
      throw new BropError("service.unavailable", { reason: "too many reads wait for the chain's node", retryAfter: 1 });
    }
    let asked = false;
    const age = this.#age;
    const result = await this.#coalescer.run(key, keep !== undefined, () => {
      asked = true;
      return this.#rpc.call(method, params);
    });
    this.#counts[asked ? "misses" : "shared"]++;
    if (asked && keep?.(result) === true && age === this.#age) this.#kept.set(key, JSON.stringify(result));
    return result;
  }

  /** Forgets every answer: the chain they are of may not be the chain any more. */
  empty(): void {
    this.#age++;
    this.#anchor = undefined;
    this.#kept.clear();
  }

  /** After each block: whether the chain still has the block that was its newest one before. */
  async #check(): Promise<void> {
    const before = this.#anchor;
    const newest = `0x${this.#head.number.toString(16)}`;
    const age = this.#age;
    try {
      const numbers = before === undefined ? [newest] : [newest, before.number];
      const blocks = await this.#rpc.all(
        numbers.map((number) => ({ method: "eth_getBlockByNumber", params: [number, false] })),
      );
      const [hash, found] = blocks.map((block) => (block as { hash?: string } | null)?.hash);
      if (age !== this.#age) return;
      if (found === undefined || found !== before?.hash) this.empty();
      this.#anchor = hash === undefined ? undefined : { number: newest, hash };
    } catch {
      this.empty();
    }
  }
}
