import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type CompiledContract, compile, compilerInput, errorsOf, readSources, type Settings } from "./compile.ts";

/** What is proven: files with `check_` functions. */
export const SYMBOLIC_TESTS = "test/symbolic/**/*.t.sol";
/** Where halmos finds the build, from the repository's root. */
export const SYMBOLIC_BUILD = "cache/symbolic";

const WANTED = ["abi", "metadata", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers", "storageLayout"];

/** Compiles the properties as they would be deployed, and writes them in the shape of forge's output. */
export function buildForHalmos(root: string, settings: Settings = "deployed"): void {
  const files = globSync(SYMBOLIC_TESTS, { cwd: root }).sort();
  const selection = {
    "*": { "": ["ast"], "*": [] },
    ...Object.fromEntries(files.map((file) => [file, { "*": WANTED }])),
  };
  const output = compile(root, compilerInput(readSources(root, files), selection, settings));
  const errors = errorsOf(output);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const folder = join(root, SYMBOLIC_BUILD);
  rmSync(folder, { recursive: true, force: true });
  for (const file of files) {
    const source = output.sources[file];
    const place = join(folder, basename(file));
    mkdirSync(place, { recursive: true });
    for (const [name, contract] of Object.entries(output.contracts?.[file] ?? {})) {
      writeFileSync(join(place, `${name}.json`), JSON.stringify({ ...asForge(contract), ...source }));
    }
  }
}

function asForge({ abi, metadata = "{}", evm }: CompiledContract): object {
  const hex = <T extends { object: string }>(code: T) => ({ ...code, object: `0x${code.object}` });
  return {
    abi,
    bytecode: hex(evm.bytecode),
    deployedBytecode: hex(evm.deployedBytecode),
    methodIdentifiers: evm.methodIdentifiers,
    metadata: JSON.parse(metadata),
  };
}
