import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

let built: Promise<string> | undefined;

/** Builds the site from the present sources, once for all tests of a run. Gives the folder that holds it. */
export function builtSite(): Promise<string> {
  built ??= buildSite();
  return built;
}

async function buildSite(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "brop-site-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const configFile = fileURLToPath(new URL("../../../src/web/vite.config.ts", import.meta.url));
  await build({ configFile, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  return folder;
}
