import { existsSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { BropError } from "../../core/errors.ts";
import { type NetworkFolder, type NetworkNode, type NetworkRecord, networkFolder, requireRecord } from "../record.ts";

/** A network whose nodes all run on this machine. */
export interface Trial {
  folder: NetworkFolder;
  record: NetworkRecord;
  /** Where the packages are installed, each in a folder of its node's name. */
  run: string;
  /** Data folder of the services. */
  services: string;
  /** The node that services and scripts ask: an access node where there is one. */
  door: NetworkNode;
}

const LOOPBACK = "127.0.0.1";
const MOST_NODES = 7;

/**
 * A network that `up` can run.
 * @throws BropError `network.not-founded`, `network.not-local`, `data.damaged`
 */
export function trialIn(directory: string): Trial {
  const folder = networkFolder(resolve(directory));
  const record = requireRecord(folder);
  const elsewhere = record.nodes.filter(({ host, rpcHost }) => host !== LOOPBACK || rpcHost !== LOOPBACK);
  if (elsewhere.length > 0 || record.nodes.length > MOST_NODES) {
    const nodes = record.nodes.length;
    throw new BropError("network.not-local", { nodes, most: MOST_NODES, elsewhere: elsewhere.map(({ name }) => name) });
  }
  const run = join(folder.root, "run");
  const door = record.nodes.find(({ kind }) => kind === "access") ?? (record.nodes[0] as NetworkNode);
  return { folder, record, run, services: join(run, "services"), door };
}

export const nodeFolder = ({ run }: Pick<Trial, "run">, { name }: Pick<NetworkNode, "name">) => join(run, name);

export const rpcUrl = ({ rpcHost, ports }: NetworkNode) => `http://${rpcHost}:${ports.rpc}`;

/**
 * Number of the process that a file names, while that runs and stands in the folder: a number may have passed on to
 * another program since, for instance when the machine was started anew.
 */
export function runningProcess(path: string, folder: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const id = Number(readFileSync(path, "utf8"));
  if (!Number.isSafeInteger(id) || id <= 0) return undefined;
  try {
    process.kill(id, 0);
    if (!existsSync("/proc/self")) return id;
    // One that has ended and that nobody has asked about yet stands nowhere.
    return readlinkSync(`/proc/${id}/cwd`) === realpathSync(folder) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Last lines of a file; none when it is not there. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-count);
}
