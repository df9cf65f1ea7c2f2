import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Config, type Flags, SETTINGS } from "../../../src/config.ts";
import type { Problem } from "../../../src/core/errors.ts";
import type { ReadyLine } from "../../../src/platform/welcome.ts";

const PROGRAM = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
/** Exit code for a mistyped setting; every other refusal has 1. */
const USAGE = 2;

/** How a platform's process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it said on standard output: the ready line and an error, each one JSON line. */
  output: string;
  /** What it said to people. */
  words: string;
}

/** A platform in a process of its own, in a process group of its own. */
export interface PlatformProcess {
  child: ChildProcess;
  /** Everything said to people so far. */
  words(): string;
  exit: Promise<Exit>;
  /** Sends a signal to the process alone. */
  signal(name: NodeJS.Signals): void;
  /** Ends the whole group at once, as a crash of the machine would. */
  kill(): Promise<void>;
}

const running = new Set<PlatformProcess>();

/** Starts a platform on a free port, with blocks every second, unless the settings say otherwise. */
export function launchPlatform(settings: Flags, environment: NodeJS.ProcessEnv = {}): PlatformProcess {
  const options = optionsOf({ port: "0", blockTime: "1", ...settings });
  const child = spawn(process.execPath, [PROGRAM, "start", "--json", ...options], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...withoutSettings(), NO_COLOR: "1", ...environment },
  });
  let output = "";
  let words = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    words += chunk;
  });
  const exit = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(platform);
      resolve({ code, signal, output, words });
    });
  });
  const platform: PlatformProcess = {
    child,
    words: () => words,
    exit,
    signal: (name) => child.kill(name),
    async kill() {
      process.kill(-(child.pid as number), "SIGKILL");
      await exit;
    },
  };
  running.add(platform);
  return platform;
}

/** Waits for the ready line. */
export async function untilReady(platform: PlatformProcess): Promise<ReadyLine> {
  const line = new Promise<ReadyLine>((resolve) => {
    let text = "";
    platform.child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(JSON.parse(text.slice(0, text.indexOf("\n"))));
    });
  });
  const ended = platform.exit.then((exit) => {
    throw new Error(`The platform ended before it was ready: ${JSON.stringify(exit)}`);
  });
  return Promise.race([line, ended]);
}

/** Starts a platform that has to be refused. @returns the error that it gave */
export async function refusedStart(settings: Flags, environment: NodeJS.ProcessEnv = {}): Promise<Problem> {
  const { code, output, words } = await launchPlatform(settings, environment).exit;
  if (output === "") throw new Error(`No error was given, exit code ${code}: ${words}`);
  const { error } = JSON.parse(output) as { error: Problem };
  const expected = error.code === "configuration.invalid" ? USAGE : 1;
  if (code !== expected) throw new Error(`Exit code ${code} instead of ${expected}: ${output}`);
  return error;
}

/** Ends what a failed test left running. */
export async function killPlatforms(): Promise<void> {
  await Promise.all([...running].map((platform) => platform.kill()));
}

/** Processes whose command line names a text; a chain's names its folder in the data folder. */
export function processesNaming(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => commandLine(name).includes(text))
    .map(Number);
}

/** Waits until no process names a text any more. @returns those that still do after ten seconds */
export async function untilNoneNames(text: string): Promise<number[]> {
  for (let round = 0; round < 100 && processesNaming(text).length > 0; round++) await sleep(100);
  return processesNaming(text);
}

function optionsOf(settings: Flags): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const { flag }: { flag?: string } = SETTINGS[name as keyof Config];
    return value === undefined || flag === undefined ? [] : [flag, value];
  });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The environment without settings of whoever runs the tests. */
function withoutSettings(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(BROP_|DATABASE_URL$|LOG_LEVEL$)/.test(name));
  return Object.fromEntries(kept);
}
