import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompilerLayout, type Layout, type Layouts, layoutOf, type SyntaxNode } from "./layout.ts";

const ARTIFACTS = fileURLToPath(new URL("../../artifacts/", import.meta.url));
/** Every upgradeable contract has it, and nothing else. */
const UPGRADE = "upgradeToAndCall";

interface Artifact {
  contractName: string;
  inputSourceName: string;
  buildInfoId: string;
  bytecode: string;
  abi: { type: string; name?: string }[];
}

interface BuildOutput {
  output: {
    contracts: Record<string, Record<string, { storageLayout: CompilerLayout }>>;
    sources: Record<string, { ast: SyntaxNode }>;
  };
}

/** Layouts of the upgradeable contracts as the last build made them. */
export function compiledLayouts(): Layouts {
  const builds = new Map<string, BuildOutput["output"]>();
  const layouts: Layouts = {};
  const files = globSync("contracts/**/*.sol/*.json", { cwd: ARTIFACTS, exclude: ["contracts/testing/**"] });
  for (const file of files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1))) {
    const artifact = readJson<Artifact>(ARTIFACTS + file);
    const isUpgradeable = artifact.abi.some(({ type, name }) => type === "function" && name === UPGRADE);
    if (!isUpgradeable || artifact.bytecode === "0x") continue;
    const id = artifact.buildInfoId;
    const output = builds.get(id) ?? readJson<BuildOutput>(`${ARTIFACTS}build-info/${id}.output.json`).output;
    builds.set(id, output);
    layouts[artifact.contractName] = layoutFrom(artifact, output);
  }
  return layouts;
}

function layoutFrom({ contractName, inputSourceName }: Artifact, output: BuildOutput["output"]): Layout {
  const compiled = output.contracts[inputSourceName]?.[contractName]?.storageLayout;
  if (compiled === undefined) throw new Error(`The build says nothing of ${contractName}'s storage: build it anew`);
  return layoutOf(
    contractName,
    compiled,
    Object.values(output.sources).map(({ ast }) => ast),
  );
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, "utf8")) as Content;
}
