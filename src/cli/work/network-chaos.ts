import { randomBytes } from "node:crypto";
import { childEnvironment } from "../../config.ts";
import { type ChaosResult, chaos as runChaos } from "../../network/chaos/chaos.ts";
import type { Fault, FaultKind } from "../../network/chaos/schedule.ts";
import { findBesu } from "../../network/local/besu-home.ts";
import { EXIT_INTERRUPTED, EXIT_NOT_VERIFIED } from "../exit-codes.ts";
import type { Paint } from "../output.ts";
import type { Session } from "../session.ts";
import { columns, details } from "../table.ts";
import { type FolderOption, interruption, reportOf, trialOf } from "./network-folder.ts";

interface ChaosTyped extends FolderOption {
  minutes: number;
  seed?: string;
  clients: number;
  only?: FaultKind[];
  halt?: boolean;
}

const CLEAR_LINE = "\r\u001b[K";
const SEED_BYTES = 4;

export async function chaos(session: Session, typed: ChaosTyped): Promise<void> {
  const trial = trialOf(session, typed);
  const { minutes, clients, only, halt = false, seed = randomBytes(SEED_BYTES).toString("hex") } = typed;
  const signal = interruption();
  session.output.note(`seed ${seed}: the same faults again with --seed ${seed}`);
  const result = await runChaos(trial, {
    ...{ besuHome: findBesu(session.besuHome, childEnvironment({}).PATH ?? ""), password: session.password },
    ...{ seed, seconds: minutes * 60, clients, halt, signal, report: reportOf(session) },
    ...(only === undefined ? {} : { kinds: only }),
    onFault: (fault, state) => {
      // A terminal shows a step with its progress in that line.
      if (process.stderr.isTTY && !session.options.json && !session.options.quiet) process.stderr.write(CLEAR_LINE);
      session.output.note(wordsOf(fault, state));
    },
  }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (result === undefined) {
    session.output.note("interrupted: every fault is undone, and nothing was compared");
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  if (result.findings.length > 0) process.exitCode = EXIT_NOT_VERIFIED;
  session.output.result(result, (paint) => describe(result, paint));
}

function wordsOf({ kind, node, from, to, delay }: Fault, state: "begins" | "ends"): string {
  if (state === "ends") return `${node} is let be`;
  const seconds = `for ${to - from} s`;
  const words: Readonly<Record<FaultKind, string>> = {
    kill: `is killed (-9) and stays down ${seconds}`,
    pause: `is paused ${seconds}`,
    restart: `is restarted after ${to - from} s`,
    slow: `is ${delay} ms away from the others ${seconds}`,
  };
  return `${node} ${words[kind]}`;
}

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Enough to see what is wrong; --json has all. */
const SHOWN = 20;

function describe({ faults, blocks, operations, relayFaults, compared, findings }: ChaosResult, paint: Paint): string {
  const { from, to, laterRounds, longestGap } = blocks;
  const list = (counts: object) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ") || "none";
  const well = findings.length === 0;
  return [
    "",
    well
      ? paint.bold(paint.green("Nothing was lost, and all nodes agree"))
      : paint.bold(paint.red(`${findings.length} answers or chains are wrong`)),
    details([
      ["faults", list(faults)],
      ["blocks", `${to - from + 1} (${from} to ${to}), ${laterRounds} in a later round, longest gap ${longestGap} s`],
      ["operations", `${operations.submitted}: ${operations.included} included, ${operations.expired} expired`],
      ["other answers", list(operations.errors)],
      ["access node", list(countOf(relayFaults.map(({ kind }) => kind)))],
      ["compared", `${compared.answers} answers with the chains of ${compared.nodes} nodes`],
    ]),
    ...(well
      ? []
      : [
          columns(
            findings
              .slice(0, SHOWN)
              .map(({ kind, node = "-", operation = "", words }) => [kind, node, words, operation]),
          ),
        ]),
  ].join("\n");
}
