import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findJdk } from "../plugin/jdk.ts";
import { isOffline, PLUGIN_FOLDER, runMaven } from "../plugin/maven.ts";
import { addCounts, type Counts, NONE, ONE_SKIPPED } from "./counts.ts";

// Runs the tests of the Besu plugin's rules and writes the counts into a file:
// run-plugin-tests.ts --counts FILE [--grep TEXT] [--long]

/** The oldest JDK that understands the rules; the adapters need the one that Besu needs. */
const OLDEST_JAVA = 17;
const NEWEST_JAVA = 25;
const REPORTS = join(PLUGIN_FOLDER, "target", "surefire-reports");

const { values } = parseArgs({
  options: { counts: { type: "string" }, grep: { type: "string" }, long: { type: "boolean", default: false } },
});
if (values.counts === undefined) throw new Error("--counts FILE is missing");
const jdk = findJdk(OLDEST_JAVA);
if (!jdk) throw new Error(`There is no JDK ${OLDEST_JAVA} or newer`);

rmSync(REPORTS, { recursive: true, force: true });
const args = ["test", `-Dmaven.compiler.release=${Math.min(jdk.version, NEWEST_JAVA)}`];
if (values.grep !== undefined) args.push(`-Dtest=*#*${values.grep}*`, "-Dsurefire.failIfNoSpecifiedTests=false");
const result = runMaven(jdk, args);
const reports = globSync(join(REPORTS, "TEST-*.xml"));
if (reports.length === 0 && isOffline(result)) {
  console.log("  skipped: Maven could not fetch what the plugin's tests need");
  writeFileSync(values.counts, JSON.stringify(ONE_SKIPPED));
} else {
  for (const line of result.output.split("\n")) if (/Tests run|ERROR|FAIL/.test(line)) console.log(`  ${line}`);
  const counts = reports.map((file) => readReport(readFileSync(file, "utf8"))).reduce(addCounts, NONE);
  writeFileSync(values.counts, JSON.stringify(counts));
  process.exitCode = result.status === 0 ? 0 : 1;
}

/** Counts of one class, as Surefire writes them. */
function readReport(xml: string): Counts {
  const head = /<testsuite [^>]*>/.exec(xml)?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count("errors") + count("failures");
  return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") };
}
