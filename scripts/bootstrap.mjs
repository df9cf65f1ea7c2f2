// First thing that every npm script runs, on whatever Node >= 20 the machine has: installs what is missing, builds
// what is out of date, then runs the command on the project's own Node. Plain JavaScript without dependencies,
// because at this point there may be none.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONTRACTS, isBuilt, runBuild, SITE } from "./bootstrap/builds.mjs";
import { hasDependencies, installDependencies } from "./bootstrap/dependencies.mjs";
import { BootstrapError, say } from "./bootstrap/failure.mjs";
import { withLock } from "./bootstrap/lock.mjs";
import { findNode, projectEnvironment } from "./bootstrap/node.mjs";
import { runCommand } from "./bootstrap/run.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LINT_STAGES = "format,solidity-lint,solidity-format,contracts,layouts,types,imports,repository";
const HARDHAT = "node_modules/hardhat/dist/src/cli.js";

/**
 * @typedef {object} Command
 * @property {string[]} [run] script, from the repository's root, and its first arguments; none: only build
 * @property {import("./bootstrap/builds.mjs").Build[]} builds what must be built before
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: { run: ["src/cli/main.ts", "start"], builds: [CONTRACTS] },
  brop: { run: ["src/cli/main.ts"], builds: [CONTRACTS] },
  demo: { run: ["examples/food-traceability/demo.ts"], builds: [CONTRACTS] },
  bench: { run: ["scripts/bench.ts"], builds: [CONTRACTS] },
  mutation: { run: ["scripts/mutation.ts"], builds: [CONTRACTS] },
  build: { run: ["scripts/build.ts"], builds: [CONTRACTS, SITE] },
  test: { run: ["scripts/test.ts"], builds: [] },
  contracts: { builds: [CONTRACTS] },
  site: { builds: [CONTRACTS, SITE] },
  coverage: { run: [HARDHAT, "test", "--coverage"], builds: [CONTRACTS] },
  screenshots: { run: ["test/browser/take-screenshots.ts"], builds: [CONTRACTS] },
  deploy: { run: [HARDHAT, "run", "--no-compile", "scripts/deploy.ts"], builds: [CONTRACTS] },
  upgrade: { run: ["scripts/upgrade.ts"], builds: [CONTRACTS] },
  layouts: { run: ["scripts/check-layouts.ts", "--write"], builds: [CONTRACTS] },
  lint: { run: ["scripts/test.ts", "--only", LINT_STAGES], builds: [] },
  plugin: { run: ["scripts/plugin/build.ts"], builds: [] },
  format: { run: ["scripts/format.ts"], builds: [] },
};

/** Commands of `brop` that serve the site, by their first words. */
const SERVING = ["start", "network up"];

/**
 * @param {Command} command
 * @param {string[]} args
 */
function buildsFor({ run, builds }, args) {
  const words = [...(run?.slice(1) ?? []), ...args].join(" ");
  const serves = run?.[0] === "src/cli/main.ts" && SERVING.some((first) => `${words} `.startsWith(`${first} `));
  return serves ? [...new Set([...builds, SITE])] : builds;
}

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
async function main(name, args) {
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command)
    throw new BootstrapError(`Usage: node scripts/bootstrap.mjs ${Object.keys(COMMANDS).join("|")} [arguments]`);
  await prepare(
    buildsFor(command, args).filter((build) => existsSync(join(ROOT, /** @type {string} */ (build.inputs[0])))),
  );
  if (!command.run) return;
  const [script, ...firstArgs] = /** @type {[string, ...string[]]} */ (command.run);
  // npm changes to the root; file names that the user gives are meant from where the user stands.
  const cwd = (name === "brop" && process.env.INIT_CWD) || process.cwd();
  process.exitCode = await runCommand(findNode(ROOT), [join(ROOT, script), ...firstArgs, ...args], {
    cwd,
    env: projectEnvironment(ROOT),
  });
}

/** @param {import("./bootstrap/builds.mjs").Build[]} builds */
async function prepare(builds) {
  const isReady = () => hasDependencies(ROOT) && builds.every((build) => isBuilt(ROOT, build));
  if (isReady()) return;
  const onWait = () => say("waiting for another command that is installing or building");
  await withLock(join(ROOT, ".bootstrap.lock"), onWait, async () => {
    await installDependencies(ROOT);
    for (const build of builds) {
      if (isBuilt(ROOT, build)) continue;
      say(`building ${build.name}`);
      await runBuild(ROOT, build, findNode(ROOT));
    }
  });
}

const [name, ...args] = process.argv.slice(2);
main(name, args).catch((error) => {
  say(error instanceof BootstrapError ? error.message : error.stack);
  process.exitCode = 1;
});
