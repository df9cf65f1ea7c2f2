import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { Wallet } from "ethers";
import { readBesuHome } from "../../scripts/plugin/besu-home.ts";
import { besuJdk, buildPlugin, PLUGIN_JAR } from "../../scripts/plugin/build.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import type { NetworkRecord } from "../../src/network/record.ts";
import { brop, type Ended } from "../cli/support/brop.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";
import { liveObstacle } from "./support/live-network.ts";
import { freePort, freePorts } from "./support/ports.ts";

const MINUTES = 60_000;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** How much of Besu's log helps whoever looks into a failure. */
const LOG_LINES = "40";

describe("A consortium of real Besu nodes, from its packages", function () {
  this.timeout(20 * MINUTES);
  let shop: Workshop;
  let content: ReturnType<typeof consortiumOf>;
  let url: string;

  before(async function () {
    const obstacle = liveObstacle();
    if (obstacle !== undefined) {
      console.log(`    skipped: ${obstacle}`);
      this.skip();
    }
    buildPlugin(readBesuHome(process.env.BESU_HOME));
    shop = workshop();
    const node = async (name: string, more: Record<string, unknown>) => ({
      ...entry(name, 0, { memory: "512m", ...more }),
      ports: await freePorts(),
    });
    const platformPort = await freePort();
    url = `http://127.0.0.1:${platformPort}`;
    const validators = [];
    for (const number of [1, 2, 3, 4]) validators.push(await node(`validator-${number}`, { seat: "generate" }));
    content = {
      ...consortiumOf(0),
      network: { name: "trial", chainId: 84_299, council: { delayBlocks: 2, lifetimeBlocks: 1_000 } },
      validators: validators as never,
      fullNodes: [],
      accessNodes: [await node("access-1", { relay: "generate", platformPort })] as never,
    };
    await shop.init(content, { plugin: PLUGIN_JAR });
    const up = await network("up", "--json");
    expect(up.code, up.stdout).to.equal(0);
  });
  after(async () => {
    if (shop === undefined) return;
    await network("stop");
    shop.remove();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.log((await network("logs", "--lines", LOG_LINES)).stdout);
  });

  function network(...args: string[]): Promise<Ended> {
    const [command = "", ...rest] = args;
    const environment = { BESU_HOME: process.env.BESU_HOME ?? "", JAVA_HOME: besuJdk().home };
    return brop(["network", command, "--dir", shop.directory, ...rest], { cwd: shop.root, environment });
  }

  const keys = () => join(shop.directory, "run/services/keys");
  const record = () => JSON.parse(readFileSync(join(shop.directory, "network.json"), "utf8")) as NetworkRecord;
  const json = (ended: Ended) => {
    expect(ended.code, ended.stdout + ended.stderr).to.equal(0);
    return JSON.parse(ended.stdout);
  };

  /** A seat's or anybody's command at the platform. */
  async function act(...args: string[]): Promise<Record<string, unknown>> {
    return json(await brop([...args, "--rpc", url, "--keys", keys(), "--json"], { cwd: shop.root }));
  }

  async function ask<Result>(name: string, method: string, params: unknown[] = []): Promise<Result> {
    const node = record().nodes.find((one) => one.name === name);
    const rpc = new RpcClient(`http://127.0.0.1:${node?.ports.rpc}`);
    try {
      return await rpc.call<Result>(method, params);
    } finally {
      rpc.close();
    }
  }

  /** Lets so many seats vote for a proposal and the first one execute it. @returns its calls in words */
  async function decide(path: string, votes: number): Promise<unknown> {
    const { proposal } = await act("council", "propose", path, "--as", "validator-1-seat");
    for (let seat = 2; seat <= votes; seat++) {
      await act("council", "vote", `${proposal}`, "--as", `validator-${seat}-seat`);
    }
    const { executableFrom, calls } = await act("council", "show", `${proposal}`);
    await until(async () => Number(await ask<string>("access-1", "eth_blockNumber")) >= Number(executableFrom));
    await act("council", "execute", `${proposal}`, "--as", "validator-1-seat");
    return calls;
  }

  /** The hash of a block at every node: the same at all of them. */
  async function sameBlock(block: number): Promise<string> {
    const names = record().nodes.map(({ name }) => name);
    const hash = async (name: string) =>
      (await ask<{ hash: string }>(name, "eth_getBlockByNumber", [`0x${block.toString(16)}`, false]))?.hash;
    const hashes = await Promise.all(names.map(hash));
    expect(new Set(hashes).size, JSON.stringify(hashes)).to.equal(1);
    return hashes[0] as string;
  }

  it("seals blocks by QBFT with the validators of the contract, and serves the platform", async () => {
    const { nodes, services } = json(await network("status", "--json"));
    expect(nodes).to.have.length(5);
    for (const node of nodes) {
      expect(node.block, node.name).to.be.greaterThan(0);
      expect(node.validators).to.equal(4);
      expect(node.seals).to.be.within(3, 4);
      expect(node.peers).to.be.greaterThan(0);
    }
    expect(services.url).to.equal(url);
    const status = await act("status");
    expect(status.chainId).to.equal(84_299);
    const expected = record()
      .nodes.filter(({ kind }) => kind === "validator")
      .map(({ address }) => address.toLowerCase());
    expect((await ask<string[]>("access-1", "qbft_getValidatorsByBlockNumber", ["latest"])).sort()).to.deep.equal(
      expected.sort(),
    );
    expect(await sameBlock(1)).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("takes the documented deployment script, which changes nothing any more", async () => {
    const { privateKey } = JSON.parse(readFileSync(join(keys(), "operator.json"), "utf8"));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(ROOT, "node_modules/hardhat/dist/src/cli.js"),
        "run",
        "--no-compile",
        "scripts/deploy.ts",
        "--network",
        "besu",
      ],
      { cwd: ROOT, env: { ...process.env, BROP_RPC_URL: `${url}/rpc`, BROP_OPERATOR_KEY: privateKey } },
    );
    expect(stdout).to.contain("Everything is deployed already; nothing was changed.");
  });

  it("carries the demonstration from the first record to the last verdict", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, "examples/food-traceability/demo.ts"), "--rpc", url, "--keys", keys(), "--json"],
      { cwd: ROOT, maxBuffer: 50_000_000 },
    );
    expect(JSON.parse(stdout).passed).to.equal(true);
  });

  it("lets a partner's node join later, which syncs from block 0", async () => {
    content.fullNodes = [{ ...entry("partner", 60, { memory: "512m" }), ports: await freePorts() }];
    expect((await shop.init(content, { plugin: PLUGIN_JAR })).made).to.deep.equal(["partner"]);
    json(await network("up", "--json"));
    await sameBlock(1);
    await sameBlock(Number(await ask<string>("partner", "eth_blockNumber")) - 1);
  });

  it("admits a fifth validator by a vote of Council, and it seals blocks", async () => {
    const fifth = { ...entry("validator-5", 5, { seat: "generate", memory: "512m" }), ports: await freePorts() };
    content.validators = [...content.validators, fifth];
    const [vote] = (await shop.init(content, { plugin: PLUGIN_JAR })).votes;
    json(await network("up", "--json"));

    const { proposal } = await act("council", "propose", vote?.path as string, "--as", "validator-1-seat");
    for (const seat of ["validator-2-seat", "validator-3-seat"])
      await act("council", "vote", `${proposal}`, "--as", seat);
    const { executableFrom, calls } = await act("council", "show", `${proposal}`);
    expect(JSON.stringify(calls)).to.contain("addSeat(");
    await until(async () => Number(await ask<string>("access-1", "eth_blockNumber")) >= Number(executableFrom));
    await act("council", "execute", `${proposal}`, "--as", "validator-1-seat");

    const address = record()
      .nodes.find(({ name }) => name === "validator-5")
      ?.address.toLowerCase() as string;
    const set = await ask<string[]>("validator-1", "qbft_getValidatorsByBlockNumber", ["latest"]);
    expect(set).to.have.length(5).and.to.include(address);
    await until(async () => {
      const { miner } = await ask<{ miner: string }>("access-1", "eth_getBlockByNumber", ["latest", false]);
      return miner === address;
    });
  });

  it("removes a validator by a vote of Council, and goes on without it", async () => {
    const leaver = record().nodes.find(({ name }) => name === "validator-4");
    const staying = content.validators.filter(({ name }) => name !== "validator-4");
    const { votes } = await shop.init({ ...content, validators: staying }, { plugin: PLUGIN_JAR });
    const vote = votes.find(({ about }) => about === "remove");
    expect(vote?.node).to.equal("validator-4");
    await decide(vote?.path as string, 4);
    const set = await ask<string[]>("validator-1", "qbft_getValidatorsByBlockNumber", ["latest"]);
    expect(set).to.have.length(4).and.to.not.include(leaver?.address.toLowerCase());
    const head = Number(await ask<string>("validator-1", "eth_blockNumber"));
    // Four rounds of turns: each of the four that are left proposes.
    await until(async () => Number(await ask<string>("validator-1", "eth_blockNumber")) >= head + 4);
    await sameBlock(head + 3);
  });

  it("refuses a transaction of a sender that is not admitted, at the node itself", async () => {
    const stranger = Wallet.createRandom();
    const raw = await stranger.signTransaction({
      ...{ to: stranger.address, nonce: 0, gasLimit: 21_000, gasPrice: 0, type: 0, chainId: 84_299 },
    });
    const refused = await ask("partner", "eth_sendRawTransaction", [raw]).then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(refused).to.contain("sender.not-admitted");
  });

  it("goes on after a stop with the same chain", async () => {
    const block = Number(await ask<string>("validator-1", "eth_blockNumber"));
    const hash = await sameBlock(block - 1);
    json(await network("stop", "--json"));
    json(await network("up", "--json"));
    expect(await sameBlock(block - 1)).to.equal(hash);
    expect(Number(await ask<string>("validator-1", "eth_blockNumber"))).to.be.greaterThan(block);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5 * MINUTES;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("It did not come to pass within five minutes");
    await sleep(500);
  }
}
