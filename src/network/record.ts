import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BropError } from "../core/errors.ts";
import type { NodeKey, NodeKind, NodePorts } from "./consortium/consortium.ts";

/** A node as it was made; nothing in it is secret. */
export interface NetworkNode {
  name: string;
  kind: NodeKind;
  host: string;
  rpcHost: string;
  ports: NodePorts;
  memory: string;
  key: NodeKey;
  /** What a validator is called on the chain. */
  address: string;
  publicKey: string;
  /** Whether block 0 names it. */
  founding: boolean;
  /** Council seat of a validator. */
  seat?: KnownHolder;
  /** Relay of an access node. */
  relay?: KnownHolder;
  platformPort?: number;
  /** SHA-256 of its package. */
  digest: string;
}

/** Somebody's address; a key that was made here lies in a package or in `keys/`. */
export interface KnownHolder {
  address: string;
  generated: boolean;
}

/** A key that was replaced by another; on the chain, where it matters there, when Council has agreed. */
export interface Rotation {
  node: string;
  about: "key" | "relay";
  /** Addresses. */
  from: string;
  to: string;
}

/** What was made for a network: `network.json` in its folder. */
export interface NetworkRecord {
  name: string;
  chainId: number;
  blockGasLimit: number;
  /** Seconds since 1970 of block 0. */
  timestamp: number;
  council?: { delayBlocks: number; lifetimeBlocks: number };
  activations: Record<string, number>;
  operator: KnownHolder;
  admissionParties: string[];
  regulators: string[];
  /** SHA-256 of `genesis.json`: the same at every node. */
  genesisDigest: string;
  /** SHA-256 of Besu's HSM plugin, once it is known. */
  hsmPlugin?: string;
  nodes: NetworkNode[];
  /** In the order in which they were made. */
  rotations?: Rotation[];
}

/** What a proposal to Council does about a node or relay. */
export type VoteSubject = "admit" | "remove" | "rotate";

/** Where things lie in a network's folder. */
export function networkFolder(root: string) {
  return {
    root,
    record: join(root, "network.json"),
    genesis: join(root, "genesis.json"),
    /** Keys that were made for people, not for nodes. */
    keys: join(root, "keys"),
    packages: join(root, "packages"),
    votes: join(root, "votes"),
    /** Configuration of Prometheus and Grafana. */
    monitoring: join(root, "monitoring"),
    package: (name: string) => join(root, "packages", `${name}.tar.gz`),
    checksum: (name: string) => join(root, "packages", `${name}.tar.gz.sha256`),
    /** Package of a node before its key was replaced. */
    former: (name: string, address: string) => join(root, "packages", `${name}-${address}.tar.gz`),
    vote: (about: VoteSubject, name: string) => join(root, "votes", `${about}-${name}.json`),
  };
}

export type NetworkFolder = ReturnType<typeof networkFolder>;

/** What was made in a folder; undefined when nothing was. @throws BropError `data.damaged` */
export function readRecord(folder: NetworkFolder): NetworkRecord | undefined {
  if (!existsSync(folder.record)) return undefined;
  try {
    const record = JSON.parse(readFileSync(folder.record, "utf8")) as NetworkRecord;
    if (!Array.isArray(record.nodes) || typeof record.chainId !== "number") throw new Error("a member is missing");
    return record;
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new BropError("data.damaged", { path: folder.record, reason }, `${folder.record} is damaged: ${reason}`, {
      cause,
    });
  }
}

/** @throws BropError `network.not-founded`, `data.damaged` */
export function requireRecord(folder: NetworkFolder): NetworkRecord {
  const record = readRecord(folder);
  if (record === undefined) throw new BropError("network.not-founded", { directory: folder.root });
  return record;
}

/** Address under which other nodes connect to one. */
export function enodeOf({ publicKey, host, ports }: NetworkNode): string {
  return `enode://${publicKey.slice(2)}@${host}:${ports.p2p}`;
}
