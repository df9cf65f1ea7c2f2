import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Packages that do nothing without the native package of the platform, which they name among their optional ones. */
const PARENTS = ["@nomicfoundation/edr", "@foundry-rs/anvil", "@biomejs/biome"];

/** What other ecosystems call Node's `x64`. */
const ARCHITECTURES = { x64: ["x64", "amd64"], arm64: ["arm64"] };

/**
 * Native packages that this machine needs and `node_modules` lacks.
 *
 * @param {string} root repository root
 * @param {{ platform: string, arch: string, musl: boolean }} [machine]
 * @returns {string[]} `name@version`, ready for `npm install`
 */
export function missingNativePackages(root, machine = thisMachine()) {
  return PARENTS.flatMap((parent) => {
    const optional = optionalDependencies(root, parent);
    return Object.entries(optional)
      .filter(([name]) => isFor(name, machine) && !(machine.musl && `${name}-musl` in optional))
      .filter(([name]) => !existsSync(join(root, "node_modules", name, "package.json")))
      .map(([name, version]) => `${name}@${version}`);
  });
}

/**
 * @param {string} root
 * @param {string} parent
 * @returns {Record<string, string>}
 */
function optionalDependencies(root, parent) {
  const path = join(root, "node_modules", parent, "package.json");
  if (!existsSync(path)) return {};
  return JSON.parse(readFileSync(path, "utf8")).optionalDependencies ?? {};
}

/**
 * Whether a package is the one for the machine, by the words of its name: `edr-linux-x64-gnu`, `anvil-linux-amd64`.
 * @param {string} name
 * @param {{ platform: string, arch: string, musl: boolean }} machine
 */
function isFor(name, machine) {
  const words = name.split(/[/-]/);
  const architectures = ARCHITECTURES[/** @type {keyof typeof ARCHITECTURES} */ (machine.arch)] ?? [machine.arch];
  if (!words.includes(machine.platform) || !architectures.some((word) => words.includes(word))) return false;
  if (words.includes("musl")) return machine.musl;
  if (words.includes("gnu")) return !machine.musl;
  return true;
}

function thisMachine() {
  const { platform, arch } = process;
  return { platform, arch, musl: platform === "linux" && !usesGlibc() };
}

function usesGlibc() {
  // Asking for the network's state would cost seconds on some machines.
  const report = Object.assign(process.report, { excludeNetwork: true });
  return "glibcVersionRuntime" in /** @type {{ header: object }} */ (report.getReport()).header;
}
