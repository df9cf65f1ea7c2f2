import { rmSync } from "node:fs";
import { childEnvironment } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import { findBesu } from "../../network/local/besu-home.ts";
import { down, up as startAll } from "../../network/local/up.ts";
import { EXIT_INTERRUPTED } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";
import { type FolderOption, interruption, reportOf, trialOf } from "./network-folder.ts";

export async function up(session: Session, typed: FolderOption & { nodesOnly?: boolean }): Promise<void> {
  const trial = trialOf(session, typed);
  const besuHome = findBesu(session.besuHome, childEnvironment({}).PATH ?? "");
  const { nodesOnly = false } = typed;
  const signal = interruption();
  const { password } = session;
  const options = { besuHome, password, nodesOnly, report: reportOf(session), signal };
  const running = await startAll(trial, options).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (running === undefined) {
    session.output.note(
      "interrupted: what was started runs on; `brop network up` goes on, `brop network stop` ends it",
    );
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  const { name, chainId } = trial.record;
  session.output.result({ network: name, chainId, directory: trial.folder.root, ...running }, (paint) => {
    const { url, keys, nodes, block } = running;
    return [
      "",
      `${paint.bold(paint.green("The network runs"))}: ${name}, chain ${chainId}, block ${block}`,
      details([
        ...nodes.map(({ name, rpc }): [string, string] => [name, rpc]),
        ["site, API, JSON-RPC", url === undefined ? undefined : paint.cyan(url)],
        ["keys", keys],
      ]),
    ].join("\n");
  });
}

export async function stop(session: Session, typed: FolderOption): Promise<void> {
  const trial = trialOf(session, typed);
  await down(trial, reportOf(session));
  const { name } = trial.record;
  session.output.result({ network: name, running: false }, () => `The network ${name} is stopped. Everything is kept.`);
}

export async function wipe(session: Session, typed: FolderOption & { yes?: boolean }): Promise<void> {
  const trial = trialOf(session, typed);
  if (!typed.yes) {
    const reason = `the chain, the index and the keys in ${trial.run} would be gone for good: say so with --yes`;
    throw new BropError("request.invalid", { field: "--yes", reason }, `Nothing was done: ${reason}`);
  }
  await down(trial, reportOf(session));
  rmSync(trial.run, { recursive: true, force: true });
  const { name } = trial.record;
  session.output.result(
    { network: name, wiped: trial.run },
    () => `The network ${name} begins again at block 0 with \`brop network up\`.`,
  );
}
