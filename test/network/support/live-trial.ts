import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { readBesuHome } from "../../../scripts/plugin/besu-home.ts";
import { besuJdk, buildPlugin, PLUGIN_JAR } from "../../../scripts/plugin/build.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import type { InitResult } from "../../../src/network/init.ts";
import type { NetworkRecord } from "../../../src/network/record.ts";
import { brop, type Ended } from "../../cli/support/brop.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./consortium-file.ts";
import { freePort, freePorts } from "./ports.ts";

const PATIENCE_MS = 300_000;
/** How much of Besu's log helps whoever looks into a failure. */
const LOG_LINES = "40";
const CHAIN_ID = 84_299;

/** A consortium of real nodes on this machine, as `brop network` makes and runs it, with its services. */
export class LiveTrial {
  readonly shop: Workshop;
  readonly url: string;
  /** What the consortium's file says; to be changed and made again. */
  content: ReturnType<typeof consortiumOf>;

  private constructor(shop: Workshop, url: string, content: ReturnType<typeof consortiumOf>) {
    this.shop = shop;
    this.url = url;
    this.content = content;
  }

  /** Makes and starts four validators and an access node. */
  static async start(): Promise<LiveTrial> {
    buildPlugin(readBesuHome(process.env.BESU_HOME));
    const platformPort = await freePort();
    const validators = [];
    for (const number of [1, 2, 3, 4]) validators.push(await node(`validator-${number}`, { seat: "generate" }));
    const content = {
      ...consortiumOf(0),
      network: { name: "trial", chainId: CHAIN_ID, council: { delayBlocks: 2, lifetimeBlocks: 1_000 } },
      validators: validators as never,
      fullNodes: [],
      accessNodes: [await node("access-1", { relay: "generate", platformPort })] as never,
    };
    const trial = new LiveTrial(workshop(), `http://127.0.0.1:${platformPort}`, content);
    try {
      await trial.make();
      json(await trial.network("up", "--json"));
      return trial;
    } catch (error) {
      await trial.close();
      throw error;
    }
  }

  /** Makes the packages and proposals that the file asks for now. */
  make(content: object = this.content): Promise<InitResult> {
    return this.shop.init(content, { plugin: PLUGIN_JAR });
  }

  /** `brop network ...` on this network. */
  network(...args: string[]): Promise<Ended> {
    const [command = "", ...rest] = args;
    const environment = { BESU_HOME: process.env.BESU_HOME ?? "", JAVA_HOME: besuJdk().home };
    return brop(["network", command, "--dir", this.shop.directory, ...rest], { cwd: this.shop.root, environment });
  }

  /** A seat's or anybody's command at the platform. */
  async act(...args: string[]): Promise<Record<string, unknown>> {
    const options = { cwd: this.shop.root, environment: { BROP_DATA: this.run("services") } };
    return json(await brop([...args, "--rpc", this.url, "--keys", this.keys, "--json"], options));
  }

  /** Asks one node. */
  async ask<Result>(name: string, method: string, params: unknown[] = []): Promise<Result> {
    const asked = this.record.nodes.find((one) => one.name === name);
    const rpc = new RpcClient(`http://127.0.0.1:${asked?.ports.rpc}`);
    try {
      return await rpc.call<Result>(method, params);
    } finally {
      rpc.close();
    }
  }

  height = async (name: string): Promise<number> => Number(await this.ask<string>(name, "eth_blockNumber"));

  block(name: string, number: number | "latest") {
    const tag = number === "latest" ? number : `0x${number.toString(16)}`;
    return this.ask<{ hash: string; miner: string; extraData: string }>(name, "eth_getBlockByNumber", [tag, false]);
  }

  /** The hash of a block at every node: the same at all of them. */
  async sameBlock(number: number): Promise<string> {
    const hashes = await Promise.all(
      this.record.nodes.map(async ({ name }) => (await this.block(name, number))?.hash ?? `none at ${name}`),
    );
    expect(new Set(hashes).size, JSON.stringify(hashes)).to.equal(1);
    return hashes[0] as string;
  }

  /** Kills a node's process without warning. */
  kill(name: string): void {
    process.kill(Number(readFileSync(this.run(name, "besu.pid"), "utf8")), "SIGKILL");
  }

  get record(): NetworkRecord {
    return JSON.parse(readFileSync(join(this.shop.directory, "network.json"), "utf8")) as NetworkRecord;
  }

  get keys(): string {
    return this.run("services/keys");
  }

  run(...path: string[]): string {
    return join(this.shop.directory, "run", ...path);
  }

  /** Last words of every node, for whoever looks into a failure. */
  async logs(): Promise<string> {
    return (await this.network("logs", "--lines", LOG_LINES)).stdout;
  }

  async close(): Promise<void> {
    await this.network("stop");
    this.shop.remove();
  }
}

/** A node's entry with free ports and little memory: several of them share one machine. */
export async function node(name: string, more: Record<string, unknown>) {
  return { ...entry(name, 0, { memory: "512m", ...more }), ports: await freePorts() };
}

export function json(ended: Ended) {
  expect(ended.code, ended.stdout + ended.stderr).to.equal(0);
  return JSON.parse(ended.stdout);
}

/** Waits until something holds; what throws, such as a node that is down, counts as not. */
export async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await sleep(500);
  }
}
