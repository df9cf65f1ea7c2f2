import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runQuietly } from "./quiet.mjs";

/**
 * A generated part of the project, rebuilt when its inputs change.
 *
 * @typedef {object} Build
 * @property {string} name what the reader sees
 * @property {string[]} inputs files and folders whose content decides the result
 * @property {string[]} outputs files and folders that must be as the build left them
 * @property {string} stamp file that notes from which inputs the outputs were made
 * @property {string[][]} steps arguments for Node, one list a step
 */

/** @type {Build} */
export const CONTRACTS = {
  name: "contracts",
  inputs: [
    "contracts",
    "hardhat.config.ts",
    "scripts/generate-abi.ts",
    "scripts/generate-event-decoders.ts",
    "src/core/event-type.ts",
    "src/chain/event-data.ts",
    "src/chain/artifacts.node.ts",
    "package-lock.json",
  ],
  // A coverage run leaves instrumented code behind, which must never be deployed: it counts as not built.
  outputs: ["artifacts/contracts", "generated/abi.ts", "generated/event-decoders.ts"],
  stamp: "generated/.contracts-stamp",
  steps: [
    ["node_modules/hardhat/dist/src/cli.js", "build", "--no-tests"],
    ["scripts/generate-abi.ts"],
    ["scripts/generate-event-decoders.ts"],
  ],
};

/** @type {Build} */
export const SITE = {
  name: "site",
  inputs: ["src/web", "src/sdk", "src/core", "src/chain", "generated/abi.ts", "package-lock.json"],
  outputs: ["dist/web"],
  stamp: "dist/.site-stamp",
  steps: [["node_modules/vite/bin/vite.js", "build", "--config", "src/web/vite.config.ts"]],
};

/**
 * @param {string} root repository root
 * @param {Build} build
 * @returns {boolean} whether the outputs are there, untouched, and were made from the present inputs
 */
export function isBuilt(root, build) {
  const stamp = join(root, build.stamp);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(root, build, digestOf(root, build.inputs));
}

/**
 * Runs the steps of a build quietly and notes from which inputs it was made.
 *
 * @param {string} root repository root
 * @param {Build} build
 * @param {string} node the Node to run with
 * @throws {import("./failure.mjs").BootstrapError} with the output of the step that failed
 */
export async function runBuild(root, build, node) {
  // Taken first: what changes while the steps run is not in the outputs.
  const inputs = digestOf(root, build.inputs);
  for (const step of build.steps) await runQuietly(root, node, step, "Mend what it names and try again.");
  const stamp = join(root, build.stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stampOf(root, build, inputs));
}

/**
 * @param {string} root
 * @param {Build} build
 * @param {string} inputs digest
 */
function stampOf(root, build, inputs) {
  return `${inputs} ${digestOf(root, build.outputs)}\n`;
}

/**
 * Content, not time: switching branches changes times without changing files.
 * @param {string} root
 * @param {string[]} paths
 */
function digestOf(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((each) => filesUnder(root, each))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} sorted paths of files, none when there is nothing at the path
 */
function filesUnder(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}
