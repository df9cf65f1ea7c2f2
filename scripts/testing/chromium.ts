import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The browser that browser tests drive: `BROP_CHROMIUM`, or the first one on the path. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.BROP_CHROMIUM, ...candidates, ...MAC].find((path) => path && isExecutable(path));
}

/**
 * Installs Debian's Chromium where this process may do so (root, with apt).
 *
 * @returns the reason why there is still none, or undefined
 */
export function installChromium(): string | undefined {
  if (process.getuid?.() !== 0) return "no Chromium on the path (set BROP_CHROMIUM), and only root can install one";
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const options = { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    const { status, error } = spawnSync("apt-get", args, options);
    if (error || status !== 0) return `no Chromium on the path (set BROP_CHROMIUM), and apt-get ${args[0]} failed`;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
