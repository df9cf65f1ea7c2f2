import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { type DevChain, startDevChain } from "../../src/chain/dev-chain.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { BropError } from "../../src/core/errors.ts";

const CONTRACT = "0x000000000000000000000000000000000000b001";
const SLOT = `0x${"00".repeat(32)}`;
const VALUE = `0x${"00".repeat(31)}2a`;
// Returns storage slot 0.
const GENESIS = { [CONTRACT]: { code: "0x60005460005260206000f3", nonce: 1, storage: { [SLOT]: VALUE } } };

describe("development chain", () => {
  const running: DevChain[] = [];
  const directory = mkdtempSync(join(tmpdir(), "brop-dev-chain-"));

  async function start(options: Parameters<typeof startDevChain>[0]) {
    const chain = await startDevChain({ blockTime: 1, ...options });
    running.push(chain);
    return { chain, rpc: new RpcClient(chain.url) };
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((chain) => chain.stop()));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("has the genesis allocation in block 0, zero fees and no account of its own", async () => {
    const { rpc } = await start({ genesis: GENESIS });
    expect(await rpc.call("eth_call", [{ to: CONTRACT }, "0x0"])).to.equal(VALUE);
    expect(await rpc.call("eth_getTransactionCount", [CONTRACT, "0x0"])).to.equal("0x1");
    expect(await rpc.call("eth_chainId")).to.equal("0x20e4");
    expect(await rpc.call("eth_gasPrice")).to.equal("0x0");
    expect(await rpc.call("eth_accounts")).to.deep.equal([]);
    const block = await rpc.call<{ baseFeePerGas: string; gasLimit: string }>("eth_getBlockByNumber", ["0x0", false]);
    expect(block.baseFeePerGas).to.equal("0x0");
    expect(Number(block.gasLimit)).to.equal(2_000_000_000);
  });

  it("goes on after a stop with the same blocks and contracts", async () => {
    const stateFile = join(directory, "stop.gz");
    const first = await start({ genesis: GENESIS, stateFile });
    expect(first.chain.fresh).to.equal(true);
    await untilBlock(first.rpc, 2);
    const before = await first.rpc.call<{ hash: string }>("eth_getBlockByNumber", ["0x2", false]);
    await first.chain.stop();

    const second = await start({ stateFile });
    expect(second.chain.fresh).to.equal(false);
    expect(await second.rpc.call("eth_getBlockByNumber", ["0x2", false])).to.include({ hash: before.hash });
    expect(await second.rpc.call("eth_call", [{ to: CONTRACT }, "latest"])).to.equal(VALUE);
    await untilBlock(second.rpc, 3);
  });

  it("keeps block 0 however often it is started again", async () => {
    const stateFile = join(directory, "genesis.gz");
    const hashes = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const { chain, rpc } = await start({ genesis: GENESIS, stateFile });
      hashes.add((await rpc.call<{ hash: string }>("eth_getBlockByNumber", ["0x0", false])).hash);
      // What follows a start's first blocks is in the file that the next one reads.
      await untilBlock(rpc, round + 1);
      await chain.stop();
    }
    expect(hashes.size).to.equal(1);
  });

  it("goes on after kill -9 of its parent, which takes the chain's process along", async () => {
    const stateFile = join(directory, "kill.gz");
    const parent = spawn(process.execPath, ["--input-type=module-typescript", "--eval", parentProgram(stateFile)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { url, hash } = await firstLine(parent);
    parent.kill("SIGKILL");
    await untilGone(new RpcClient(url));
    const { rpc } = await start({ stateFile });
    expect(await rpc.call("eth_getBlockByNumber", ["0x2", false])).to.include({ hash });
  });

  it("keeps a whole state file at every moment", async () => {
    const stateFile = join(directory, "whole.gz");
    const { rpc } = await start({ genesis: GENESIS, stateFile });
    const states = new Set<string>();
    while (Number(await rpc.call("eth_blockNumber")) < 3) {
      states.add(JSON.parse(gunzipSync(readFileSync(stateFile)).toString("utf8")).best_block_number);
      await sleep(5);
    }
    expect(states.size).to.be.greaterThan(1);
  });

  it("says that a cut-off state file is damaged", async () => {
    const stateFile = join(directory, "cut.gz");
    const { chain } = await start({ stateFile });
    await chain.stop();
    writeFileSync(stateFile, readFileSync(stateFile).subarray(0, -100));
    const error = await refusal(startDevChain({ stateFile }));
    expect(error.code).to.equal("data.damaged");
    expect(error.details.path).to.equal(stateFile);
    expect(error.remedy).to.match(/backup/);
  });

  it("says that a state file which is no state is damaged", async () => {
    const stateFile = join(directory, "other.gz");
    writeFileSync(stateFile, gzipSync('{"hello": "world"}'));
    expect((await refusal(startDevChain({ stateFile }))).code).to.equal("data.damaged");
  });

  it("refuses a taken port by name", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      const error = await refusal(startDevChain({ port }));
      expect(error.code).to.equal("port.taken");
      expect(error.details.port).to.equal(port);
    } finally {
      server.close();
    }
  });

  it("reports a chain that stops by itself, once", async function () {
    if (!existsSync("/proc")) this.skip(); // the test finds anvil's process there
    const crashes: BropError[] = [];
    const { chain, rpc } = await start({ onCrash: (error) => crashes.push(error) });
    process.kill(await anvilProcess(chain.port), "SIGKILL");
    await chain.exited;
    await chain.stop();
    expect(crashes.map(({ code }) => code)).to.deep.equal(["chain.unreachable"]);
    expect((await refusal(rpc.call("eth_chainId"))).code).to.equal("chain.unreachable");
  });
});

async function refusal(promise: Promise<unknown>): Promise<BropError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

async function untilBlock(rpc: RpcClient, number: number): Promise<void> {
  while (Number(await rpc.call("eth_blockNumber")) < number) await sleep(50);
}

async function untilGone(rpc: RpcClient): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await rpc.call("eth_chainId").catch(() => "gone")) === "gone") return;
    await sleep(50);
  }
  throw new Error("the chain outlived its parent");
}

function parentProgram(stateFile: string): string {
  const module = new URL("../../src/chain/dev-chain.ts", import.meta.url).href;
  return `
    import { startDevChain } from ${JSON.stringify(module)};
    const { url } = await startDevChain({ blockTime: 1, stateFile: ${JSON.stringify(stateFile)} });
    const call = async (method, params) => (await (await fetch(url, { method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) })).json()).result;
    while (Number(await call("eth_blockNumber", [])) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    const { hash } = await call("eth_getBlockByNumber", ["0x2", false]);
    setTimeout(() => console.log(JSON.stringify({ url, hash })), 700);`;
}

async function firstLine(process: ChildProcess): Promise<{ url: string; hash: string }> {
  let text = "";
  for await (const chunk of process.stdout!) {
    text += String(chunk);
    if (text.includes("\n")) return JSON.parse(text);
  }
  throw new Error("the program ended without a word");
}

/** Process id of the anvil that was started with this port. */
async function anvilProcess(port: number): Promise<number> {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      if (words[0]?.endsWith("anvil") && words.includes(String(port))) return Number(entry);
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error("no such process");
}
