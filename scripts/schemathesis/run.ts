import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toolPath } from "../analysis/python.ts";
import type { Counts } from "../testing/counts.ts";
import { SCHEMATHESIS } from "./tools.ts";

// Runs schemathesis with all its checks over the OpenAPI document and writes the counts into a file:
// run.ts --counts FILE [--long] [--role ROLE,...] [--seed N]
// Everybody is a test: with `--long` nobody in particular, and a key of each role.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SERVER = "test/api/schemathesis/server.ts";
/** Requests for each operation: made up by the schema, beside one for each of its limits with `--long`. */
const USUAL = { phases: "fuzzing", examples: 8 };
const LONG = { phases: "examples,coverage,fuzzing,stateful", examples: 100 };
/** Whose routes together are all routes. */
const USUAL_ROLES = ["partner", "operator"];
/** The same requests each time; `--seed` tries others. */
const SEED = "8420";

const { values } = parseArgs({
  options: {
    counts: { type: "string" },
    grep: { type: "string" },
    long: { type: "boolean", default: false },
    role: { type: "string" },
    seed: { type: "string", default: SEED },
  },
});

const server = await startServer();
const everybody = { nobody: undefined, ...server.keys };
const wanted = values.role?.split(",") ?? (values.long ? Object.keys(everybody) : USUAL_ROLES);
const asked = Object.entries(everybody).filter(([role]) => wanted.includes(role));
let failed = 0;
for (const [role, key] of asked) {
  const { code, output } = await runAs(key);
  console.log(`  schemathesis as ${role}: ${summaryOf(output)}`);
  if (code !== 0) console.log(output);
  if (code !== 0) failed++;
}
server.process.stdin?.end();
const counts: Counts = { passed: asked.length - failed, failed, skipped: 0 };
if (values.counts !== undefined) writeFileSync(values.counts, JSON.stringify(counts));
if (failed > 0) process.exitCode = 1;

interface Started {
  process: ChildProcess;
  url: string;
  keys: Readonly<Record<string, string>>;
}

/** The interface over a story's data, and a key for each role. */
async function startServer(): Promise<Started> {
  const child = spawn(process.execPath, [SERVER], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) };
  throw new Error("the server did not start");
}

function runAs(key: string | undefined): Promise<{ code: number; output: string }> {
  const { phases, examples } = values.long ? LONG : USUAL;
  const args = [
    ...["--config-file", join(ROOT, "scripts/schemathesis/schemathesis.toml"), "run", `${server.url}/v1/openapi.json`],
    ...["--phases", phases, "--max-examples", String(examples), "--seed", values.seed, "--continue-on-failure"],
    ...["--no-color", "--no-shrink", "--generation-database", "none"],
    ...(key === undefined ? [] : ["--header", `Authorization: Bearer ${key}`]),
  ];
  const tool = spawn(toolPath(ROOT, "schemathesis", SCHEMATHESIS), args, {
    cwd: ROOT,
    env: { ...process.env, SCHEMATHESIS_HOOKS: join(ROOT, "scripts/schemathesis/hooks.py") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  for (const stream of [tool.stdout, tool.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    tool.once("error", reject);
    tool.once("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

function summaryOf(output: string): string {
  return /^=+ ([^=\n]+) =+\s*$/m.exec(output.slice(output.lastIndexOf("SUMMARY")))?.[1] ?? "no summary";
}
