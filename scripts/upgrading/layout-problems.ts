import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compiledLayouts } from "../layouts/compiled.ts";
import { judgeLayouts } from "../layouts/judge.ts";
import type { Layouts } from "../layouts/layout.ts";

/**
 * Why the build would misread what the network stores, in words; nothing where it would not.
 *
 * @param deployed file of the layouts of the version that the network runs; by default those that this checkout writes down
 */
export function layoutProblems(deployed?: string): string[] {
  const committed = fileURLToPath(new URL("../../contracts/storage-layouts.json", import.meta.url));
  const layouts = JSON.parse(readFileSync(deployed ?? committed, "utf8")) as Layouts;
  const { clashes, outdated } = judgeLayouts(layouts, compiledLayouts());
  // What a network runs may have less storage than the build, but the checkout has to know all of it.
  const unknown = deployed === undefined ? outdated : [];
  return [...clashes, ...unknown.map((name) => `${name}: its storage is new or grew, and that is not written down`)];
}
