import { readFileSync } from "node:fs";
import { type Clock, systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { Report } from "../../platform/report.ts";
import type { RelayFault } from "../../sdk/index.ts";
import { NodeReader } from "../local/node-reader.ts";
import { processOf, startNode, untilBlocks } from "../local/nodes.ts";
import { gatherKeys, servicesProcess, servicesUrl } from "../local/services.ts";
import type { Trial } from "../local/trial.ts";
import { check, type Finding } from "./check.ts";
import { Load } from "./load.ts";
import { healNode, NodeFaults } from "./node-faults.ts";
import { chaosPartner } from "./partner.ts";
import { type Blocks, readChains } from "./read-chains.ts";
import { type FaultCounts, runSchedule } from "./run-schedule.ts";
import { FAULT_KINDS, type Fault, type FaultKind, schedule } from "./schedule.ts";

export interface ChaosOptions {
  besuHome: string | undefined;
  password: string | undefined;
  /** Decides which faults happen when. */
  seed: string;
  /** How long faults go on; what comes before and after takes a few minutes besides. */
  seconds: number;
  clients: number;
  kinds?: readonly FaultKind[];
  /** Whether once more validators go down than the chain bears. */
  halt: boolean;
  report: Report;
  onFault: (fault: Fault, state: "begins" | "ends") => void;
  signal: AbortSignal;
}

/** What came of it. */
export interface ChaosResult {
  seed: string;
  seconds: number;
  faults: FaultCounts;
  blocks: Blocks;
  operations: {
    submitted: number;
    included: number;
    expired: number;
    /** Told to clients instead of an end, by code. */
    errors: Record<string, number>;
  };
  /** What the access node did wrong in the eyes of clients that trust no node. */
  relayFaults: readonly RelayFault[];
  /** How many answers were compared with how many nodes' chains. */
  compared: { answers: number; nodes: number };
  findings: Finding[];
}

/** Longest wait for the ends of operations after the last fault: their deadline, and what a slow machine needs. */
const ENDS_MS = 600_000;

/**
 * Makes nodes of a network on this machine fail while clients record through its access node, and compares what the
 * clients were told with what all nodes have in the end. Leaves every node running.
 *
 * @throws BropError `service.unavailable` when the network's services do not run; `network.stalled` when nodes do not come back
 */
export async function chaos(trial: Trial, options: ChaosOptions): Promise<ChaosResult> {
  const { report, signal, seed, seconds, besuHome } = options;
  const clock = systemClock;
  const url = requireServices(trial);
  await report.step("Every node runs", () => untilAllRun(trial, besuHome, signal));
  const trust = JSON.parse(readFileSync(trial.folder.genesis, "utf8"));
  const { sender, brop } = await report.step("A partner of its own is admitted", () =>
    chaosPartner(url, gatherKeys(trial), trust, options.password),
  );
  const loadEnds = new AbortController();
  const load = new Load({ sender, clients: options.clients, clock, until: loadEnds.signal });
  const from = await headOf(trial);
  const loadDone = load.run();
  try {
    const faults = await report.step(
      "Faults",
      () => runFaults(trial, options, clock),
      () => `, ${load.submitted} operations, ${load.included} included, ${load.expired} expired`,
    );
    loadEnds.abort();
    signal.throwIfAborted();
    await report.step(
      "Every operation has its end",
      () => Promise.race([loadDone, clock.sleep(ENDS_MS, signal)]),
      () => `, ${load.open.length} left`,
    );
    const { chains, blocks } = await report.step("All nodes have the same chain", () =>
      readChains(trial, from, clock, signal),
    );
    const { submitted, included, expired, answers, errors } = load;
    return {
      ...{ seed, seconds, faults, blocks },
      operations: { submitted, included, expired, errors: Object.fromEntries(errors) },
      relayFaults: brop.relayFaults,
      compared: { answers: answers.length, nodes: chains.length },
      findings: check(answers, chains, load.open),
    };
  } finally {
    loadEnds.abort();
    // What is still awaited ends with the connection.
    brop.close();
    await loadDone;
  }
}

function runFaults(trial: Trial, options: ChaosOptions, clock: Clock): Promise<FaultCounts> {
  const { seed, seconds, halt, kinds = FAULT_KINDS, signal, onFault } = options;
  const names = (validating: boolean) =>
    trial.record.nodes.filter(({ kind }) => (kind === "validator") === validating).map(({ name }) => name);
  const plan = schedule({ seed, seconds, validators: names(true), others: names(false), kinds, halt });
  return runSchedule(plan, new NodeFaults(trial, options.besuHome, clock), { clock, signal, onFault });
}

function requireServices(trial: Trial): string {
  const url = servicesUrl(trial);
  if (url !== undefined && servicesProcess(trial) !== undefined) return url;
  const reason = url === undefined ? "the network has no access node" : "the network's services do not run";
  const words = `There is no load without an access node: ${reason}. Start them with \`brop network up\``;
  throw new BropError("service.unavailable", { reason }, words);
}

async function untilAllRun(trial: Trial, besuHome: string | undefined, signal: AbortSignal): Promise<void> {
  for (const node of trial.record.nodes) {
    healNode(trial, node);
    if (processOf(trial, node) === undefined) await startNode(trial, node, besuHome);
  }
  await untilBlocks(trial, trial.record.nodes, signal);
}

async function headOf(trial: Trial): Promise<number> {
  const reader = new NodeReader(trial.door);
  try {
    return await reader.head();
  } finally {
    reader.close();
  }
}
