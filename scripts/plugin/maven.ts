import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Jdk } from "./jdk.ts";

export const PLUGIN_FOLDER = fileURLToPath(new URL("../../network/plugin/", import.meta.url));

export interface MavenResult {
  readonly status: number;
  /** All that it printed. */
  readonly output: string;
}

export function hasMaven(): boolean {
  return spawnSync("mvn", ["--version"], { stdio: "ignore" }).status === 0;
}

/** Runs Maven on the plugin's project. */
export function runMaven(jdk: Jdk, args: readonly string[]): MavenResult {
  const { status, stdout, stderr, error } = spawnSync("mvn", ["--batch-mode", "--no-transfer-progress", ...args], {
    cwd: PLUGIN_FOLDER,
    encoding: "utf8",
    env: { ...process.env, JAVA_HOME: jdk.home },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: status ?? 1, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}

/** True when Maven ended because it could not fetch what it needs. */
export function isOffline(result: MavenResult): boolean {
  return /Could not (?:resolve|transfer|find artifact)|PluginResolutionException|in offline mode/.test(result.output);
}
