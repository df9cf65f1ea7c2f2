import type { Clock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { NodeReader } from "../local/node-reader.ts";
import { processOf, startNode, stopNode } from "../local/nodes.ts";
import { nodeFolder, type Trial } from "../local/trial.ts";
import type { NetworkNode } from "../record.ts";
import type { FaultTarget } from "./run-schedule.ts";
import type { Fault } from "./schedule.ts";
import type { SlowLink } from "./slow-link.ts";
import { restoreSettings, slowDown } from "./slow-node.ts";

/** A machine that starts one Java beside several busy ones takes its time. */
const RECOVERY_MS = 300_000;
const POLL_MS = 500;
/** How far behind the others a node may be and counts as well again: blocks. */
const NEAR = 2;

/** Real faults of the nodes of a network on this machine. */
export class NodeFaults implements FaultTarget {
  readonly #trial: Trial;
  readonly #besuHome: string | undefined;
  readonly #clock: Clock;
  readonly #links = new Map<string, SlowLink[]>();

  constructor(trial: Trial, besuHome: string | undefined, clock: Clock) {
    this.#trial = trial;
    this.#besuHome = besuHome;
    this.#clock = clock;
  }

  async begin({ kind, node: name, delay = 0 }: Fault): Promise<void> {
    const node = this.#node(name);
    if (kind === "kill") this.#signal(node, "SIGKILL");
    else if (kind === "pause") this.#signal(node, "SIGSTOP");
    else await stopNode(this.#trial, node);
    if (kind !== "slow") return;
    this.#links.set(name, await slowDown(nodeFolder(this.#trial, node), node, delay));
    await startNode(this.#trial, node, this.#besuHome);
  }

  async end({ kind, node: name }: Fault): Promise<void> {
    const node = this.#node(name);
    if (kind === "pause") {
      this.#signal(node, "SIGCONT");
      return;
    }
    if (kind === "slow") {
      await stopNode(this.#trial, node);
      restoreSettings(nodeFolder(this.#trial, node));
      for (const link of this.#links.get(name) ?? []) await link.close();
      this.#links.delete(name);
    }
    await startNode(this.#trial, node, this.#besuHome);
  }

  async recovered(name: string): Promise<void> {
    const deadline = this.#clock.now() + RECOVERY_MS;
    const readers = this.#trial.record.nodes.map((node) => new NodeReader(node));
    const own = readers.find(({ node }) => node.name === name) as NodeReader;
    try {
      for (;;) {
        const heads = await Promise.all(readers.map((reader) => reader.head().catch(() => -1)));
        const head = heads[readers.indexOf(own)] as number;
        if (head >= 0 && head >= Math.max(...heads) - NEAR) return;
        if (this.#clock.now() > deadline) {
          const reason = `${name} did not follow the chain again within ${RECOVERY_MS / 1000} s`;
          throw new BropError("network.stalled", { reason, node: name, head });
        }
        await this.#clock.sleep(POLL_MS, new AbortController().signal);
      }
    } finally {
      for (const reader of readers) reader.close();
    }
  }

  #node(name: string): NetworkNode {
    return this.#trial.record.nodes.find((node) => node.name === name) as NetworkNode;
  }

  /** One that has ended by itself needs no signal: starting it is part of the fault's end. */
  #signal(node: NetworkNode, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    const id = processOf(this.#trial, node);
    if (id !== undefined) process.kill(id, signal);
  }
}

/** Undoes what a run that was killed left behind: halted nodes go on, slow ones get their own settings back when they are started. */
export function healNode(trial: Trial, node: NetworkNode): void {
  restoreSettings(nodeFolder(trial, node));
  const id = processOf(trial, node);
  if (id !== undefined) process.kill(id, "SIGCONT");
}
