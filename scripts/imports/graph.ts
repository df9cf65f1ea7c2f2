import { existsSync, globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { parseAst } from "vite";

/** One import of a file: by a statement, an export-from, `import()` or a type. */
export interface Import {
  /** As written. */
  readonly specifier: string;
  /** File within the root that it names, with `/`; undefined for packages and Node's own modules. */
  readonly file: string | undefined;
  /** Gone at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Every source file by its path from the root, with what it imports. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** True for `node:fs`, `fs`, `fs/promises` and the like. */
export function isNodeModule(specifier: string): boolean {
  return isBuiltin(specifier);
}

/**
 * Reads the imports of all TypeScript files in the given folders.
 *
 * @throws Error when a file does not parse or names a relative file that does not exist
 */
export function readImportGraph(root: string, folders: readonly string[]): ImportGraph {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx}`);
  const files = globSync(patterns, { cwd: root }).map(withSlashes).sort();
  return new Map(files.map((file) => [file, readImports(root, file)]));
}

function readImports(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const program = parseAst(text, { lang: file.endsWith("x") ? "tsx" : "ts" }, file);
  const imports: Import[] = [];
  visit(program, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const line = text.slice(0, node.start).split("\n").length;
    imports.push({ specifier, file: resolveFile(root, file, specifier), typeOnly: isTypeOnly(node), line });
  });
  return imports;
}

/** The parts of a syntax tree's node (ESTree) that matter here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly source?: { readonly type: string; readonly value?: unknown } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
}

const IMPORTING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

/** A computed `import(expression)` has no specifier that could be known before it runs. */
function specifierOf(node: Node): string | undefined {
  if (!IMPORTING.has(node.type) || node.source?.type !== "Literal") return undefined;
  return typeof node.source.value === "string" ? node.source.value : undefined;
}

/** Under `verbatimModuleSyntax`, `import { type A }` stays as an import at run time; `import type { A }` goes. */
function isTypeOnly(node: Node): boolean {
  return node.type === "TSImportType" || node.importKind === "type" || node.exportKind === "type";
}

function visit(value: unknown, onNode: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, onNode);
  } else if (typeof value === "object" && value !== null) {
    if ("type" in value) onNode(value as Node);
    for (const child of Object.values(value)) visit(child, onNode);
  }
}

function resolveFile(root: string, from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = specifier.replace(/[?#].*$/, "");
  const full = resolve(root, dirname(from), path);
  const file = withSlashes(relative(root, full));
  // What a build makes may not be there yet.
  if (!existsSync(full) && !file.startsWith("generated/")) {
    throw new Error(`${from}: "${specifier}" names no file`);
  }
  return file;
}

function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
