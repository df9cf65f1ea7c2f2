import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, compilerInput, errorsOf, readSources, type Settings } from "../analysis/compile.ts";

/** What the tests deploy: creation code and runtime code by artifact file. */
export type Codes = Readonly<Record<string, { readonly bytecode: string; readonly deployedBytecode: string }>>;

/** Have more local variables than the quick code generation can hold. */
const DEEP = ["contracts/account/WeightedSigners.sol"];

/**
 * Compiles the contracts of some files.
 *
 * @param files from the root
 * @param changed files with another text than on the disk
 * @returns undefined when they do not compile
 */
export function codesOf(
  root: string,
  files: readonly string[],
  changed: Readonly<Record<string, string>>,
  settings: Settings,
): Codes | undefined {
  const deep = files.filter((file) => DEEP.includes(file));
  const others = files.filter((file) => !DEEP.includes(file));
  const ofDeep = compiled(root, deep, changed, "deployed");
  const ofOthers = compiled(root, others, changed, settings);
  return ofDeep && ofOthers && { ...ofDeep, ...ofOthers };
}

function compiled(
  root: string,
  files: readonly string[],
  changed: Readonly<Record<string, string>>,
  settings: Settings,
): Codes | undefined {
  if (files.length === 0) return {};
  const texts = { ...readSources(root, files), ...changed };
  const wanted = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"];
  const selection = Object.fromEntries(files.map((file) => [file, { "*": wanted }]));
  const output = compile(root, compilerInput(texts, selection, settings));
  if (errorsOf(output).length > 0) return undefined;
  const codes = files.flatMap((file) =>
    Object.entries(output.contracts?.[file] ?? {}).map(([name, { evm }]) => [
      artifactOf(file, name),
      { bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` },
    ]),
  );
  return Object.fromEntries(codes);
}

/** Puts codes into the artifacts that the build made. */
export function writeCodes(root: string, codes: Codes): void {
  for (const [file, code] of Object.entries(codes)) {
    const path = join(root, file);
    if (!existsSync(path)) continue;
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...code }));
  }
}

export function sameCodes(one: Codes, other: Codes): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The contracts of a folder that have artifacts worth replacing. */
export function hasArtifact(root: string, file: string): boolean {
  return existsSync(join(root, artifactOf(file, basename(file, ".sol"))));
}

function artifactOf(file: string, name: string): string {
  return `artifacts/${file}/${name}.json`;
}
