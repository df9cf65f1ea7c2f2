import { seededRandom } from "./seeded-random.ts";

/** What can go wrong with a node: killed without warning, halted and continued, stopped and started, far away. */
export const FAULT_KINDS = ["kill", "pause", "restart", "slow"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault of one node; seconds since the begin of the schedule. */
export interface Fault {
  kind: FaultKind;
  node: string;
  from: number;
  to: number;
  /** Milliseconds that a slow link holds everything back, in each direction. */
  delay?: number;
}

/**
 * A stretch of time. Each lane has one node down at a time, so as many nodes are down at once as there are lanes; a phase
 * begins when everything of the one before is well again.
 */
export interface Phase {
  from: number;
  to: number;
  /** Whether more validators are down at once than the chain bears: it stands still then. */
  halts: boolean;
  lanes: Fault[][];
}

export interface ScheduleInputs {
  seed: string;
  seconds: number;
  validators: readonly string[];
  /** Nodes without a part in the consensus. */
  others: readonly string[];
  kinds: readonly FaultKind[];
  /** Whether once, in the middle, a validator more goes down than the chain bears. */
  halt: boolean;
}

/** Longest and shortest fault of a kind, seconds. A slow node is restarted for it, which takes a while by itself. */
const DURATIONS: Readonly<Record<FaultKind, readonly [number, number]>> = {
  kill: [3, 25],
  pause: [3, 20],
  restart: [0, 3],
  slow: [25, 45],
};
const GAP = [2, 10] as const;
const DELAY_MS = [200, 1_200] as const;
const HALT_SECONDS = 20;

/** How many validators can be down while the others go on sealing: QBFT needs two thirds of them, rounded up. */
export function mostDown(validators: number): number {
  return validators - Math.ceil((2 * validators) / 3);
}

/** Decides what goes wrong when. The same inputs give the same schedule. */
export function schedule(inputs: ScheduleInputs): Phase[] {
  const { seconds, halt, validators } = inputs;
  const random = seededRandom(inputs.seed);
  if (!halt) return [faultPhase(inputs, 0, seconds, random)];
  const middle = Math.floor((seconds - HALT_SECONDS) / 2);
  const down = shuffled(validators, random).slice(0, mostDown(validators.length) + 1);
  const [from, to] = [middle, middle + HALT_SECONDS];
  const lanes = down.map((node): Fault[] => [{ kind: "kill", node, from, to }]);
  return [
    faultPhase(inputs, 0, middle, random),
    { from, to, halts: true, lanes },
    faultPhase(inputs, to, seconds, random),
  ];
}

function faultPhase(inputs: ScheduleInputs, from: number, to: number, random: () => number): Phase {
  const { validators, others } = inputs;
  const groups = [
    ...Array.from({ length: mostDown(validators.length) }, () => validators),
    ...(others.length > 0 ? [others] : []),
  ];
  const lanes: Fault[][] = [];
  for (const nodes of groups) lanes.push(lane(nodes, lanes.flat(), inputs, { from, to, random }));
  return { from, to, halts: false, lanes: lanes.filter((faults) => faults.length > 0) };
}

/** Fault after fault until the time is over, never of a node that another lane has at that time. */
function lane(
  nodes: readonly string[],
  taken: readonly Fault[],
  { kinds }: ScheduleInputs,
  { from, to, random }: { from: number; to: number; random: () => number },
): Fault[] {
  const within = ([least, most]: readonly [number, number]) => least + Math.floor(random() * (most - least + 1));
  const faults: Fault[] = [];
  // Every kind comes once before one comes twice.
  let left: FaultKind[] = [];
  for (let begin = from + within(GAP); begin < to; begin += within(GAP)) {
    if (left.length === 0) left = shuffled(kinds, random);
    const kind = left.pop();
    if (kind === undefined) break;
    const end = begin + within(DURATIONS[kind]);
    if (end > to) continue;
    const free = nodes.filter((node) => !taken.some((one) => one.node === node && one.from <= end && one.to >= begin));
    const node = free[Math.floor(random() * free.length)];
    if (node === undefined) continue;
    faults.push({ kind, node, from: begin, to: end, ...(kind === "slow" ? { delay: within(DELAY_MS) } : {}) });
    begin = end;
  }
  return faults;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [result[at], result[other]] = [result[other] as Item, result[at] as Item];
  }
  return result;
}
