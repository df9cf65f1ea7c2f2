import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { genesisAllocation } from "../chain/genesis/allocation.node.ts";
import { KeyStore } from "../chain/key-store.node.ts";
import { BropError } from "../core/errors.ts";
import { type Consortium, GENERATE, type Holder, type NodePlan } from "./consortium/consortium.ts";
import { type ConsortiumFile, readConsortium } from "./consortium/read-consortium.ts";
import { type Rotating, refuseChanges } from "./differences.ts";
import { besuGenesis } from "./genesis/besu-genesis.ts";
import { pack, sha256 } from "./package/archive.ts";
import { type NodeSecrets, packageContents } from "./package/contents.ts";
import { type Jars, readJars } from "./package/jars.ts";
import {
  type KnownHolder,
  type NetworkFolder,
  type NetworkNode,
  type NetworkRecord,
  networkFolder,
  readRecord,
} from "./record.ts";
import { keepFormerPackages, refuseRotation, rotate } from "./rotation.ts";
import { type KeyedNode, makeSecrets, readSecrets } from "./secrets.ts";
import { type PendingVote, writeVotes } from "./votes.ts";

export interface InitOptions {
  /** The file that describes the consortium. */
  file: string;
  /** Folder that everything is put into. */
  directory: string;
  /** Besu's plugin with the network's rules. */
  plugin: string;
  /** Besu's HSM plugin, for the packages of nodes with their key in a token. */
  hsmPlugin?: string;
  /** SHA-256 that the HSM plugin has to have. */
  hsmPluginDigest?: string;
  /** Make every package anew, with the keys that the old ones have. */
  remake?: boolean;
  /** Nodes that get other keys, or access nodes that get other relays, as the file now has them. */
  rotating?: Rotating;
  /** Encrypts the keys of people that are made here; node keys have no such form. */
  password?: string;
}

export interface InitResult {
  folder: NetworkFolder;
  record: NetworkRecord;
  /** Whether the network was made by this call. */
  founded: boolean;
  /** Nodes whose packages this call made. */
  made: string[];
  /** Nodes that are in the network and no longer in the file. */
  gone: string[];
  /** What Council has to decide before new nodes have their part. */
  votes: PendingVote[];
}

/**
 * Makes a network from the file that describes it: genesis, keys and one package a node. Called again with the same file
 * it changes nothing; with further nodes in the file it makes their packages, and the proposals for Council.
 *
 * @throws BropError `network.file-invalid` with every fault of the file; `file.not-found`, `data.damaged`, `request.invalid`
 */
export async function initNetwork(options: InitOptions): Promise<InitResult> {
  const file = readConsortium(options.file);
  const folder = networkFolder(resolve(options.directory));
  const record = readRecord(folder);
  const jars = readJars(options, file.consortium, record?.hsmPlugin, options.remake ?? false);
  return record === undefined ? found(file, folder, jars, options) : extend(file, folder, record, jars, options);
}

/** All or nothing: everything is made beside the folder and then put in its place. */
async function found(
  file: ConsortiumFile,
  folder: NetworkFolder,
  jars: Jars,
  options: InitOptions,
): Promise<InitResult> {
  const { root } = folder;
  if (existsSync(root) && readdirSync(root).length > 0) {
    const reason = `${root} holds other things and no network`;
    throw new BropError("request.invalid", { field: "--dir", reason, value: root });
  }
  await mkdir(dirname(root), { recursive: true });
  const draft = networkFolder(await mkdtemp(`${root}.making-`));
  try {
    const { consortium } = file;
    const operator = await operatorOf(consortium.operator, draft, options.password);
    const { record, secrets } = await withNodes(
      emptyRecord(consortium, operator),
      consortium.nodes,
      draft,
      true,
      options,
    );
    const genesis = await genesisText(record);
    record.genesisDigest = sha256(genesis);
    noteHsmPlugin(record, jars);
    await writeFile(draft.genesis, genesis);
    await writePackages(record, [...secrets.keys()], secrets, genesis, draft, jars);
    await writeRecord(draft, record);
    await rm(stagingOf(draft), { recursive: true, force: true });
    await rename(draft.root, root);
    return { folder, record, founded: true, made: record.nodes.map(({ name }) => name), gone: [], votes: [] };
  } catch (error) {
    await rm(draft.root, { recursive: true, force: true });
    throw error;
  }
}

async function extend(
  file: ConsortiumFile,
  folder: NetworkFolder,
  before: NetworkRecord,
  jars: Jars,
  options: InitOptions,
): Promise<InitResult> {
  const { remake = false, rotating = { keys: [], relays: [] } } = options;
  refuseRotation(file, before, rotating);
  refuseChanges(file, before, remake, rotating);
  const planned = file.consortium.nodes;
  const added = planned.filter(({ name }) => !before.nodes.some((node) => node.name === name));
  const gone = before.nodes.map(({ name }) => name).filter((name) => !planned.some((node) => node.name === name));
  try {
    const rotated = await rotate(before, file.consortium, rotating, folder, stagingOf(folder), options.password);
    const kept = remake ? rewritten(rotated.record, file.consortium) : rotated.record;
    const { record, secrets } = await withNodes(kept, added, folder, false, options);
    if (remake) {
      for (const node of before.nodes) secrets.set(node.name, await readSecrets(folder, node));
    }
    for (const [name, own] of rotated.secrets) secrets.set(name, own);
    await keepFormerPackages(before, rotating, folder);
    const made = record.nodes.map(({ name }) => name).filter((name) => secrets.has(name));
    if (made.length > 0) {
      noteHsmPlugin(record, jars);
      const genesis = readFileSync(folder.genesis, "utf8");
      await writePackages(record, made, secrets, genesis, folder, jars);
      await writeRecord(folder, record);
    }
    const votes = await writeVotes({ folder, file, record, secrets });
    return { folder, record, founded: false, made, gone, votes };
  } finally {
    await rm(stagingOf(folder), { recursive: true, force: true });
  }
}

/** Private to its owner, for the moment. */
const stagingOf = ({ root }: NetworkFolder) => join(root, ".staging");

function emptyRecord(consortium: Consortium, operator: KnownHolder): NetworkRecord {
  const { name, chainId, blockGasLimit, council, activations, admissionParties, regulators } = consortium;
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    ...{ name, chainId, blockGasLimit, timestamp, activations, operator, admissionParties, regulators },
    ...(council === undefined ? {} : { council }),
    genesisDigest: "",
    nodes: [],
  };
}

/** A record with what may be changed by making packages anew. */
function rewritten(before: NetworkRecord, { activations, nodes }: Consortium): NetworkRecord {
  return {
    ...before,
    activations,
    nodes: before.nodes.map((node) => {
      const plan = nodes.find(({ name }) => name === node.name);
      if (plan === undefined) return node;
      const { host, rpcHost, ports, memory, key } = plan;
      const platform = plan.kind === "access" ? { platformPort: plan.platformPort } : {};
      return { ...node, host, rpcHost, ports, memory, key, ...platform };
    }),
  };
}

async function operatorOf(asked: Holder, draft: NetworkFolder, password?: string): Promise<KnownHolder> {
  if (asked !== GENERATE) return { address: asked, generated: false };
  const key = await new KeyStore(draft.keys).create("operator", password === undefined ? {} : { password });
  return { address: key.address, generated: true };
}

/** Adds nodes to a record, with keys of their own. */
async function withNodes(
  before: NetworkRecord,
  plans: readonly NodePlan[],
  folder: NetworkFolder,
  founding: boolean,
  { password }: InitOptions,
): Promise<{ record: NetworkRecord; secrets: Map<string, NodeSecrets> }> {
  const secrets = new Map<string, NodeSecrets>();
  const nodes = [...before.nodes];
  for (const plan of plans) {
    const made = await makeSecrets(plan, stagingOf(folder), password);
    secrets.set(plan.name, made.secrets);
    nodes.push(recordOf(plan, made, founding));
  }
  return { record: { ...before, nodes }, secrets };
}

function recordOf(plan: NodePlan, { identity, holder }: KeyedNode, founding: boolean): NetworkNode {
  const { name, kind, host, rpcHost, ports, memory, key } = plan;
  return {
    ...{ name, kind, host, rpcHost, ports, memory, key, ...identity, founding },
    ...(kind === "validator" && holder ? { seat: holder } : {}),
    ...(kind === "access" && holder ? { relay: holder, platformPort: plan.platformPort } : {}),
    digest: "",
  };
}

async function genesisText(record: NetworkRecord): Promise<string> {
  const { chainId, blockGasLimit, timestamp, council, operator, admissionParties, regulators, nodes } = record;
  const validators = nodes.flatMap(({ seat, address }) => (seat ? [{ seat: seat.address, node: address }] : []));
  const allocation = await genesisAllocation({
    ...{ chainId, operator: operator.address, admissionParties, regulators, validators },
    seats: validators.map(({ seat }) => seat),
    relays: nodes.flatMap(({ relay }) => (relay ? [relay.address] : [])),
    ...(council === undefined ? {} : { council }),
  });
  return `${JSON.stringify(besuGenesis({ chainId, blockGasLimit, timestamp, allocation }), null, 1)}\n`;
}

async function writePackages(
  record: NetworkRecord,
  names: readonly string[],
  secrets: ReadonlyMap<string, NodeSecrets>,
  genesis: string,
  folder: NetworkFolder,
  jars: Jars,
): Promise<void> {
  await mkdir(folder.packages, { recursive: true });
  for (const node of record.nodes.filter(({ name }) => names.includes(name))) {
    const contents = packageContents({
      record,
      node,
      genesis,
      ...jars,
      secrets: secrets.get(node.name) as NodeSecrets,
    });
    const archive = await pack(node.name, contents, stagingOf(folder));
    node.digest = sha256(archive);
    await replace(folder.package(node.name), archive, 0o600);
    await replace(folder.checksum(node.name), `${node.digest}  ${node.name}.tar.gz\n`, 0o644);
  }
}

/** All nodes with their keys in tokens run the same plugin, also those that come later. */
function noteHsmPlugin(record: NetworkRecord, { hsmPluginDigest }: Jars): void {
  if (hsmPluginDigest !== undefined) record.hsmPlugin = hsmPluginDigest;
}

async function writeRecord(folder: NetworkFolder, record: NetworkRecord): Promise<void> {
  await replace(folder.record, `${JSON.stringify(record, null, 2)}\n`, 0o644);
}

/** Whole or not at all. */
async function replace(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await writeFile(`${path}.writing`, content, { mode, flush: true });
  await rename(`${path}.writing`, path);
}
