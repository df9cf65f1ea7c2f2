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

  constructor(rpc: string, database: string, port: number) {
    this.url = `http://127.0.0.1:${port}/rpc`;
    const program = fileURLToPath(new URL("./access-node-process.ts", import.meta.url));
    const relay = walletOf("relay 1").privateKey;
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

describe("two access nodes with one key on one PostgreSQL server", function () {
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

  async function start(): Promise<NodeProcess> {
    const node = new NodeProcess(network.chain.url, server.url, await freePort());
    nodes.push(node);
    return node.ready();
  }

  it("are one node's at a time: when it is killed the other takes over, and everything accepted is included once", async () => {
    const alice = await network.account("alice");
    const first = await start();
    const second = await start();
    const deadlineBlock = (await network.head()) + 400;
    const operations = Array.from({ length: 40 }, (_, index) =>
      signedOperation(alice, [network.recordCall(`of two processes ${index}`)], { deadlineBlock }),
    );
    const refused = await second.ask("eth_sendUserOperation", params(operations[0] as UserOperation));
    expect(codeOf(refused)).to.equal("service.unavailable");
    for (const one of operations.slice(0, 20)) {
      expect((await first.ask("eth_sendUserOperation", params(one))).result).to.equal(hashOf(one));
    }
    await first.kill();
    for (const one of operations.slice(20)) {
      while ((await second.ask("eth_sendUserOperation", params(one))).result !== hashOf(one)) await sleep(200);
    }
    for (const one of operations) {
      const state = async () =>
        ((await second.ask("brop_getOperationStatus", [hashOf(one)])).result as { state?: string } | null)?.state;
      while ((await state()) !== "included") await sleep(200);
    }
    const filter = { fromBlock: "0x0", toBlock: "latest", address: ENTRY_POINT, topics: [USER_OPERATION_EVENT] };
    const logs = await network.rpc.call<{ topics: string[] }[]>("eth_getLogs", [filter]);
    for (const one of operations) {
      expect(logs.filter(({ topics }) => topics[1] === hashOf(one))).to.have.lengthOf(1);
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
