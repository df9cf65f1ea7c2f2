import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { KeyStore } from "../chain/key-store.node.ts";
import { BropError } from "../core/errors.ts";
import { GENERATE, type Holder, type NodePlan } from "./consortium/consortium.ts";
import { createNodeKey, identityOf, identityOfPublicKey, type NodeIdentity } from "./node-key.ts";
import { readPacked } from "./package/archive.ts";
import { holderFolder, type NodeSecrets } from "./package/contents.ts";
import type { KnownHolder, NetworkFolder, NetworkNode } from "./record.ts";

/** A node with the keys that were made for it. */
export interface KeyedNode {
  identity: NodeIdentity;
  secrets: NodeSecrets;
  /** The seat or relay, by the node's kind. */
  holder: KnownHolder | undefined;
}

/** Makes the keys that a new node is to have. */
export async function makeSecrets(node: NodePlan, staging: string, password: string | undefined): Promise<KeyedNode> {
  const nodeKey = node.key.custody === "file" ? createNodeKey() : undefined;
  const identity =
    node.key.custody === "file" ? identityOf(nodeKey as string) : identityOfPublicKey(node.key.publicKey);
  const asked = node.kind === "validator" ? node.seat : node.kind === "access" ? node.relay : undefined;
  const made = asked === undefined ? undefined : await makeHolder(asked, holderKeyName(node), staging, password);
  return {
    identity,
    holder: made?.holder,
    secrets: {
      ...(nodeKey === undefined ? {} : { nodeKey }),
      holders: made?.file === undefined ? {} : { [holderKeyName(node)]: made.file },
    },
  };
}

/**
 * Reads back what was made for a node, from its package.
 * @throws BropError `data.damaged` when the package is gone, and with it the only copy
 */
export async function readSecrets(folder: NetworkFolder, node: NetworkNode): Promise<NodeSecrets> {
  const archive = folder.package(node.name);
  const read = async (path: string) => {
    const text = await readPacked(archive, node.name, path);
    if (text !== undefined) return text;
    const words = `The keys of ${node.name} are in its package only, and ${archive} has no ${path}: put the package back`;
    throw new BropError("data.damaged", { path: archive, reason: `${path} is missing` }, words);
  };
  const holder = node.seat ?? node.relay;
  const name = holderKeyName(node);
  return {
    ...(node.key.custody === "file" ? { nodeKey: (await read("keys/node.key")).trim() } : {}),
    holders: holder?.generated ? { [name]: await read(`${holderFolder(node)}/${name}.json`) } : {},
  };
}

/** Name of the key file of a node's seat or relay. The services look for the name `relay-1`. */
export function holderKeyName({ kind, name }: Pick<NodePlan, "kind" | "name">): string {
  return kind === "access" ? "relay-1" : `${name}-seat`;
}

export interface MadeHolder {
  holder: KnownHolder;
  /** Text of the key's file, when it was made here. */
  file?: string;
}

export async function makeHolder(asked: Holder, name: string, staging: string, password?: string): Promise<MadeHolder> {
  if (asked !== GENERATE) return { holder: { address: asked, generated: false } };
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(staging, "key-"));
  try {
    const key = await new KeyStore(work).create(name, password === undefined ? {} : { password });
    const file = await readFile(join(work, `${name}.json`), "utf8");
    return { holder: { address: key.address, generated: true }, file };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
