import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { Consortium, NodePlan } from "./consortium/consortium.ts";
import { type Fault, throwFaults } from "./consortium/faults.ts";
import type { ConsortiumFile } from "./consortium/read-consortium.ts";
import type { Rotating } from "./differences.ts";
import { createNodeKey, identityOf, identityOfPublicKey } from "./node-key.ts";
import type { NodeSecrets } from "./package/contents.ts";
import type { NetworkFolder, NetworkNode, NetworkRecord, Rotation } from "./record.ts";
import { holderKeyName, makeHolder, readSecrets } from "./secrets.ts";

/** A network's record after keys were replaced, with what the new packages of these nodes hold. */
export interface Rotated {
  record: NetworkRecord;
  secrets: Map<string, NodeSecrets>;
}

/**
 * Refuses what can not be replaced, with every fault at once: nodes that are not there, relays of nodes that have none, and
 * keys that the file still names as before.
 *
 * @throws BropError `network.file-invalid`
 */
export function refuseRotation(file: ConsortiumFile, record: NetworkRecord, { keys, relays }: Rotating): void {
  const faults: Fault[] = [];
  const note = (name: string, member: string, problem: string, remedy: string) => {
    const plan = planOf(file.consortium, name);
    const line = plan === undefined ? 1 : file.lineOf([...plan.place, member]);
    faults.push({ line, place: `${name} ${member}`, problem, remedy });
  };
  const known = (name: string, member: string) => {
    const plan = planOf(file.consortium, name);
    const before = record.nodes.find((node) => node.name === name);
    if (plan !== undefined && before !== undefined) return { plan, before };
    note(name, member, "can not be replaced: there is no such node", "name a node that was made before");
    return undefined;
  };
  for (const name of keys) {
    const found = known(name, "key");
    if (found === undefined || found.plan.key.custody === "file") continue;
    const { publicKey } = found.plan.key;
    const holder = record.nodes.find((node) => node.publicKey === publicKey);
    if (holder === undefined) continue;
    const problem = holder.name === name ? "is the key that it has" : `is the key of ${holder.name}`;
    note(name, "key", problem, "put the new public key into the file first");
  }
  for (const name of relays) {
    const found = known(name, "relay");
    if (found === undefined) continue;
    if (found.plan.kind !== "access") note(name, "relay", "is not there: only access nodes have one", "take it out");
    else if (found.plan.relay === found.before.relay?.address) {
      note(name, "relay", "is the relay that it has", "put the new relay's address into the file first");
    }
  }
  throwFaults(file.path, faults);
}

/** Replaces keys: new ones are made where the file says so, others are those that it names now. */
export async function rotate(
  before: NetworkRecord,
  { nodes: plans }: Consortium,
  { keys, relays }: Rotating,
  folder: NetworkFolder,
  staging: string,
  password?: string,
): Promise<Rotated> {
  const secrets = new Map<string, NodeSecrets>();
  const rotations: Rotation[] = [];
  const nodes: NetworkNode[] = [];
  for (const node of before.nodes) {
    const plan = plans.find(({ name }) => name === node.name);
    const [newKey, newRelay] = [keys.includes(node.name), relays.includes(node.name)];
    if (plan === undefined || (!newKey && !newRelay)) {
      nodes.push(node);
      continue;
    }
    const own = { ...(await readSecrets(folder, node)) };
    const changed = { ...node };
    if (newKey) {
      replaceKey(changed, plan, own);
      rotations.push({ node: node.name, about: "key", from: node.address, to: changed.address });
    }
    if (newRelay && plan.kind === "access" && node.relay !== undefined) {
      const name = holderKeyName(node);
      const { holder, file } = await makeHolder(plan.relay, name, staging, password);
      changed.relay = holder;
      own.holders = file === undefined ? {} : { [name]: file };
      rotations.push({ node: node.name, about: "relay", from: node.relay.address, to: holder.address });
    }
    secrets.set(node.name, own);
    nodes.push(changed);
  }
  if (rotations.length === 0) return { record: before, secrets };
  return { record: { ...before, nodes, rotations: [...(before.rotations ?? []), ...rotations] }, secrets };
}

/** Keeps the packages with the keys of before: until Council has agreed they may be the only copies. */
export async function keepFormerPackages(
  before: NetworkRecord,
  { keys, relays }: Rotating,
  folder: NetworkFolder,
): Promise<void> {
  for (const name of new Set([...keys, ...relays])) {
    const node = before.nodes.find((each) => each.name === name);
    if (node === undefined || !existsSync(folder.package(name))) continue;
    const address = keys.includes(name) ? node.address : node.relay?.address;
    await copyFile(folder.package(name), folder.former(name, address as string));
  }
}

function replaceKey(node: NetworkNode, plan: NodePlan, secrets: NodeSecrets): void {
  node.key = plan.key;
  if (plan.key.custody === "file") {
    secrets.nodeKey = createNodeKey();
    Object.assign(node, identityOf(secrets.nodeKey));
  } else {
    delete secrets.nodeKey;
    Object.assign(node, identityOfPublicKey(plan.key.publicKey));
  }
}

const planOf = ({ nodes }: Consortium, name: string) => nodes.find((node) => node.name === name);
