import { fileURLToPath } from "node:url";
import { readImportGraph } from "./imports/graph.ts";
import { findCycles, findNodeInBrowser, findUpwardImports } from "./imports/rules.ts";
import { reportFindings } from "./report-findings.ts";

/** Everything wrong with the imports under `root`; empty when all is well. */
export function checkImports(root: string): string[] {
  const graph = readImportGraph(root, ["src", "scripts"]);
  return [...findUpwardImports(graph), ...findCycles(graph), ...findNodeInBrowser(graph)];
}

if (import.meta.main) reportFindings(checkImports(fileURLToPath(new URL("..", import.meta.url))));
