import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./failure.mjs";
import { missingNativePackages } from "./native-packages.mjs";
import { runQuietly } from "./quiet.mjs";

/**
 * Whether `node_modules` holds what the lock file asks for. npm itself records what it installed, when it is done, in
 * `node_modules/.package-lock.json`: an interrupted installation and one from an older lock file both show.
 * Packages for other platforms may be absent.
 *
 * @param {string} root repository root
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * Installs what the lock file names, and the native packages that npm leaves out.
 *
 * @param {string} root repository root
 * @throws {import("./failure.mjs").BootstrapError} when npm fails
 */
export async function installDependencies(root) {
  if (!isInstalled(root)) {
    say("installing dependencies (npm ci); this takes a minute the first time");
    await npm(root, ["ci"]);
  }
  // npm under Node 20 leaves out native packages that ask for a newer Node, without a word; and a lock file may lack a
  // platform. Asked again by name, with npm on the project's own Node, it installs them.
  const missing = missingNativePackages(root);
  if (missing.length > 0) {
    say(`installing native packages: ${missing.join(", ")}`);
    await npm(root, ["install", "--no-save", ...missing]);
  }
}

/**
 * @param {string} root repository root
 * @returns {boolean} whether `installDependencies` has nothing to do
 */
export function hasDependencies(root) {
  return isInstalled(root) && missingNativePackages(root).length === 0;
}

/**
 * @param {string} root
 * @param {string[]} args
 */
function npm(root, args) {
  const advice =
    "Dependencies come from the package registry: check the network, the proxy and the free space on the disk, " +
    "then try again.";
  return runQuietly(root, "npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], advice);
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @param {string} path
 * @returns {Record<string, LockedPackage> | undefined} undefined when there is no readable lock file
 */
function readPackages(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
