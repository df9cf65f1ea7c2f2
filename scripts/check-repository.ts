import { fileURLToPath } from "node:url";
import { reportFindings } from "./report-findings.ts";
import { readRepositoryFiles } from "./repository/files.ts";
import { findForbiddenText, findLockFaults, findLongFiles } from "./repository/rules.ts";

/** Everything that should not be in the repository at `root`; empty when all is well. */
export function checkRepository(root: string): string[] {
  const files = readRepositoryFiles(root);
  const lock = files.find(({ path }) => path === "package-lock.json");
  return [
    ...findLongFiles(files),
    ...findForbiddenText(files),
    ...(lock ? findLockFaults(lock) : ["package-lock.json is missing"]),
  ];
}

if (import.meta.main) reportFindings(checkRepository(fileURLToPath(new URL("..", import.meta.url))));
