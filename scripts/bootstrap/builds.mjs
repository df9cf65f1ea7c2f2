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
 * @property {string[]} outputs files and folders that must be there; the first one holds the stamp
 * @property {string[][]} steps arguments for Node, one list a step
 */

/** @type {Build} */
export const CONTRACTS = {
  name: "contracts",
  inputs: [
    "contracts",
    "hardhat.config.ts",
    "scripts/generate-abi.ts",
    "src/chain/artifacts.node.ts",
    "package-lock.json",
  ],
  outputs: ["generated", "artifacts"],
  steps: [["node_modules/hardhat/dist/src/cli.js", "build", "--no-tests"], ["scripts/generate-abi.ts"]],
};

/** @type {Build} */
export const SITE = {
  name: "site",
  inputs: ["src/web", "src/sdk", "src/core", "src/chain", "generated/.contracts-inputs", "package-lock.json"],
  outputs: ["dist/web"],
  steps: [["node_modules/vite/bin/vite.js", "build", "--config", "src/web/vite.config.ts"]],
};

/**
 * @param {string} root repository root
 * @param {Build} build
 * @returns {boolean} whether the outputs are there and were made from the present inputs
 */
export function isBuilt(root, build) {
  if (!build.outputs.every((path) => existsSync(join(root, path)))) return false;
  const stamp = stampPath(root, build);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digestOf(root, build.inputs);
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
  const digest = digestOf(root, build.inputs);
  for (const step of build.steps) await runQuietly(root, node, step, "Mend what it names and try again.");
  const stamp = stampPath(root, build);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/**
 * @param {string} root
 * @param {Build} build
 */
function stampPath(root, build) {
  return join(root, /** @type {string} */ (build.outputs[0]), `.${build.name}-inputs`);
}

/**
 * Content, not time: switching branches changes times without changing files.
 * @param {string} root
 * @param {string[]} inputs
 */
function digestOf(root, inputs) {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap((input) => filesUnder(root, input))) {
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
