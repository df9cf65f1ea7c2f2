import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { RpcAnswer } from "../../src/access/json-rpc.ts";
import { USER_OPERATION_EVENT } from "../../src/chain/operation-events.ts";
import { ENTRY_POINT, type UserOperation } from "../../src/core/user-operation.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "../store/postgres-server.ts";
import { codeOf } from "./rpc-caller.ts";
import { hashOf, params, signedOperation, TestNetwork, walletOf } from "./test-network.ts";

/** An access node as a process of its own. */
class NodeProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  /** @param key name of the relay's key */
  constructor(rpc: string, database: string, port: number, key: string) {
    this.url = `http://127.0.0.1:${port}/rpc`;
    const program = fileURLToPath(new URL("./access-node-process.ts", import.meta.url));
    const relay = walletOf(key).privateKey;
    this.#child = spawn(process.execPath, [program, rpc, database, relay, String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  async ready(): Promise<this> {
    for await (const chunk of this.#child.stdout ?? []) if (String(chunk).includes("ready")) return this;
    throw new Error("The access node ended before it was ready");
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }

  async ask(method: string, parameters: unknown[]): Promise<RpcAnswer> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: parameters });
    return (await (await fetch(this.url, { method: "POST", headers, body })).json()) as RpcAnswer;
  }
}

describe("two access nodes on one PostgreSQL server", function () {
  this.timeout(180_000);
  let server: PostgresServer;
  let network: TestNetwork;
  const nodes: NodeProcess[] = [];

  before(async function () {
    const reason = whyNoPostgres();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    server = await startPostgres();
    network = await TestNetwork.start();
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await network?.stop();
    server?.stop();
  });

  afterEach(() => Promise.all(nodes.splice(0).map((node) => node.kill())));

  async function start(key = "relay 1"): Promise<NodeProcess> {
    const node = new NodeProcess(network.chain.url, server.url, await freePort(), key);
    nodes.push(node);
    return node.ready();
  }

  it("with keys of their own share the load; what one had when it was killed the other includes, each once", async () => {
    const bob = await network.account("bob");
    const one = await start("relay 1");
    const other = await start("relay 2");
    const deadlineBlock = (await network.head()) + 400;
    const operations = Array.from({ length: 40 }, (_, index) =>
      signedOperation(bob, [network.recordCall(`shared ${index}`)], { deadlineBlock }),
    );
    const send = async (node: NodeProcess, operation: UserOperation) =>
      (await node.ask("eth_sendUserOperation", params(operation))).result;
    for (const [index, operation] of operations.entries()) {
      expect(await send(index % 2 === 0 ? one : other, operation)).to.equal(hashOf(operation));
    }
    await one.kill();
    // Whoever handed them over does what uplink and SDK do: it offers them to the relay that is left.
    for (const operation of operations.filter((_, index) => index % 2 === 0)) await send(other, operation);
    await allIncluded(other, operations);
    const relays = new Set<string>();
    for (const operation of operations) relays.add(await relayOf(operation));
    expect(relays).to.include(walletOf("relay 2").address.toLowerCase());
  });

  it("with one key are one node's at a time: when it is killed the other takes over, and everything accepted is included once", async () => {
    const alice = await network.account("alice");
    const first = await start();
    const deadlineBlock = (await network.head()) + 400;
    const operations = Array.from({ length: 40 }, (_, index) =>
      signedOperation(alice, [network.recordCall(`of two processes ${index}`)], { deadlineBlock }),
    );
    // The lease of a node that was killed before may have to run out.
    await accepted(first, operations[0] as UserOperation);
    const second = await start();
    const refused = await second.ask("eth_sendUserOperation", params(operations[0] as UserOperation));
    expect(codeOf(refused)).to.equal("service.unavailable");
    for (const one of operations.slice(1, 20)) {
      expect((await first.ask("eth_sendUserOperation", params(one))).result).to.equal(hashOf(one));
    }
    await first.kill();
    for (const one of operations.slice(20)) await accepted(second, one);
    await allIncluded(second, operations);
  });

  /** Offers an operation until a node takes it. */
  async function accepted(node: NodeProcess, operation: UserOperation): Promise<void> {
    while ((await node.ask("eth_sendUserOperation", params(operation))).result !== hashOf(operation)) await sleep(200);
  }

  /** Waits until a node says of all that they are included, and counts them on the chain: each is there once. */
  async function allIncluded(node: NodeProcess, operations: readonly UserOperation[]): Promise<void> {
    for (const one of operations) {
      const state = async () =>
        ((await node.ask("brop_getOperationStatus", [hashOf(one)])).result as { state?: string } | null)?.state;
      while ((await state()) !== "included") await sleep(200);
    }
    const logs = await network.rpc.call<{ topics: string[] }[]>("eth_getLogs", [EXECUTIONS]);
    for (const one of operations) {
      expect(logs.filter(({ topics }) => topics[1] === hashOf(one))).to.have.lengthOf(1);
    }
  }

  /** Who brought an operation onto the chain. */
  async function relayOf(operation: UserOperation): Promise<string> {
    const filter = { ...EXECUTIONS, topics: [USER_OPERATION_EVENT, hashOf(operation)] };
    const [log] = await network.rpc.call<{ transactionHash: string }[]>("eth_getLogs", [filter]);
    const transaction = await network.rpc.call<{ from: string }>("eth_getTransactionByHash", [log?.transactionHash]);
    return transaction.from.toLowerCase();
  }
});

const EXECUTIONS = { fromBlock: "0x0", toBlock: "latest", address: ENTRY_POINT, topics: [USER_OPERATION_EVENT] };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
