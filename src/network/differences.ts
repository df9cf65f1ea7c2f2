import { GENERATE, type Holder, type NodeKey, type NodePlan } from "./consortium/consortium.ts";
import { type Fault, throwFaults } from "./consortium/faults.ts";
import { type Path, shown } from "./consortium/place.ts";
import type { ConsortiumFile } from "./consortium/read-consortium.ts";
import type { KnownHolder, NetworkNode, NetworkRecord } from "./record.ts";

const FOUNDED = "block 0 never changes: put it back, and change the running network by a vote of Council";
const KEPT = "it was made so: put it back, or give the node another name";
const KEY_KEPT = `${KEPT}; another key comes with --rotate-key`;
const RELAY_KEPT = `${KEPT}; another relay comes with --rotate-relay`;
const REMAKE = "put it back, or make all packages anew with --remake";

/** Nodes whose keys or relays are replaced now, by name. */
export interface Rotating {
  keys: readonly string[];
  relays: readonly string[];
}

/**
 * Compares a consortium's file with what was made from it before.
 *
 * @param remake whether packages are made anew, so that addresses and the like may change
 * @param rotating nodes of which the key or the relay may be another
 * @throws BropError `network.file-invalid` with every change that can not be made
 */
export function refuseChanges(file: ConsortiumFile, record: NetworkRecord, remake: boolean, rotating: Rotating): void {
  const faults: Fault[] = [];
  const compare = (place: Path, now: unknown, before: unknown, remedy: string) => {
    if (same(now, before)) return;
    const problem = `is ${JSON.stringify(now) ?? "not given"} and was ${JSON.stringify(before) ?? "not given"}`;
    faults.push({ line: file.lineOf(place), place: shown(place), problem, remedy });
  };
  const { consortium } = file;
  for (const member of ["name", "chainId", "blockGasLimit", "council"] as const) {
    compare(["network", member], consortium[member], record[member], FOUNDED);
  }
  if (!remake) compare(["network", "activations"], consortium.activations, record.activations, REMAKE);
  compare(["operator", "address"], consortium.operator, holderText(record.operator, consortium.operator), FOUNDED);
  compare(["operator", "admissionParties"], consortium.admissionParties, record.admissionParties, FOUNDED);
  compare(["regulators"], consortium.regulators, record.regulators, FOUNDED);
  for (const node of consortium.nodes) {
    const before = record.nodes.find(({ name }) => name === node.name);
    if (before !== undefined) compareNode(node, before, remake, rotating, compare);
  }
  throwFaults(file.path, faults);
}

type Compare = (place: Path, now: unknown, before: unknown, remedy: string) => void;

function compareNode(node: NodePlan, before: NetworkNode, remake: boolean, rotating: Rotating, compare: Compare): void {
  const at = (...path: Path): Path => [...node.place, ...path];
  if (node.kind !== before.kind) {
    compare(at("name"), node.kind, before.kind, KEPT);
    return;
  }
  const [newKey, newRelay] = [rotating.keys.includes(node.name), rotating.relays.includes(node.name)];
  if (!newKey) compare(at("key"), identity(node.key), identity(before.key), KEY_KEPT);
  if (node.kind === "validator") compare(at("seat"), node.seat, holderText(before.seat, node.seat), KEPT);
  if (node.kind === "access" && !newRelay) {
    compare(at("relay"), node.relay, holderText(before.relay, node.relay), RELAY_KEPT);
  }
  if (remake) return;
  for (const member of ["host", "rpcHost", "ports", "memory"] as const) {
    compare(at(member), node[member], before[member], REMAKE);
  }
  if (!newKey) compare(at("key"), node.key, before.key, REMAKE);
  if (node.kind === "access") compare(at("platformPort"), node.platformPort, before.platformPort, REMAKE);
}

/** What a key is, whatever the way to it. */
function identity(key: NodeKey): unknown {
  return key.custody === "file" ? "file" : key.publicKey;
}

/** A holder as the file would name it: both `generate` and the address that was made then are right. */
function holderText(holder: KnownHolder | undefined, asked: Holder): string | undefined {
  return holder?.generated && asked === GENERATE ? GENERATE : holder?.address;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
