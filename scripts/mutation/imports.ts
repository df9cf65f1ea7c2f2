import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

const IMPORT = /^import\s[^;]*?"(\.[^"]+)";/gm;

/** Files of ours that a Solidity file stands on, itself included. */
export function closureOf(root: string, file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(join(root, file), "utf8");
  for (const [, path = ""] of text.matchAll(IMPORT)) {
    closureOf(root, posix.join(posix.dirname(file), path), known);
  }
  return known;
}

/** Those of the files that stand on the given one. */
export function dependentsOf(root: string, file: string, files: readonly string[]): string[] {
  return files.filter((each) => closureOf(root, each).has(file));
}
