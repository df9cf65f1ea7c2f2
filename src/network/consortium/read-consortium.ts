import { readFileSync } from "node:fs";
import { type ConsortiumDraft, checkTogether } from "./checks.ts";
import { type Consortium, DEFAULT_BLOCK_GAS_LIMIT, type NodeKind, PLUGIN_RULES } from "./consortium.ts";
import { throwFaults } from "./faults.ts";
import { type Path, type Place, readPlaces, shown } from "./place.ts";
import { readAddress, readHolder } from "./read-holder.ts";
import { NAME, NAME_WORDS, readNode } from "./read-node.ts";

/** A consortium with the means to say where in its file something is at fault. */
export interface ConsortiumFile {
  path: string;
  consortium: Consortium;
  /** Line of a place, or of what stands nearest above it. */
  lineOf: (place: Path) => number;
}

const LISTS: readonly { member: "validators" | "fullNodes" | "accessNodes"; kind: NodeKind }[] = [
  { member: "validators", kind: "validator" },
  { member: "fullNodes", kind: "full" },
  { member: "accessNodes", kind: "access" },
];

/**
 * Reads the file that describes a consortium.
 *
 * @throws BropError `network.file-invalid` with every fault at once; `file.not-found`
 */
export function readConsortium(path: string): ConsortiumFile {
  const { root, faults } = readPlaces(readFileSync(path, "utf8"));
  throwFaults(path, faults);
  const draft = read(root);
  const lineOf = (place: Path) => root.at(place).line;
  if (draft !== undefined) {
    checkTogether(draft, (place, problem, remedy) => {
      faults.push({ line: lineOf(place), place: shown(place), problem, remedy });
    });
  }
  throwFaults(path, faults);
  return { path, consortium: draft as unknown as Consortium, lineOf };
}

function read(root: Place): (ConsortiumDraft & Record<string, unknown>) | undefined {
  const members = root.members(["network", "operator", "regulators", ...LISTS.map(({ member }) => member)]);
  if (members === undefined) return undefined;
  const network = members.network.members(["name", "chainId", "blockGasLimit", "council", "activations"]);
  const operator = members.operator.members(["address", "admissionParties"]);
  const nodes = LISTS.flatMap(({ member, kind }) => members[member].entries().map((entry) => readNode(entry, kind)));
  return {
    name: network?.name.text(NAME, NAME_WORDS),
    chainId: network?.chainId.wholeNumber(1, 4_294_967_295),
    // A transaction may use 16,777,216 gas (EIP-7825), which a block has to have room for.
    blockGasLimit: network?.blockGasLimit.given
      ? network.blockGasLimit.wholeNumber(16_777_216, 2_000_000_000)
      : DEFAULT_BLOCK_GAS_LIMIT,
    ...(network?.council.given ? { council: readCouncil(network.council) } : {}),
    activations: network === undefined ? {} : readActivations(network.activations),
    operator: operator && readHolder(operator.address),
    admissionParties: operator?.admissionParties.entries().map((entry) => readAddress(entry)) ?? [],
    regulators: members.regulators.entries().map((entry) => readAddress(entry)),
    nodes: nodes.filter((node) => node !== undefined),
  };
}

function readCouncil(place: Place) {
  const members = place.members(["delayBlocks", "lifetimeBlocks"]);
  return {
    delayBlocks: members?.delayBlocks.wholeNumber(1, 10_000_000),
    lifetimeBlocks: members?.lifetimeBlocks.wholeNumber(1, 100_000_000),
  };
}

function readActivations(place: Place): Record<string, number | undefined> {
  const members = place.given ? place.members(PLUGIN_RULES) : undefined;
  const given = Object.entries(members ?? {}).filter(([, block]) => block.given);
  return Object.fromEntries(given.map(([rule, block]) => [rule, block.wholeNumber(1, 281_474_976_710_655)]));
}
