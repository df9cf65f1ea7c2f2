import { setTimeout as sleep } from "node:timers/promises";
import { type NetworkStatus, type NodeStatus, statusOf } from "../../network/local/status.ts";
import { type Paint, paintFor } from "../output.ts";
import type { Session } from "../session.ts";
import { columns } from "../table.ts";
import { type FolderOption, interruption, trialOf } from "./network-folder.ts";

const REFRESH_MS = 1_000;
const HOME_AND_CLEAR = "\u001b[H\u001b[J";
const HEAD = ["NODE", "KIND", "PROCESS", "BLOCK", "AGE", "PROPOSER", "ROUND", "SEALS", "PEERS", "POOL"];

export async function status(session: Session, typed: FolderOption & { once?: boolean }): Promise<void> {
  const trial = trialOf(session, typed);
  const { json, quiet } = session.options;
  const live = process.stdout.isTTY && !typed.once && !json && !quiet;
  if (!live) {
    const found = await statusOf(trial);
    session.output.result(found, (paint) => describe(found, paint));
    return;
  }
  const signal = interruption();
  while (!signal.aborted) {
    const words = describe(await statusOf(trial), paintFor(process.stdout));
    process.stdout.write(`${HOME_AND_CLEAR}${words}\n\nCtrl-C ends this; the network goes on.\n`);
    await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
  }
}

function describe({ network, chainId, nodes, services }: NetworkStatus, paint: Paint): string {
  const [head = "", ...lines] = columns([HEAD, ...nodes.map(row)]).split("\n");
  return [
    `${paint.bold(network)}, chain ${chainId}`,
    "",
    paint.bold(head),
    ...lines.map((line, index) => (nodes[index]?.block === undefined ? paint.red(line) : line)),
    "",
    services.process === undefined ? "services: none run" : `services: process ${services.process}, ${services.url}`,
  ].join("\n");
}

function row({
  name,
  kind,
  process,
  block,
  age,
  proposer,
  round,
  seals,
  validators,
  peers,
  pool,
}: NodeStatus): string[] {
  const given = (value: unknown, unit = "") => (value === undefined ? "-" : `${value}${unit}`);
  const sealed = seals === undefined ? "-" : `${seals} of ${validators}`;
  return [
    ...[name, kind, given(process), given(block), given(age, " s"), given(proposer), given(round)],
    ...[sealed, given(peers), given(pool)],
  ];
}
