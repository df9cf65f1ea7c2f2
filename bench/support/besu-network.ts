import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readBesuHome } from "../../scripts/plugin/besu-home.ts";
import { besuJdk, buildPlugin, PLUGIN_JAR } from "../../scripts/plugin/build.ts";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { initNetwork } from "../../src/network/init.ts";
import { gatherKeys } from "../../src/network/local/services.ts";
import { rpcUrl, trialIn } from "../../src/network/local/trial.ts";
import { down, up } from "../../src/network/local/up.ts";
import { reportTo } from "../../src/platform/report.ts";
import { CHAIN_ID } from "../../test/support/chain-id.ts";
import { type BenchNetwork, furnish } from "./network.ts";

/** Why no network of real nodes can be started here; undefined when it can. */
export function besuObstacle(): string | undefined {
  if (!process.env.BESU_HOME) return "BESU_HOME is not set: no network of real nodes is started";
  try {
    readBesuHome(process.env.BESU_HOME);
    besuJdk();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Starts four validators and an access node from packages of their own, on loopback, in a folder that goes with them. */
export async function startBesuNetwork(): Promise<BenchNetwork> {
  const besuHome = process.env.BESU_HOME;
  buildPlugin(readBesuHome(besuHome));
  process.env.JAVA_HOME ??= besuJdk().home;
  const root = mkdtempSync(join(tmpdir(), "brop-bench-network-"));
  const file = join(root, "consortium.yaml");
  const directory = join(root, "network");
  writeFileSync(file, stringify(await consortium()));
  await initNetwork({ file, directory, plugin: PLUGIN_JAR });
  const trial = trialIn(directory);
  const report = reportTo(process.stderr);
  const stop = async () => {
    await down(trial, report);
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const { signal } = new AbortController();
    await up(trial, { besuHome, password: undefined, nodesOnly: true, report, signal });
    const keys = new KeyStore(gatherKeys(trial));
    const operator = (await keys.wallet("operator")).privateKey;
    const relays = [(await keys.wallet("relay-1")).privateKey];
    return await report.step("Contracts and a partner", () =>
      furnish({ url: rpcUrl(trial.door), operator, relays, pollingInterval: 250, stop }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
}

async function consortium() {
  const node = async (name: string, more: object) => {
    const ports = { p2p: await freePort(), rpc: await freePort(), ws: await freePort(), metrics: await freePort() };
    return { name, host: "127.0.0.1", key: "file", memory: "1g", ports, ...more };
  };
  const validators = [];
  for (const number of [1, 2, 3, 4]) validators.push(await node(`validator-${number}`, { seat: "generate" }));
  return {
    network: { name: "bench", chainId: CHAIN_ID },
    operator: { address: "generate" },
    validators,
    accessNodes: [await node("access-1", { relay: "generate", platformPort: await freePort() })],
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
