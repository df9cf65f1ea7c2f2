import { type ImportGraph, isNodeModule } from "./graph.ts";
import { BROWSER_LAYERS, LAYERS } from "./layers.ts";

/** Imports that go upward, and folders that have no place in the table. */
export function findUpwardImports(graph: ImportGraph): string[] {
  const findings: string[] = [];
  const unknown = new Set<string>();
  for (const [file, imports] of graph) {
    const layer = layerOf(file);
    if (layer === undefined) continue;
    const allowed = LAYERS[layer];
    if (!allowed) {
      unknown.add(layer);
      continue;
    }
    for (const { file: target, line } of imports) {
      const targetLayer = target === undefined ? undefined : layerOf(target);
      if (targetLayer === undefined || targetLayer === layer || allowed.includes(targetLayer)) continue;
      findings.push(`${file}:${line} imports ${target}: ${layer} may import ${allowed.join(", ") || "no other layer"}`);
    }
  }
  for (const layer of unknown) {
    findings.push(`${layer} is in no row of the layer table (docs/architecture.md, scripts/imports/layers.ts)`);
  }
  return findings;
}

/** Circles of imports at run time, each told once. */
export function findCycles(graph: ImportGraph): string[] {
  const cycles = new Map<string, string>();
  const finished = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = path.slice(start);
      cycles.set([...cycle].sort().join(), `circular import: ${[...cycle, file].join(" -> ")}`);
      return;
    }
    if (finished.has(file)) return;
    for (const target of runtimeTargets(graph, file)) walk(target, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return [...cycles.values()];
}

/** Node's own modules and `*.node.ts` files that a browser would have to load. */
export function findNodeInBrowser(graph: ImportGraph): string[] {
  const findings = new Set<string>();
  for (const entry of graph.keys()) {
    const layer = layerOf(entry);
    if (layer === undefined || !BROWSER_LAYERS.includes(layer) || isForNode(entry)) continue;
    const seen = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { specifier, file: target, typeOnly } of graph.get(file) ?? []) {
        if (typeOnly) continue;
        const trail = [...path, file].join(" -> ");
        if (isNodeModule(specifier)) findings.add(`${trail} imports ${specifier}, which browsers do not have`);
        if (target === undefined) continue;
        if (isForNode(target)) findings.add(`${trail} imports ${target}, which is not for browsers`);
        else walk(target, [...path, file]);
      }
    };
    walk(entry, []);
  }
  return [...findings];
}

function runtimeTargets(graph: ImportGraph, file: string): string[] {
  return (graph.get(file) ?? []).flatMap(({ file: target, typeOnly }) =>
    target === undefined || typeOnly || !graph.has(target) ? [] : [target],
  );
}

/** `*.node.ts`, and the settings of tools (`vite.config.ts`). */
function isForNode(file: string): boolean {
  return /\.(node|config)\.tsx?$/.test(file);
}

function layerOf(file: string): string | undefined {
  const [folder, layer] = file.split("/");
  return folder === "src" ? layer : folder === "scripts" ? folder : undefined;
}
