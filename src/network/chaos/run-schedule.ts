import type { Clock } from "../../core/clock.ts";
import type { Fault, FaultKind, Phase } from "./schedule.ts";

/** What faults are done to. */
export interface FaultTarget {
  begin(fault: Fault): Promise<void>;
  /** Undoes it; the node may still be starting when this resolves. */
  end(fault: Fault): Promise<void>;
  /** Waits until the node follows the chain again. @throws when it does not within a time */
  recovered(node: string): Promise<void>;
}

export interface RunOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Told of each fault as it begins and ends. */
  onFault?: (fault: Fault, state: "begins" | "ends") => void;
}

export type FaultCounts = Partial<Record<FaultKind, number>>;

/**
 * Lets happen what the schedule says. A fault begins when the node of the one before is well again, so never more nodes
 * are down at once than the schedule has lanes; for what then begins after its phase there is no time left.
 *
 * When the signal aborts, what is under way is undone and nothing else begins.
 */
export async function runSchedule(
  phases: readonly Phase[],
  target: FaultTarget,
  options: RunOptions,
): Promise<FaultCounts> {
  const counts: FaultCounts = {};
  const began = options.clock.now();
  for (const phase of phases) {
    const busy = new Set<string>();
    // Not Promise.all: where one lane fails the others still undo what they did.
    const ends = await Promise.allSettled(phase.lanes.map((lane) => runLane(lane, phase, busy)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }
  return counts;

  async function runLane(lane: readonly Fault[], phase: Phase, busy: Set<string>): Promise<void> {
    const { clock, signal, onFault } = options;
    const now = () => (clock.now() - began) / 1000;
    for (const fault of lane) {
      await clock.sleep(Math.max(0, fault.from - now()) * 1000, signal);
      const late = now() > phase.to && !phase.halts;
      if (signal.aborted || late) return;
      // Lanes that are behind their time may come together at one node.
      if (busy.has(fault.node)) continue;
      busy.add(fault.node);
      onFault?.(fault, "begins");
      try {
        await target.begin(fault);
        await clock.sleep((fault.to - fault.from) * 1000, signal);
      } finally {
        await target.end(fault);
        onFault?.(fault, "ends");
      }
      counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
      await target.recovered(fault.node);
      busy.delete(fault.node);
    }
  }
}
