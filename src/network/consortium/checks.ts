import { GENERATE, type NodePlan } from "./consortium.ts";
import type { Path } from "./place.ts";

/** Where a value could not be read it is undefined; the fault of that has been noted. */
type Draft<Whole> = Whole extends { place: Path }
  ? { [Name in keyof Whole]: Name extends "place" | "kind" ? Whole[Name] : Whole[Name] | undefined }
  : never;

export type NodeDraft = Draft<NodePlan>;

export interface ConsortiumDraft {
  operator: string | undefined;
  regulators: readonly (string | undefined)[];
  nodes: readonly NodeDraft[];
}

/** Notes a fault at a place of the file. */
export type Note = (place: Path, problem: string, remedy: string) => void;

const MOST_VALIDATORS = 64;

/** What can only be judged with the whole file in view. */
export function checkTogether(consortium: ConsortiumDraft, note: Note): void {
  const { nodes } = consortium;
  const validators = nodes.filter(({ kind }) => kind === "validator");
  if (validators.length === 0) note(["validators"], "has no entry", "name at least one validator, better four or more");
  if (validators.length > MOST_VALIDATORS) {
    note(["validators"], `has ${validators.length} entries`, `name at most ${MOST_VALIDATORS}`);
  }
  unique(nodes, ({ name }) => name, "name", "name", note);
  unique(nodes, ({ key }) => (key !== undefined && "publicKey" in key ? key.publicKey : undefined), "key", "key", note);
  unique(validators, (node) => holderOf(node), "seat", "seat", note);
  unique(
    nodes.filter(({ kind }) => kind === "access"),
    (node) => holderOf(node),
    "relay",
    "relay",
    note,
  );
  checkPorts(nodes, note);
  checkParts(consortium, note);
}

/** The seat of a validator or the relay of an access node, if it is named. */
function holderOf(node: NodeDraft): string | undefined {
  const holder = node.kind === "validator" ? node.seat : node.kind === "access" ? node.relay : undefined;
  return holder === GENERATE ? undefined : holder;
}

function unique(
  nodes: readonly NodeDraft[],
  read: (node: NodeDraft) => string | undefined,
  member: string,
  word: string,
  note: Note,
) {
  const first = new Map<string, NodeDraft>();
  for (const node of nodes) {
    const value = read(node);
    if (value === undefined) continue;
    const before = first.get(value);
    if (before === undefined) first.set(value, node);
    else
      note([...node.place, member], `is the same as that of ${nameOf(before)}`, `give each node a ${word} of its own`);
  }
}

/** Nodes with one address are on one machine: there each port is taken once. */
function checkPorts(nodes: readonly NodeDraft[], note: Note): void {
  const taken = new Map<string, string>();
  for (const node of nodes) {
    const ports: [path: readonly string[], port: number][] = Object.entries(node.ports ?? {}).map(([name, port]) => [
      ["ports", name],
      port,
    ]);
    if (node.kind === "access" && node.platformPort) ports.push([["platformPort"], node.platformPort]);
    for (const [path, port] of node.host === undefined ? [] : ports) {
      const words = `${path.at(-1)} of ${nameOf(node)}`;
      const before = taken.get(`${node.host} ${port}`);
      if (before === undefined) taken.set(`${node.host} ${port}`, words);
      else note([...node.place, ...path], `is ${port}, which is also ${before} on ${node.host}`, "choose a free port");
    }
  }
}

/** Each address has one part: Admission keeps one kind for each, and nobody should be judged by himself. */
function checkParts({ operator, regulators, nodes }: ConsortiumDraft, note: Note): void {
  const parts = new Map<string, string>();
  const take = (address: string | undefined, part: string, path: Path) => {
    if (address === undefined || address === GENERATE) return;
    const before = parts.get(address);
    if (before === undefined || before === part) parts.set(address, part);
    else note(path, `is also ${before}`, "use a key for one part only");
  };
  take(operator, "the operator's address", ["operator", "address"]);
  for (const [index, address] of regulators.entries()) take(address, "a regulator's address", ["regulators", index]);
  for (const node of nodes) {
    const member = node.kind === "validator" ? "seat" : "relay";
    take(holderOf(node), `a ${member}'s address`, [...node.place, member]);
  }
}

const nameOf = ({ name, place }: NodeDraft) => name ?? place.join(" ");
