import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Formats everything in place; what a linter can mend safely is mended too.
const root = fileURLToPath(new URL("..", import.meta.url));
const solidity = globSync(["contracts/**/*.sol", "test/**/*.sol"], { cwd: root });
const steps = [["node_modules/@biomejs/biome/bin/biome", "check", "--write", "."]];
if (solidity.length > 0)
  steps.push(["node_modules/prettier/bin/prettier.cjs", "--write", "--log-level=warn", ...solidity]);
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
