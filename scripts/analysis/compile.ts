import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The project's compiler without Hardhat, for tools that want its output in another shape or want it fast.

/** A contract as the compiler describes it; which parts are there depends on what was asked for. */
export interface CompiledContract {
  readonly abi: readonly unknown[];
  readonly metadata?: string;
  readonly evm: {
    readonly bytecode: { readonly object: string; readonly linkReferences: object; readonly sourceMap: string };
    readonly deployedBytecode: {
      readonly object: string;
      readonly linkReferences: object;
      readonly sourceMap: string;
      readonly immutableReferences?: object;
    };
    readonly methodIdentifiers: Readonly<Record<string, string>>;
  };
}

export interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources: Readonly<Record<string, { readonly id: number; readonly ast?: { readonly nodes: unknown[] } }>>;
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

export interface CompilerInput {
  readonly language: "Solidity";
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Code generation: what is deployed, and two that compile sooner and mean the same. */
export type Settings = keyof typeof SETTINGS;
const SETTINGS = {
  plain: { optimizer: { enabled: false } },
  optimised: { optimizer: { enabled: true, runs: 1 } },
  deployed: { optimizer: { enabled: true, runs: 20_000 }, viaIR: true },
} as const;

const NPM = "node_modules";
/** Packages that contracts import from. */
const PACKAGES = ["@openzeppelin", "@account-abstraction", "solady"];

interface Compiler {
  version(): string;
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}
const compiler: Compiler = createRequire(import.meta.url)("solc");

/** Version of the compiler, as `0.8.37`. */
export function compilerVersion(): string {
  return compiler.version().split("+")[0] ?? "";
}

/**
 * Input for the compiler.
 *
 * @param sources path from the root -> text; what these import is read from the disk
 * @param selection the compiler's `outputSelection`
 */
export function compilerInput(
  sources: Readonly<Record<string, string>>,
  selection: object,
  settings: Settings = "plain",
): CompilerInput {
  return {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: {
      remappings: PACKAGES.map((name) => `${name}/=${NPM}/${name}/`),
      evmVersion: "osaka",
      metadata: { bytecodeHash: "none", appendCBOR: false },
      outputSelection: selection,
      ...SETTINGS[settings],
    },
  };
}

/** Runs the compiler. Errors of the sources are in its output. */
export function compile(root: string, input: CompilerInput): CompilerOutput {
  const read = (path: string) => {
    const file = join(root, path);
    return existsSync(file) ? { contents: readFileSync(file, "utf8") } : { error: `${path} is not there` };
  };
  return JSON.parse(compiler.compile(JSON.stringify(input), { import: read }));
}

/** Messages of the errors that the compiler found; none when the sources compile. */
export function errorsOf({ errors = [] }: CompilerOutput): string[] {
  return errors.filter(({ severity }) => severity === "error").map(({ formattedMessage }) => formattedMessage);
}

/** Texts of files by their path from the root. */
export function readSources(root: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
