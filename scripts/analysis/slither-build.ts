import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CompilerOutput, compile, compilerInput, compilerVersion, errorsOf, readSources } from "./compile.ts";

/** Where slither finds the build, from the repository's root. */
export const SLITHER_BUILD = "cache/slither";

/** Contracts that are deployed, or are part of one that is. */
export function productionSources(root: string): string[] {
  return globSync("contracts/**/*.sol", { cwd: root })
    .filter((path) => !path.startsWith(join("contracts", "testing")))
    .sort();
}

/**
 * Writes the contracts' syntax trees in the shape of Hardhat's build information, as one unit. Hardhat's own holds a
 * unit a contract, with what each imports, and those of earlier builds too: slither would say everything several times.
 */
export function buildForSlither(root: string): void {
  const selection = { "*": { "": ["ast"], "*": ["abi", "userdoc", "devdoc"] } };
  const input = compilerInput(readSources(root, productionSources(root)), selection);
  const output = compile(root, input);
  const errors = errorsOf(output);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const folder = join(root, SLITHER_BUILD, "build-info");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "brop.json"), JSON.stringify({ solcVersion: compilerVersion(), input }));
  writeFileSync(join(folder, "brop.output.json"), JSON.stringify({ output: withoutCode(output) }));
}

/** No code was asked for, which takes most of the time; slither reads these fields all the same. */
function withoutCode({ sources, contracts = {} }: CompilerOutput): object {
  const none = { object: "", sourceMap: "" };
  const evm = { bytecode: none, deployedBytecode: none };
  const files = Object.entries(contracts).map(([path, file]) => [
    path,
    Object.fromEntries(Object.entries(file).map(([name, contract]) => [name, { ...contract, evm }])),
  ]);
  return { sources, contracts: Object.fromEntries(files) };
}
