import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installAnalysisTools, installPythonTools } from "../analysis/python.ts";
import { findJdk } from "../plugin/jdk.ts";
import { hasMaven } from "../plugin/maven.ts";
import { SCHEMATHESIS } from "../schemathesis/tools.ts";
import { findChromium, installChromium } from "./chromium.ts";

/** One step of the test command: a check that counts as one test, or a runner that counts its tests itself. */
export interface Stage {
  /** For `--only`. */
  readonly name: string;
  /** What the reader sees. */
  readonly title: string;
  readonly kind: "check" | "tests";
  /** Script and arguments for Node. */
  readonly command: readonly string[];
  /** Files that the stage is about; without any there is nothing to check yet. */
  readonly files: readonly string[];
  /** Takes too long for every run: only with `--long`, or when asked for by name. */
  readonly long?: boolean;
  /** Why the stage can not run on this machine; undefined when it can. */
  readonly obstacle?: () => string | undefined;
}

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const SOLHINT = "node_modules/solhint/solhint.js";
const PRETTIER = "node_modules/prettier/bin/prettier.cjs";
const COMPILER = "node_modules/typescript/bin/tsc";
const MOCHA = "scripts/testing/run-mocha.ts";
const MOCHA_PARTS = "scripts/testing/run-mocha-parts.ts";
const PLUGIN_RUNNER = "scripts/testing/run-plugin-tests.ts";

const CONTRACT_TESTS = "test/contracts/**/*.test.ts";
const BROWSER_TESTS = "test/browser/**/*.test.ts";
const NETWORK_TESTS = "test/network/**/*.test.ts";
const SIMULATION_TESTS = "test/simulation/**/*.test.ts";
const KILL_TESTS = "test/platform/kills/**/*.test.ts";
const ALL_TESTS = "test/**/*.test.ts";
const OTHER_THAN_SERVICES = [CONTRACT_TESTS, BROWSER_TESTS, NETWORK_TESTS, SIMULATION_TESTS, KILL_TESTS].flatMap(
  (pattern) => ["--exclude", pattern],
);
const PLUGIN_TESTS = "network/plugin/src/test/**/*.java";
const SOLIDITY = "contracts/**/*.sol";
const SOLIDITY_TESTS = "test/**/*.sol";

/** Everything that the test command runs, in order. */
export const STAGES: readonly Stage[] = [
  check("format", "format and lint", [BIOME, "ci", "--colors=off", "--error-on-warnings", "."], ["**/*.ts"]),
  check(
    "solidity-lint",
    "lint Solidity",
    [SOLHINT, "--disc", "--noPoster", "--max-warnings", "0", SOLIDITY],
    [SOLIDITY],
  ),
  check(
    "solidity-format",
    "format of Solidity",
    [PRETTIER, "--check", "--no-error-on-unmatched-pattern", SOLIDITY, SOLIDITY_TESTS],
    [SOLIDITY],
  ),
  check("contracts", "build contracts", ["scripts/bootstrap.mjs", "contracts"], [SOLIDITY]),
  check("layouts", "storage layouts", ["scripts/check-layouts.ts"], ["contracts/storage-layouts.json"]),
  check("types", "type check", [COMPILER, "--noEmit"], ["tsconfig.json"]),
  check("imports", "import directions", ["scripts/check-imports.ts"], ["src/**/*.ts"]),
  check("repository", "repository checks", ["scripts/check-repository.ts"], ["package.json"]),
  check("site", "build site", ["scripts/bootstrap.mjs", "site"], ["src/web/vite.config.ts"]),
  tests("solidity-tests", "Solidity tests", ["scripts/testing/run-solidity-tests.ts"], ["test/contracts/**/*.t.sol"]),
  tests(
    "contract-tests",
    "contract tests",
    [MOCHA_PARTS, "--parts", "2", "--at-once", "2", CONTRACT_TESTS],
    [CONTRACT_TESTS],
  ),
  tests("service-tests", "service tests", [MOCHA_PARTS, ALL_TESTS, ...OTHER_THAN_SERVICES], [ALL_TESTS]),
  tests("simulation", "seeded simulation", [MOCHA, SIMULATION_TESTS], [SIMULATION_TESTS]),
  { ...tests("kill-tests", "kills of the whole platform", [MOCHA, KILL_TESTS], [KILL_TESTS]), long: true },
  { ...tests("plugin-tests", "tests of the Besu plugin", [PLUGIN_RUNNER], [PLUGIN_TESTS]), obstacle: needsJava },
  {
    ...tests("schemathesis", "schemathesis", ["scripts/schemathesis/run.ts"], ["test/api/schemathesis/server.ts"]),
    obstacle: needsSchemathesis,
  },
  tests("network-tests", "network tests", [MOCHA, NETWORK_TESTS], [NETWORK_TESTS]),
  { ...tests("browser-tests", "browser tests", [MOCHA, BROWSER_TESTS], [BROWSER_TESTS]), obstacle: needsChromium },
  analysis("slither", "slither", "scripts/analysis/run-slither.ts", [SOLIDITY]),
  analysis("symbolic-tests", "halmos", "scripts/analysis/run-symbolic.ts", ["test/symbolic/**/*.t.sol"]),
  analysis("mutation", "mutation", "scripts/mutation.ts", [CONTRACT_TESTS]),
];

/** True when the checkout has what the stage is about. */
export function applies(stage: Stage, root: string): boolean {
  const exclude = ["node_modules/**", "generated/**"];
  return globSync(stage.files, { cwd: root, exclude }).length > 0;
}

function check(name: string, title: string, command: readonly string[], files: readonly string[]): Stage {
  return { name, title, kind: "check", command, files };
}

function tests(name: string, title: string, command: readonly string[], files: readonly string[]): Stage {
  return { name, title, kind: "tests", command, files };
}

function analysis(name: string, title: string, script: string, files: readonly string[]): Stage {
  return { ...tests(name, title, [script], files), long: true, obstacle: needsAnalysisTools };
}

function needsAnalysisTools(): string | undefined {
  return installAnalysisTools(fileURLToPath(new URL("../..", import.meta.url)));
}

function needsSchemathesis(): string | undefined {
  return installPythonTools(fileURLToPath(new URL("../..", import.meta.url)), SCHEMATHESIS);
}

/** The rules are plain Java; only the adapters need the version that Besu needs. */
function needsJava(): string | undefined {
  if (!findJdk(17)) return "no JDK 17 or newer (set JAVA_HOME)";
  return hasMaven() ? undefined : "no Maven on the path";
}

function needsChromium(): string | undefined {
  if (findChromium()) return undefined;
  console.log("  installing Chromium");
  return installChromium();
}
