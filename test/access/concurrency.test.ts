import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { USER_OPERATION_EVENT } from "../../src/chain/operation-events.ts";
import type { RpcClient } from "../../src/chain/rpc-client.ts";
import { decodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, type UserOperation } from "../../src/core/user-operation.ts";
import { hashOf, params, signedOperation, TestNetwork, walletOf } from "./test-network.ts";

const COUNT = 1_000;
const CONNECTIONS = 8;
const BATCH = 5;

interface Status {
  state: string;
  block?: number;
}

/** An access node that can be killed and started again on the same data and port. */
class NodeProcess {
  readonly url: string;
  readonly #arguments: string[];
  #child: ChildProcess | undefined;

  constructor(rpc: string, directory: string, relayKey: string, port: number) {
    this.url = `http://127.0.0.1:${port}/rpc`;
    this.#arguments = [rpc, directory, relayKey, String(port)];
  }

  async start(): Promise<void> {
    const program = fileURLToPath(new URL("./access-node-process.ts", import.meta.url));
    const child = spawn(process.execPath, [program, ...this.#arguments], { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    for await (const chunk of child.stdout) if (String(chunk).includes("ready")) return;
    throw new Error("The access node ended before it was ready");
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
}

describe("1,000 operations of one account at once", function () {
  this.timeout(240_000);
  let network: TestNetwork;
  let nodes: NodeProcess[];
  const directory = mkdtempSync(join(tmpdir(), "brop-concurrency-"));

  before(async () => {
    network = await TestNetwork.start();
    const relays = ["relay 1", "relay 2"];
    nodes = [];
    for (const relay of relays) {
      const key = walletOf(relay).privateKey;
      nodes.push(new NodeProcess(network.chain.url, join(directory, relay), key, await freePort()));
    }
    await Promise.all(nodes.map((node) => node.start()));
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await network.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("each execute at most once and end included or expired, though a node is killed in between", async () => {
    const alice = await network.account("alice");
    const [first, second] = nodes as [NodeProcess, NodeProcess];
    const head = await network.head();
    // Who certified the account did so by operations of its own.
    const earlier = (await inclusions(network.rpc)).size;
    // Signed ahead; every fiftieth has a deadline so near that it may not be met.
    const operations = Array.from({ length: COUNT }, (_, index) =>
      signedOperation(alice, [network.recordCall(`record ${index}`)], {
        deadlineBlock: head + (index % 50 === 0 ? 12 : 100),
      }),
    );
    shuffle(operations);

    // Half through the first relay, a quarter through the second, a quarter through both at once.
    const jobs = operations.flatMap((operation, index) => {
      const targets = index % 4 < 2 ? [first] : index % 4 === 2 ? [second] : [first, second];
      return targets.map((node) => ({ node, operation }));
    });
    const refusals = new Map<string, string>();
    const started = performance.now();
    let sent = 0;
    const restart = (async () => {
      while (sent < jobs.length / 3) await sleep(5);
      await first.kill();
      await first.start();
    })();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_, connection) => {
        for (let at = connection * BATCH; at < jobs.length; at += CONNECTIONS * BATCH) {
          const part = jobs.slice(at, at + BATCH);
          await Promise.all(part.map(({ node, operation }) => submit(node, operation, refusals)));
          sent += part.length;
        }
      }),
    );
    await restart;
    const seconds = (performance.now() - started) / 1000;

    const ends = await untilAllEnded(operations, [first, second], refusals);
    const onChain = await inclusions(network.rpc);
    const count = { included: 0, expired: 0, refused: 0 };
    for (const operation of operations) {
      const hash = hashOf(operation);
      const blocks = onChain.get(hash) ?? [];
      const serial = decodeSerial(operation.nonce);
      const deadline = serial.tagged ? serial.deadlineBlock : 0;
      const state = ends.get(hash) as "included" | "expired" | "refused";
      count[state]++;
      expect(blocks.length, `${hash} is ${state}`).to.equal(state === "included" ? 1 : 0);
      for (const block of blocks) expect(block).to.be.at.most(deadline);
    }
    const { outstanding } = await settled(network, onChain);
    console.log(
      `      ${COUNT} signed, ${jobs.length} sent in ${seconds.toFixed(1)} s: ${count.included} included, ` +
        `${count.expired} expired, ${count.refused} refused at their deadline, ${outstanding} twice`,
    );
    expect(count.included + count.expired + count.refused).to.equal(COUNT);
    expect(count.included).to.be.at.least(COUNT * 0.95);
    expect(onChain.size - earlier).to.equal(count.included);
  });

  /** Sends until there is an answer, as a client does: the node may be away, and the answer may get lost. */
  async function submit(node: NodeProcess, operation: UserOperation, refusals: Map<string, string>): Promise<void> {
    for (;;) {
      try {
        const body = { jsonrpc: "2.0", id: 1, method: "eth_sendUserOperation", params: params(operation) };
        const answer = await post(node, body);
        if (answer.result !== undefined) {
          expect(answer.result).to.equal(hashOf(operation));
          refusals.delete(hashOf(operation));
        } else if (!refusals.has(hashOf(operation))) {
          refusals.set(hashOf(operation), answer.error?.data?.code ?? JSON.stringify(answer.error));
        }
        return;
      } catch {
        await sleep(50);
      }
    }
  }

  async function untilAllEnded(operations: UserOperation[], both: NodeProcess[], refusals: Map<string, string>) {
    const ends = new Map<string, string>();
    // What was sent after its deadline was answered at once: it can never be included.
    for (const [hash, code] of refusals) {
      expect(code).to.be.oneOf(["operation.deadline-passed"]);
      ends.set(hash, "refused");
    }
    while (ends.size < operations.length) {
      await sleep(300);
      const open = operations.map(hashOf).filter((hash) => !ends.has(hash));
      for (const node of both) {
        for (let at = 0; at < open.length; at += 100) {
          const asked = open.slice(at, at + 100);
          const calls = asked.map((hash, id) => ({
            jsonrpc: "2.0",
            id,
            method: "brop_getOperationStatus",
            params: [hash],
          }));
          for (const { id, result } of (await post(node, calls)) as unknown as {
            id: number;
            result: Status | null;
          }[]) {
            if (result?.state === "included" || result?.state === "expired") ends.set(asked[id] ?? "", result.state);
          }
        }
      }
    }
    return ends;
  }
});

/** EntryPoint's own account of what was included: blocks by operation. */
async function inclusions(rpc: RpcClient): Promise<Map<string, number[]>> {
  const filter = { fromBlock: "0x0", toBlock: "latest", address: ENTRY_POINT, topics: [USER_OPERATION_EVENT] };
  const logs = await rpc.call<{ topics: string[]; blockNumber: string }[]>("eth_getLogs", [filter]);
  const blocks = new Map<string, number[]>();
  for (const { topics, blockNumber } of logs) {
    const hash = topics[1] ?? "";
    blocks.set(hash, [...(blocks.get(hash) ?? []), Number(blockNumber)]);
  }
  return blocks;
}

/** Lets some more blocks pass: what ended must stay so. */
async function settled(network: TestNetwork, before: Map<string, number[]>): Promise<{ outstanding: number }> {
  await network.untilBlock((await network.head()) + 3);
  const after = await inclusions(network.rpc);
  expect(after.size).to.equal(before.size);
  return { outstanding: [...after.values()].filter((blocks) => blocks.length > 1).length };
}

interface Answer {
  result?: unknown;
  error?: { data?: { code?: string } };
}

async function post(node: NodeProcess, body: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(node.url, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as Answer;
}

/** A fixed shuffle, the same in every run. */
function shuffle<Item>(items: Item[]): void {
  let state = 20_261_121;
  for (let at = items.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (at + 1);
    [items[at], items[other]] = [items[other] as Item, items[at] as Item];
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
