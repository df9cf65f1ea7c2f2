// Runs the command `start` in a process of its own: node start-platform.ts SETTINGS, a JSON object by setting name.
import { BropError } from "../../../src/core/errors.ts";
import { start } from "../../../src/platform/start.ts";

const { json, ...flags } = JSON.parse(process.argv[2] ?? "{}");
try {
  await start(flags, { json: json !== "false" });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: BropError.from(error).toProblem() })}\n`);
  process.exitCode = 1;
}
