import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { RpcClient } from "../../chain/rpc-client.ts";
import { childEnvironment } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import { unpack } from "../package/archive.ts";
import type { NetworkNode } from "../record.ts";
import { lastLines, nodeFolder, rpcUrl, runningProcess, type Trial } from "./trial.ts";

const POLL_MS = 500;
/** A machine that does other things besides takes its time to start several Javas. */
const START_MS = 600_000;

/** Number of a node's process, while it runs. */
export function processOf(trial: Trial, node: NetworkNode): number | undefined {
  const folder = nodeFolder(trial, node);
  return runningProcess(join(folder, "besu.pid"), folder);
}

/**
 * Installs a node's package, unless it is installed.
 * @throws BropError `network.archive-wrong` when the package is not the one that was made
 */
export async function installNode(trial: Trial, node: NetworkNode): Promise<void> {
  const target = nodeFolder(trial, node);
  if (existsSync(join(target, "config/besu.toml"))) return;
  const archive = trial.folder.package(node.name);
  const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (digest !== node.digest) {
    throw new BropError("network.archive-wrong", { path: archive, sha256: digest, expected: node.digest });
  }
  try {
    await unpack(archive, trial.run);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a node by its package's own program. @throws BropError `network.besu-missing` with the program's words */
export async function startNode(trial: Trial, node: NetworkNode, besuHome: string | undefined): Promise<void> {
  if (processOf(trial, node) !== undefined) return;
  const { code, words } = await runApart(join(nodeFolder(trial, node), "bin/start"), besuHome);
  if (code === 0) return;
  const text = `${node.name} does not start: ${words}`;
  throw new BropError("network.besu-missing", { node: node.name, reason: words }, text);
}

/** Runs a program in a process group of its own: what it leaves running does not end with this process or its terminal. */
function runApart(program: string, besuHome: string | undefined): Promise<{ code: number | null; words: string }> {
  const env = childEnvironment(besuHome === undefined ? {} : { BESU_HOME: besuHome });
  const child = spawn(program, { env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, words: error.message }));
    // Not its "close": a node that it leaves running may keep the pipe open.
    child.once("exit", (code) => resolve({ code, words: words.trim() }));
  });
}

/** Stops a node and waits until it has written everything. */
export async function stopNode(trial: Trial, node: NetworkNode): Promise<void> {
  if (processOf(trial, node) === undefined) return;
  await promisify(execFile)(join(nodeFolder(trial, node), "bin/stop"));
}

/**
 * Waits until every node has the network's new blocks.
 * @throws BropError `network.stalled` with the last words of a node that ended, or when it takes too long
 */
export async function untilBlocks(trial: Trial, nodes: readonly NetworkNode[], signal: AbortSignal): Promise<number> {
  const clients = nodes.map((node) => new RpcClient(rpcUrl(node), { timeout: 5_000 }));
  const deadline = Date.now() + START_MS;
  let goal: number | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const heads = await Promise.all(clients.map((client) => headOf(client)));
      const known = heads.filter((head) => head !== undefined);
      if (goal === undefined && known.length === nodes.length) goal = Math.max(...known) + 1;
      const reached = goal;
      if (reached !== undefined && heads.every((head) => head !== undefined && head >= reached)) return reached;
      for (const node of nodes) {
        if (processOf(trial, node) === undefined) throw stalled(trial, node, `${node.name} has ended`);
      }
      if (Date.now() > deadline) {
        const late = nodes.find((_, index) => heads[index] === undefined) ?? (nodes[0] as NetworkNode);
        throw stalled(trial, late, `no new block within ${START_MS / 1000} s`);
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    for (const client of clients) client.close();
  }
}

async function headOf(client: RpcClient): Promise<number | undefined> {
  try {
    return Number(await client.call<string>("eth_blockNumber"));
  } catch {
    return undefined;
  }
}

export const logOf = (trial: Trial, node: NetworkNode) => join(nodeFolder(trial, node), "logs/besu.log");

function stalled(trial: Trial, node: NetworkNode, reason: string): BropError {
  const log = logOf(trial, node);
  const lines = lastLines(log, 12);
  return new BropError(
    "network.stalled",
    { reason, node: node.name, log, lines },
    `The network stands still: ${reason}`,
  );
}
