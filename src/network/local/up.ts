import type { Report } from "../../platform/report.ts";
import type { NetworkNode } from "../record.ts";
import { installNode, startNode, stopNode, untilBlocks } from "./nodes.ts";
import { deployPlatform, gatherKeys, servicesUrl, startServices, stopServices } from "./services.ts";
import { rpcUrl, type Trial } from "./trial.ts";

export interface UpOptions {
  /** Besu's folder; undefined where it is on the path. */
  besuHome: string | undefined;
  /** Password of encrypted keys. */
  password: string | undefined;
  /** Whether only nodes are started, and nothing is deployed. */
  nodesOnly: boolean;
  report: Report;
  signal: AbortSignal;
}

export interface Running {
  nodes: { name: string; kind: string; rpc: string }[];
  block: number;
  keys: string;
  /** Site, API and JSON-RPC; undefined where no services were started. */
  url: string | undefined;
}

/**
 * Runs a whole network on this machine: packages installed and started, blocks awaited, contracts deployed, services
 * started. What runs already stays as it is, so that it goes on after whatever ended it.
 *
 * @throws BropError `network.besu-missing`, `network.stalled`, `network.archive-wrong`, `key.not-found`, `service.unavailable`
 */
export async function up(trial: Trial, options: UpOptions): Promise<Running> {
  const { report, signal, besuHome, password, nodesOnly } = options;
  const { nodes } = trial.record;
  await report.step(`${nodes.length} packages installed and started`, async () => {
    for (const node of nodes) {
      await installNode(trial, node);
      await startNode(trial, node, besuHome);
    }
  });
  const keys = gatherKeys(trial);
  const block = await report.step("Blocks at every node", () => untilBlocks(trial, nodes, signal));
  const url = nodesOnly ? undefined : servicesUrl(trial);
  if (!nodesOnly) await report.step("Contracts deployed", () => deployPlatform(trial, password, signal));
  if (url !== undefined) await report.step("Services", () => startServices(trial, signal));
  return { nodes: nodes.map(summary), block, keys, url };
}

/** Stops services and nodes; everything is kept. */
export async function down(trial: Trial, report: Report): Promise<void> {
  await report.step("Services stopped", () => stopServices(trial));
  await report.step("Nodes stopped", async () => {
    await Promise.all(trial.record.nodes.map((node) => stopNode(trial, node)));
  });
}

const summary = (node: NetworkNode) => ({ name: node.name, kind: node.kind, rpc: rpcUrl(node) });
