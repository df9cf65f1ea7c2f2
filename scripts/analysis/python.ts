import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Folder of the analysis tools, ignored by git. */
const ENVIRONMENT = ".venv";
const REQUIREMENTS = "scripts/analysis/requirements.txt";
/** halmos wants 3.11. */
const OLDEST = [3, 11] as const;

/**
 * Installs the analysis tools, by version and digest, where they are missing or outdated.
 *
 * @param root repository root
 * @returns why they can not be installed here, or undefined when they are ready
 */
export function installAnalysisTools(root: string): string | undefined {
  const stamp = join(root, ENVIRONMENT, "brop-requirements");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, REQUIREMENTS)))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return undefined;
  const python = findPython();
  if (python === undefined) return `no Python ${OLDEST.join(".")} or newer on the path`;
  console.log("  installing the analysis tools");
  const folder = join(root, ENVIRONMENT);
  rmSync(folder, { recursive: true, force: true });
  if (!succeeds(python, ["-m", "venv", folder])) return "Python has no pip and venv (python3-venv on Debian)";
  const options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"];
  if (!succeeds(toolPath(root, "python"), ["-m", "pip", "install", ...options, join(root, REQUIREMENTS)])) {
    return "pip could not install the analysis tools (network?)";
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

/** Path of a command of the analysis tools. */
export function toolPath(root: string, name: string): string {
  return join(binFolder(root), name);
}

/** Environment in which the tools find each other and the project's own commands. */
export function toolEnvironment(root: string, ...folders: readonly string[]): NodeJS.ProcessEnv {
  const own = join(root, "node_modules", ".bin");
  return {
    ...process.env,
    PATH: [...folders, binFolder(root), own, process.env.PATH].join(delimiter),
    HARDHAT_DISABLE_TELEMETRY: "true",
    // The tools colour and fold their lines for a terminal.
    NO_COLOR: "1",
    COLUMNS: "200",
  };
}

function binFolder(root: string): string {
  return join(root, ENVIRONMENT, process.platform === "win32" ? "Scripts" : "bin");
}

function findPython(): string | undefined {
  return ["python3", "python"].find((name) => {
    const code = `import sys; sys.exit(0 if sys.version_info >= (${OLDEST.join(", ")}) else 1)`;
    return spawnSync(name, ["-c", code], { stdio: "ignore" }).status === 0;
  });
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
