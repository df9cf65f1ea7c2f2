import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  /** Folder to stand in. */
  cwd: string;
  environment?: Record<string, string>;
  /** What comes on standard input. */
  input?: string;
}

// Settings of the machine that runs the tests must not reach them.
const OWN_SETTINGS = /^(BROP_|DATABASE_URL$|NO_COLOR$|FORCE_COLOR$|CI$)/;

/** Runs the real command in a process of its own, without a terminal. */
export function brop(args: readonly string[], { cwd, environment = {}, input = "" }: Surroundings): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name));
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: "pipe",
  });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    ended.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    ended.stderr += text;
  });
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}
