import { setTimeout as sleep } from "node:timers/promises";
import { BropError } from "../../core/errors.ts";
import type { Report } from "../../platform/report.ts";
import { healNode } from "../chaos/node-faults.ts";
import type { NetworkNode } from "../record.ts";
import { installNode, startNode, stopNode, untilBlocks } from "./nodes.ts";
import { deployPlatform, gatherKeys, requirePort, servicesUrl, startServices, stopServices } from "./services.ts";
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

const MOST_TRIES = 3;
/** A block's time. */
const PAUSE_MS = 3_000;

/**
 * Runs a whole network on this machine: packages installed and started, blocks awaited, contracts deployed, services
 * started. What runs already stays as it is, so that it goes on after whatever ended it.
 *
 * @throws BropError `network.besu-missing`, `network.stalled`, `network.archive-wrong`, `key.not-found`, `port.taken`, `service.unavailable`
 */
export async function up(trial: Trial, options: UpOptions): Promise<Running> {
  const { signal, besuHome, nodesOnly } = options;
  const report = withReasons(options.report, signal);
  const { nodes } = trial.record;
  if (!nodesOnly) await requirePort(trial);
  await report.step(`${nodes.length} packages installed and started`, async () => {
    for (const node of nodes) {
      await installNode(trial, node);
      healNode(trial, node);
      await startNode(trial, node, besuHome);
    }
  });
  const keys = gatherKeys(trial);
  const block = await report.step("Blocks at every node", () => untilBlocks(trial, nodes, signal));
  const url = nodesOnly ? undefined : servicesUrl(trial);
  if (!nodesOnly) await report.step("Contracts deployed", () => deployPatiently(trial, options));
  if (url !== undefined) await report.step("Services", () => startServices(trial, signal));
  return { nodes: nodes.map(summary), block, keys, url };
}

/** Deploys, and goes on where it stopped when it did not get through: nodes that have just started are busy. */
async function deployPatiently(trial: Trial, { password, report, signal }: UpOptions): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await deployPlatform(trial, password, signal);
      return;
    } catch (error) {
      const lasting = error instanceof BropError && error.code.startsWith("key.");
      if (lasting || signal.aborted || tries === MOST_TRIES) throw error;
      report.note(`The deployment did not get through and is gone on with: ${(error as Error).message}`);
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

/** Steps whose unexpected failures say what failed and why: whoever runs a trial has nobody else to ask. */
function withReasons(report: Report, signal: AbortSignal): Pick<Report, "step"> {
  return {
    step: (title, work) =>
      report.step(title, async () => {
        try {
          return await work();
        } catch (cause) {
          if (signal.aborted || cause instanceof BropError) throw cause;
          const { shortMessage, message } = cause as Error & { shortMessage?: string };
          const reason = shortMessage ?? message;
          throw new BropError("service.internal", { step: title, reason }, `${title}: ${reason}`, { cause });
        }
      }),
  };
}

/** Stops services and nodes; everything is kept. */
export async function down(trial: Trial, report: Report): Promise<void> {
  await report.step("Services stopped", () => stopServices(trial));
  await report.step("Nodes stopped", async () => {
    await Promise.all(trial.record.nodes.map((node) => stopNode(trial, node)));
  });
}

const summary = (node: NetworkNode) => ({ name: node.name, kind: node.kind, rpc: rpcUrl(node) });
