import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { abi } from "../../generated/abi.ts";

const APP = fileURLToPath(new URL("./peer/", import.meta.url));
const LONGEST = 600_000;

/**
 * Ponder and an application of it that keeps the same rows as BROP. It brings 170 packages of 200 MB: too much for
 * everybody who installs BROP, so it is installed here, once, with its version pinned and without install scripts.
 */
export function installPonder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(APP, folder, { recursive: true });
  if (existsSync(join(folder, "node_modules", "ponder"))) return;
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...options], { cwd: folder, stdio: "inherit" });
}

export interface PonderRun {
  folder: string;
  url: string;
  database: string;
  schema: string;
  lastBlock: number;
  contracts: Record<string, string>;
  outbox: boolean;
  port: number;
}

/** Indexes as far as the chain goes. @returns when it was started and when it was ready, milliseconds since 1970 */
export async function runPonder(run: PonderRun): Promise<{ started: number; ready: number }> {
  const { folder, url, lastBlock, port } = run;
  const contracts = Object.fromEntries(
    Object.entries(run.contracts).map(([name, address]) => [name, { address, abi: abi[name as keyof typeof abi] }]),
  );
  writeFileSync(join(folder, "chain.json"), JSON.stringify({ url, lastBlock, contracts }));
  const started = Date.now();
  const args = ["start", "--schema", run.schema, "--port", String(port), "--log-level", "error"];
  const child = spawn(process.execPath, [join(folder, "node_modules/ponder/dist/esm/bin/ponder.js"), ...args], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: run.database,
      OUTBOX: run.outbox ? "yes" : "no",
      PONDER_TELEMETRY_DISABLED: "true",
      NODE_OPTIONS: "--max-old-space-size=8192",
    },
  });
  let exit: number | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code) => {
      exit = code ?? -1;
      resolve();
    });
  });
  try {
    while (!(await isReady(port))) {
      if (exit !== null) throw new Error(`Ponder ended with ${exit}`);
      if (Date.now() - started > LONGEST) throw new Error("Ponder is not ready in time");
      await sleep(50);
    }
    return { started, ready: Date.now() };
  } finally {
    child.kill("SIGTERM");
    const killed = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(killed);
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
  } catch {
    return false;
  }
}
