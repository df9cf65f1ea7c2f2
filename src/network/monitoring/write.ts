import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BropError } from "../../core/errors.ts";
import type { NetworkNode, NetworkRecord } from "../record.ts";
import { monitoringContents } from "./contents.ts";
import { targetLists } from "./targets.ts";

export interface Monitoring {
  folder: string;
  /** The node on whose machine Prometheus is to run. */
  at: string;
  /** Files that were made or changed. */
  changed: string[];
  /** Nodes that can not be asked from there. */
  outOfReach: string[];
}

/** What whoever runs it fills in: never written again. */
const OWNERS = ["alertmanager/alertmanager.yml", "compose.yaml"];

/**
 * Writes the configuration of Prometheus, Alertmanager and Grafana for a network (CH-8). What is there already and the
 * same stays untouched, and files of others in the folder stay.
 *
 * @param at name of the node on whose machine they run: the first access node without it
 * @throws BropError `request.invalid` for a node that is not the network's
 */
export async function writeMonitoring(
  record: Pick<NetworkRecord, "name" | "nodes">,
  folder: string,
  at?: string,
): Promise<Monitoring> {
  const { name, host } = placeOf(record.nodes, at);
  const changed: string[] = [];
  for (const [path, content] of Object.entries(monitoringContents(record, host))) {
    const target = join(folder, path);
    if (existsSync(target) && (OWNERS.includes(path) || readFileSync(target, "utf8") === content)) continue;
    await mkdir(dirname(target), { recursive: true });
    // Prometheus may read it at this moment.
    await writeFile(`${target}.writing`, content);
    await rename(`${target}.writing`, target);
    changed.push(path);
  }
  return { folder, at: name, changed, outOfReach: targetLists(record, host).outOfReach };
}

function placeOf(nodes: readonly NetworkNode[], at: string | undefined): NetworkNode {
  const usual = nodes.find(({ kind }) => kind === "access") ?? nodes[0];
  const found = at === undefined ? usual : nodes.find(({ name }) => name === at);
  if (found !== undefined) return found;
  const reason = `must be one of ${nodes.map(({ name }) => name).join(", ")}`;
  throw new BropError("request.invalid", { field: "--at", reason, value: at });
}
