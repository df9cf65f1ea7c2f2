import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Tools in a virtual environment of their own. */
export interface PythonTools {
  /** What the reader sees. */
  title: string;
  /** Folder of the environment, ignored by git. */
  environment: string;
  /** Their list, by version and digest. */
  requirements: string;
}

const ANALYSIS: PythonTools = {
  title: "the analysis tools",
  environment: ".venv",
  requirements: "scripts/analysis/requirements.txt",
};
/** halmos wants 3.11. */
const OLDEST = [3, 11] as const;

/**
 * Installs the analysis tools, by version and digest, where they are missing or outdated.
 *
 * @param root repository root
 * @returns why they can not be installed here, or undefined when they are ready
 */
export function installAnalysisTools(root: string): string | undefined {
  return installPythonTools(root, ANALYSIS);
}

/** As `installAnalysisTools`, for other tools. */
export function installPythonTools(root: string, tools: PythonTools): string | undefined {
  const { title, environment, requirements } = tools;
  const stamp = join(root, environment, "brop-requirements");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, requirements)))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return undefined;
  const python = findPython();
  if (python === undefined) return `no Python ${OLDEST.join(".")} or newer on the path`;
  console.log(`  installing ${title}`);
  const folder = join(root, environment);
  rmSync(folder, { recursive: true, force: true });
  if (!succeeds(python, ["-m", "venv", folder])) return "Python has no pip and venv (python3-venv on Debian)";
  const options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"];
  if (!succeeds(toolPath(root, "python", tools), ["-m", "pip", "install", ...options, join(root, requirements)])) {
    return `pip could not install ${title} (network?)`;
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

/** Path of a command of the tools. */
export function toolPath(root: string, name: string, tools = ANALYSIS): string {
  return join(binFolder(root, tools), name);
}

/** Environment in which the tools find each other and the project's own commands. */
export function toolEnvironment(root: string, ...folders: readonly string[]): NodeJS.ProcessEnv {
  const own = join(root, "node_modules", ".bin");
  return {
    ...process.env,
    PATH: [...folders, binFolder(root, ANALYSIS), own, process.env.PATH].join(delimiter),
    HARDHAT_DISABLE_TELEMETRY: "true",
    // The tools colour and fold their lines for a terminal.
    NO_COLOR: "1",
    COLUMNS: "200",
  };
}

function binFolder(root: string, { environment }: PythonTools): string {
  return join(root, environment, process.platform === "win32" ? "Scripts" : "bin");
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
