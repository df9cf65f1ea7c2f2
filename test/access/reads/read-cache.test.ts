import { expect } from "chai";
import fc from "fast-check";
import { ReadCache } from "../../../src/access/reads/read-cache.ts";
import type { NodeRpc, RpcRequest } from "../../../src/chain/rpc-client.ts";
import { NodeRpcError } from "../../../src/chain/rpc-client.ts";
import { BropError } from "../../../src/core/errors.ts";

const HASH = (seed: number) => `0x${seed.toString(16).padStart(64, "0")}`;

/** A node whose answers are held back until they are let go, and which counts what it is asked. */
class SlowNode implements NodeRpc {
  answers: (method: string, params: readonly unknown[]) => unknown = (method, params) => ({ method, params });
  blockHash = (number: string) => HASH(Number(number));
  calls: string[] = [];
  held: (() => void)[] | undefined;

  async call<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
    this.calls.push(method);
    const answer = this.answers(method, params);
    if (this.held !== undefined) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (answer instanceof Error) throw answer;
    return answer as Result;
  }

  /** Only the cache's own look at the chain comes as a batch. */
  async batch(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return requests.map(({ params = [] }) => ({ hash: this.blockHash(params[0] as string) }));
  }

  all(requests: readonly RpcRequest[]): Promise<unknown[]> {
    return this.batch(requests);
  }

  hold(): void {
    this.held = [];
  }

  letGo(): void {
    const { held = [] } = this;
    this.held = undefined;
    for (const go of held) go();
  }

  close(): void {}
}

/** The chain's height, told by hand. */
class Head {
  number = 100;
  reachable = true;
  #listeners = new Set<(head: number) => void>();

  onHead(listener: (head: number) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async becomes(number: number): Promise<void> {
    this.number = number;
    for (const listener of this.#listeners) listener(number);
    await settle();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("reads of the chain", () => {
  let node: SlowNode;
  let head: Head;
  let cache: ReadCache;

  beforeEach(async () => {
    node = new SlowNode();
    head = new Head();
    cache = new ReadCache({ rpc: node, head, bytes: 100_000 });
    await head.becomes(101);
  });
  afterEach(() => cache.stop());

  const block = (number = 1) => cache.read("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);

  it("are asked of the node once when the answer never changes", async () => {
    const first = await block();
    expect(await block()).to.deep.equal(first);
    expect(node.calls).to.have.lengthOf(1);
    expect(cache.counts).to.include({ hits: 1, misses: 1, answers: 1 });
  });

  it("tell questions apart by method and parameters", async () => {
    await block(1);
    await block(2);
    await cache.read("eth_getBlockByNumber", ["0x1", true]);
    expect(node.calls).to.have.lengthOf(3);
  });

  it("give each caller an answer of its own: what one does to it no other sees", async () => {
    const first = (await block()) as { method: string };
    first.method = "changed";
    expect(await block()).to.deep.include({ method: "eth_getBlockByNumber" });
  });

  it("are asked again when the answer was null or an error", async () => {
    const answers = [null, new NodeRpcError(-32000, "no"), { hash: "0x" }];
    node.answers = () => answers.shift();
    expect(await block()).to.equal(null);
    expect(await block().catch((error: Error) => error.message)).to.equal("no");
    expect(await block()).to.deep.equal({ hash: "0x" });
    expect(await block()).to.deep.equal({ hash: "0x" });
    expect(node.calls).to.have.lengthOf(3);
  });

  it("never take more memory than they may, whatever is asked", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(300), fc.nat(9_000)), { maxLength: 60 }), async (asked) => {
        for (const [number, length] of asked) {
          node.answers = () => "x".repeat(length);
          await cache.read("eth_getCode", [`0x${"11".repeat(20)}`, `0x${number.toString(16)}`]);
          expect(cache.counts.bytes).to.be.at.most(100_000);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("let go of what was not asked for longest, and keep no answer that would push out the rest", async () => {
    node.answers = () => "x".repeat(5_000);
    for (let number = 0; number < 30; number++) {
      await block(number);
      await block(0);
    }
    const before = node.calls.length;
    await block(0);
    expect(node.calls).to.have.lengthOf(before);
    await block(1);
    expect(node.calls).to.have.lengthOf(before + 1);
    node.answers = () => "x".repeat(50_000);
    const { answers } = cache.counts;
    await block(99);
    expect(cache.counts.answers).to.equal(answers);
  });

  it("begin anew when a development chain lost the blocks they are about", async () => {
    await block();
    await head.becomes(102);
    await block();
    expect(node.calls).to.have.lengthOf(1);
    node.blockHash = (number) => HASH(Number(number) + 5_000);
    await head.becomes(90);
    await block();
    expect(node.calls).to.have.lengthOf(2);
  });

  it("keep nothing that was asked before the chain lost blocks and answered after", async () => {
    node.hold();
    const asked = block();
    node.blockHash = (number) => HASH(Number(number) + 5_000);
    await head.becomes(90);
    node.letGo();
    await asked;
    await block();
    expect(node.calls).to.have.lengthOf(2);
  });

  it("do not trust their memory while the node is away", async () => {
    await block();
    head.reachable = false;
    node.answers = () => new BropError("chain.unreachable");
    expect(await block().catch((error: BropError) => error.code)).to.equal("chain.unreachable");
  });

  it("are asked once for many that ask at the same time for what never changes", async () => {
    node.hold();
    const all = Array.from({ length: 50 }, () => block());
    node.letGo();
    const answers = await Promise.all(all);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).to.equal(1);
    expect(node.calls).to.have.lengthOf(1);
    expect(cache.counts).to.include({ shared: 49, misses: 1 });
  });

  it("give nobody an answer that was begun before the question, where it may change", async () => {
    let height = 7;
    node.answers = () => height;
    node.hold();
    const first = cache.read("eth_blockNumber", []);
    height = 8;
    const later = Array.from({ length: 20 }, () => cache.read("eth_blockNumber", []));
    node.letGo();
    expect(await first).to.equal(7);
    expect(new Set(await Promise.all(later))).to.deep.equal(new Set([8]));
    expect(node.calls).to.have.lengthOf(2);
  });

  it("go on after a shared one failed", async () => {
    node.hold();
    node.answers = () => new NodeRpcError(-32000, "no");
    const both = [cache.read("eth_blockNumber", []), cache.read("eth_blockNumber", [])];
    const ends = Promise.allSettled(both);
    node.letGo();
    expect((await ends).map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    node.answers = () => 9;
    expect(await cache.read("eth_blockNumber", [])).to.equal(9);
  });

  it("of filters are never shared: each takes its turn", async () => {
    await Promise.all([1, 2].map(() => cache.read("eth_getFilterChanges", ["0x1"])));
    await Promise.all([1, 2].map(() => cache.read("eth_newBlockFilter", [])));
    expect(node.calls).to.have.lengthOf(4);
  });

  it("are refused with a time to wait when too many wait for the node", async () => {
    const small = new ReadCache({ rpc: node, head, reads: 3 });
    node.hold();
    const waiting = [1, 2, 3].map((number) => small.read("eth_getBlockByNumber", [`0x${number}`, false]));
    const refused = await small.read("eth_getBlockByNumber", ["0x4", false]).catch((error: BropError) => error);
    expect(refused).to.include({ code: "service.unavailable" });
    expect((refused as BropError).details.retryAfter).to.equal(1);
    node.letGo();
    await Promise.all(waiting);
    await small.read("eth_getBlockByNumber", ["0x4", false]);
    small.stop();
  });
});
