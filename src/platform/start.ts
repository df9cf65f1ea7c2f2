import { setMaxListeners } from "node:events";
import colours from "picocolors";
import { type Config, type Flags, readConfig } from "../config.ts";
import type { BropError } from "../core/errors.ts";
import { readContractAddresses } from "./contract-addresses.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { type Output, reportTo } from "./report.ts";
import { printWelcome, readyLine } from "./welcome.ts";

export interface StartOptions {
  /** Print one JSON line on standard output when the platform is ready, and nothing else there. */
  json?: boolean;
}

/** Exit code of a program that Ctrl-C ended (128 + SIGINT). */
const FORCED = 130;
/** One Ctrl-C may come twice: from the terminal and from the program above, which passes it on. */
const SAME_SIGNAL = 700;

/**
 * The command `start`: runs the platform until Ctrl-C or SIGTERM, then stops it in order. A second Ctrl-C ends the
 * process at once; the next start puts right what was cut off.
 *
 * @param flags options of the command line by setting name, as typed; the environment and the defaults fill in
 * @throws BropError why the start was refused, or what ended a running platform
 */
export async function start(flags: Flags = {}, { json = false }: StartOptions = {}): Promise<void> {
  const config = readConfig(flags);
  const output: Output = json || config.log === "stdout" ? process.stderr : process.stdout;
  const ending = awaitEnd(output);
  try {
    const platform = await startPlatform({
      ...{ config, report: reportTo(output), signal: ending.signal },
      onFailure: ending.fail,
    }).catch((error: unknown) => {
      // A start that was told to stop fails somewhere, which is no news.
      if (!ending.signal.aborted) throw error;
    });
    if (platform !== undefined) await run(platform, ending, () => announce(platform, config, output, json));
  } finally {
    ending.forget();
  }
  const failure = ending.failure();
  if (failure !== undefined) throw failure;
  output.write(`${paint(output).green("✓")} Stopped. Everything is kept in ${config.data}.\n`);
}

async function run(platform: Platform, ending: Ending, announce: () => Promise<void>): Promise<void> {
  try {
    await announce();
    await ending.ended;
  } finally {
    await platform.stop().catch((error: unknown) => {
      // What ended the platform is told first; it is the likely cause of this, too.
      if (ending.failure() === undefined) throw error;
    });
  }
}

async function announce(platform: Platform, config: Config, output: Output, json: boolean): Promise<void> {
  const addresses = await readContractAddresses(platform.chainUrl);
  if (json) process.stdout.write(`${JSON.stringify(readyLine(platform, addresses))}\n`);
  else printWelcome(platform, config, addresses, output);
}

interface Ending {
  /** Aborted when the platform has to stop. */
  signal: AbortSignal;
  ended: Promise<void>;
  fail: (error: BropError) => void;
  failure: () => BropError | undefined;
  forget: () => void;
}

/** Waits for the first signal or failure; a second signal ends the process. */
function awaitEnd(output: Output): Ending {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let failure: BropError | undefined;
  let asked: number | undefined;
  const ended = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const onSignal = () => {
    if (asked !== undefined) {
      if (performance.now() - asked < SAME_SIGNAL) return;
      output.write("Stopped at once. The next start puts right what was cut off.\n");
      process.exit(FORCED);
    }
    asked = performance.now();
    output.write(`\n${paint(output).dim("Stopping ... (Ctrl-C again ends it at once)")}\n`);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    ended,
    fail(error) {
      failure ??= error;
      controller.abort();
    },
    failure: () => failure,
    forget() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

function paint(output: Output) {
  return colours.createColors(output.isTTY === true && colours.isColorSupported);
}
