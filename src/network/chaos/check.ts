/** Where an operation stands on a chain. */
export interface Place {
  blockNumber: number;
  blockHash: string;
  transactionHash: string;
  logIndex: number;
}

/** What a client was told about an operation. */
export type Answer =
  | { operation: string; end: "included"; blockNumber: number }
  /** It can not be included any more. */
  | { operation: string; end: "expired" };

/** One node's chain at the end of a run. */
export interface NodeChain {
  node: string;
  head: number;
  /** Hash of the block at the height that all nodes have. */
  commonHash: string;
  /** Every place of every operation, by its hash. */
  operations: ReadonlyMap<string, readonly Place[]>;
}

export const FINDING_KINDS = [
  ...(["lost", "twice", "elsewhere", "expired-included", "nodes-differ", "chains-differ", "unended"] as const),
];
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Something that must never be. */
export interface Finding {
  kind: FindingKind;
  /** Where it was found; undefined for what concerns no single node. */
  node?: string;
  operation?: string;
  words: string;
}

/**
 * Compares what clients were told with what every node has in the end. "Included" is final (CH-1, CH-5): the operation
 * stands once, in the block that was named, at the same place at every node; "expired" is final too, and stands nowhere.
 * @param unended operations that never got an end, though every one does by its deadline
 */
export function check(
  answers: readonly Answer[],
  chains: readonly NodeChain[],
  unended: readonly string[] = [],
): Finding[] {
  const [first, ...others] = chains;
  if (first === undefined) return [];
  return [
    ...unended.map((operation): Finding => ({ kind: "unended", operation, words: "has no end, past its deadline" })),
    ...others
      .filter(({ commonHash }) => commonHash !== first.commonHash)
      .map(({ node }): Finding => {
        return { kind: "chains-differ", node, words: `another block than ${first.node} has at the height of both` };
      }),
    ...answers.flatMap((answer) => chains.flatMap((chain) => judge(answer, chain, first))),
  ];
}

function judge(answer: Answer, { node, operations }: NodeChain, first: NodeChain): Finding[] {
  const { operation } = answer;
  const places = operations.get(operation) ?? [];
  const found = (kind: FindingKind, words: string): Finding[] => [{ kind, node, operation, words }];
  if (answer.end === "expired") {
    return places.length === 0 ? [] : found("expired-included", `stands in block ${places[0]?.blockNumber}`);
  }
  const [place, ...more] = places;
  if (place === undefined) return found("lost", `told to be in block ${answer.blockNumber}, stands in none`);
  if (more.length > 0) return found("twice", `stands ${places.length} times`);
  if (place.blockNumber !== answer.blockNumber) {
    return found("elsewhere", `told to be in block ${answer.blockNumber}, stands in ${place.blockNumber}`);
  }
  const there = first.operations.get(operation)?.[0];
  if (there === undefined || JSON.stringify(ordered(there)) === JSON.stringify(ordered(place))) return [];
  return found("nodes-differ", `stands at another place than at ${first.node}`);
}

const ordered = ({ blockNumber, blockHash, transactionHash, logIndex }: Place) => [
  ...[blockNumber, blockHash, transactionHash, logIndex],
];
