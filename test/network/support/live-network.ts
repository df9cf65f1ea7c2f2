import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcProvider, type Wallet } from "ethers";
import { readBesuHome } from "../../../scripts/plugin/besu-home.ts";
import { besuJdk, buildPlugin, PLUGIN_JAR } from "../../../scripts/plugin/build.ts";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import type { InitOptions } from "../../../src/network/init.ts";
import type { CouncilProposal } from "../../../src/network/proposals.ts";
import type { NetworkNode } from "../../../src/network/record.ts";
import { workshop } from "./consortium-file.ts";

/** Longest wait for something that takes a few blocks; the first ones may need several rounds on a busy machine. */
const PATIENCE_MS = 300_000;
const POLL_MS = 500;
const LAST_WORDS = 2_000;

/** Why no network of real nodes can be started here; undefined when it can. */
export function liveObstacle(): string | undefined {
  if (!process.env.BESU_HOME) return "BESU_HOME is not set: no network of real nodes is started";
  try {
    readBesuHome(process.env.BESU_HOME);
    besuJdk();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A node that runs from its package, by the package's own programs. */
export class LiveNode {
  readonly provider: JsonRpcProvider;
  readonly #folder: string;

  constructor({ ports }: NetworkNode, chainId: number, folder: string) {
    this.#folder = folder;
    const options = { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1, polling: true };
    this.provider = new JsonRpcProvider(`http://127.0.0.1:${ports.rpc}`, chainId, options);
    this.provider.pollingInterval = POLL_MS;
  }

  start(): void {
    this.#run("start");
  }

  stop(): void {
    if (existsSync(join(this.#folder, "besu.pid"))) this.#run("stop");
  }

  /** Changes a file of the package. */
  edit(path: string, change: (text: string) => string): void {
    const file = join(this.#folder, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }

  log(): string {
    const file = join(this.#folder, "logs/besu.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  async height(): Promise<number> {
    return Number(await this.provider.send("eth_blockNumber", []));
  }

  /** Waits until the node answers and has this block. */
  async reaches(block: number): Promise<void> {
    try {
      await until(`block ${block}`, async () => (await this.height()) >= block);
    } catch (cause) {
      throw new Error(`${(cause as Error).message}; the node's last words:\n${this.log().slice(-LAST_WORDS)}`, {
        cause,
      });
    }
  }

  #run(program: string): void {
    const env = { ...process.env, JAVA_HOME: besuJdk().home };
    execFileSync(join(this.#folder, "bin", program), { cwd: this.#folder, env, stdio: "ignore" });
  }
}

/** A network of real nodes, made by `init` and not started yet. */
export async function liveNetwork(
  content: { network: { chainId?: unknown } },
  options: Pick<InitOptions, "hsmPlugin"> = {},
) {
  buildPlugin(readBesuHome(process.env.BESU_HOME));
  const place = workshop();
  const nodes = new Map<string, LiveNode>();

  /** Puts files of a node's package over those that are unpacked. */
  const unpackAgain = (archive: string, name: string, paths: readonly string[]) => {
    const members = paths.map((path) => `${name}/${path}`);
    execFileSync("tar", ["-xzf", archive, "-C", join(place.root, "nodes"), ...members]);
  };

  /** Makes the packages that the file asks for and unpacks those of nodes that are not unpacked yet. */
  const make = async (changed: object) => {
    const { folder, record } = await place.init(changed, { ...options, plugin: PLUGIN_JAR });
    for (const node of record.nodes.filter(({ name }) => !nodes.has(name))) {
      const unpacked = join(place.root, "nodes");
      mkdirSync(unpacked, { recursive: true });
      execFileSync("tar", ["-xzf", folder.package(node.name), "-C", unpacked]);
      nodes.set(node.name, new LiveNode(node, record.chainId, join(unpacked, node.name)));
    }
    return folder;
  };
  const folder = await make(content);

  const node = (name: string): LiveNode => {
    const found = nodes.get(name);
    if (!found) throw new Error(`There is no node ${name}`);
    return found;
  };
  return {
    node,
    nodes: () => [...nodes.values()],
    /** Where a node's package lies unpacked. */
    folder: (name: string): string => join(place.root, "nodes", name),
    /** Makes a package for a node that was added to the file. */
    extend: make,
    /** Gives a node another key, as the file names it now. @returns the proposal for Council */
    rotate: async (changed: object, name: string): Promise<CouncilProposal> => {
      const rotating = { keys: [name], relays: [] };
      const { votes } = await place.init(changed, { ...options, plugin: PLUGIN_JAR, rotating });
      unpackAgain(folder.package(name), name, ["config", "plugins", "node.env"]);
      return JSON.parse(readFileSync(votes.at(-1)?.path as string, "utf8"));
    },
    operator: (): Promise<Wallet> => new KeyStore(folder.keys).wallet("operator"),
    /** Key of an access node's relay or a validator's seat. */
    holder: (name: string, folderInPackage: string, key: string): Promise<Wallet> =>
      new KeyStore(join(place.root, "nodes", name, folderInPackage)).wallet(key),
    close: () => {
      for (const one of nodes.values()) {
        one.provider.destroy();
        one.stop();
      }
      place.remove();
    },
  };
}

export type LiveNetwork = Awaited<ReturnType<typeof liveNetwork>>;

/** Waits until something holds; a node that does not answer yet counts as not. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    if (await holds().catch(() => false)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`Waited in vain for ${what}`);
}
