import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSources } from "../analysis/compile.ts";
import { toolEnvironment, toolPath } from "../analysis/python.ts";
import { buildForSlither, productionSources, SLITHER_BUILD } from "../analysis/slither-build.ts";

/** One change to one contract. */
export interface Mutant {
  /** Digest of the changed file: the same mutant has the same one in every run. */
  readonly id: string;
  /** The file, from the root. */
  readonly file: string;
  /** slither's short name of the kind of change. */
  readonly mutator: string;
  readonly line: number;
  /** Bytes that are replaced. */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  /** What stands there instead. */
  readonly text: string;
}

/** What is mutated, from few that stand on it to many. */
export const FOLDERS = ["governance", "quota", "account", "identity", "voucher"];
/** Where mutants are kept, from the root. */
const CACHE = "cache/mutation";

type Patch = Omit<Mutant, "id" | "file" | "before">;

/** Every mutant of the files, in their order, each once however many kinds of change lead to it. */
export function listMutants(root: string, files: readonly string[]): Mutant[] {
  const found = Object.entries(patchesOf(root)).flatMap(([file, list]) =>
    files.includes(file) ? distinct(file, readFileSync(join(root, file)), list) : [],
  );
  const place = new Map(files.map((file, at) => [file, at]));
  const placeOf = ({ file }: Mutant) => place.get(file) ?? 0;
  return found.sort((one, other) => placeOf(one) - placeOf(other) || one.start - other.start);
}

/** All patches that slither makes, by file; kept as long as no contract changes. */
function patchesOf(root: string): Record<string, Patch[]> {
  const files = productionSources(root).filter((file) => FOLDERS.includes(file.split("/")[1] ?? ""));
  const hash = createHash("sha256");
  for (const text of Object.values(readSources(root, productionSources(root)))) hash.update(text);
  const cache = join(root, CACHE, `${hash.digest("hex").slice(0, 16)}.json`);
  if (!existsSync(cache)) {
    buildForSlither(root);
    mkdirSync(join(root, CACHE), { recursive: true });
    writeFileSync(cache, runSlither(root, files));
  }
  return JSON.parse(readFileSync(cache, "utf8"));
}

function runSlither(root: string, files: readonly string[]): string {
  const args = [join(root, "scripts/mutation/mutants.py"), SLITHER_BUILD, ...files];
  const options = { cwd: root, env: toolEnvironment(root), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { stdout, stderr, status } = spawnSync(toolPath(root, "python"), args, options);
  if (status !== 0) throw new Error(`slither could not make mutants: ${stderr}`);
  return stdout;
}

/** What the mutated file holds. */
export function mutated(original: Buffer, { start, end, text }: Pick<Mutant, "start" | "end" | "text">): string {
  return Buffer.concat([original.subarray(0, start), Buffer.from(text), original.subarray(end)]).toString("utf8");
}

function distinct(file: string, original: Buffer, patches: readonly Patch[]): Mutant[] {
  const found = new Map<string, Mutant>();
  for (const patch of patches) {
    const content = mutated(original, patch);
    const id = createHash("sha256").update(file).update(content).digest("hex").slice(0, 16);
    if (content === original.toString("utf8") || found.has(id)) continue;
    const before = original.subarray(patch.start, patch.end).toString("utf8");
    found.set(id, { ...patch, id, file, before });
  }
  return [...found.values()];
}

/**
 * A part of the mutants that the seed decides: ordered by a digest of seed and mutant, so that a larger sample holds the
 * smaller one.
 */
export function sample(mutants: readonly Mutant[], size: number, seed: string): Mutant[] {
  const rank = ({ id }: Mutant) => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  const ranked = mutants.map((mutant) => ({ mutant, at: rank(mutant) }));
  return ranked
    .sort((one, other) => one.at.localeCompare(other.at))
    .slice(0, size)
    .map(({ mutant }) => mutant);
}
