import { type ExecFileException, execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BropError } from "../../../core/errors.ts";
import type { TokenKeyName } from "../../../core/pkcs11-uri.ts";

const PROGRAM = "pkcs11-tool";
/** The PIN is handed over in the environment of the tool alone: arguments can be read by everybody on the machine. */
const PIN_VARIABLE = "BROP_TOKEN_PIN";
const TIMEOUT_MS = 60_000;
const MOST_OUTPUT = 4_000_000;
const LONGEST_REASON = 300;

/** Files that go into a run of the tool and come out of it, by option. */
export interface ToolFiles {
  input?: Uint8Array;
  /** Whether the tool writes its answer into a file. */
  output?: boolean;
}

/**
 * Runs OpenSC's `pkcs11-tool` on the token of a key. It comes with every Linux distribution and speaks to any PKCS#11
 * library; a binding inside this process would have to be compiled where it is installed.
 *
 * @param login whether the run needs the PIN
 * @returns what it wrote to its output file, or else to standard output
 * @throws BropError `signer.token-failed` with the tool's own words; `key.insecure` others can read the PIN's file;
 * `file.not-found`
 */
export async function runTokenTool(
  key: TokenKeyName,
  args: readonly string[],
  { login = false, input, output = false }: ToolFiles & { login?: boolean } = {},
): Promise<Buffer> {
  const place = key.token === undefined ? ["--slot", String(key.slot)] : ["--token-label", key.token];
  const pin = login ? await readPin(key.pinFile) : undefined;
  const all = [
    "--module",
    key.module,
    ...place,
    ...(login ? ["--login", "--pin", `env:${PIN_VARIABLE}`] : []),
    ...args,
  ];
  const folder = input === undefined && !output ? undefined : await mkdtemp(join(tmpdir(), "brop-token-"));
  try {
    if (folder !== undefined && input !== undefined) {
      await writeFile(join(folder, "in"), input, { mode: 0o600 });
      all.push("--input-file", join(folder, "in"));
    }
    if (folder !== undefined && output) all.push("--output-file", join(folder, "out"));
    const said = await run(all, pin);
    return folder !== undefined && output ? await readFile(join(folder, "out")) : said;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Whether the tool is on this machine. */
export async function hasTokenTool(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(PROGRAM, ["--version"], (error) => resolve((error as NodeJS.ErrnoException | null)?.code !== "ENOENT"));
  });
}

function run(args: readonly string[], pin: string | undefined): Promise<Buffer> {
  // biome-ignore lint/style/noProcessEnv: the tool and the token's library have settings of their own there
  const env = { ...process.env, ...(pin === undefined ? {} : { [PIN_VARIABLE]: pin }) };
  const options = { env, encoding: "buffer", timeout: TIMEOUT_MS, maxBuffer: MOST_OUTPUT } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(PROGRAM, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure(error, stderr.toString("utf8")));
    });
    // It asks for a PIN where it has none that fits; nobody is there to answer.
    child.stdin?.end();
  });
}

function failure(error: ExecFileException, said: string): BropError {
  const lines = said.split("\n").filter((line) => line !== "" && line !== "Aborting.");
  const words = error.killed ? "no answer in time" : (lines.at(-1) ?? "it gave no reason");
  const missing = error.code === "ENOENT" || (error as NodeJS.ErrnoException).errno === -2;
  const reason = missing ? `${PROGRAM} is not installed` : words.replace(/^error: /, "").slice(0, LONGEST_REASON);
  return new BropError("signer.token-failed", { reason }, undefined, { cause: error });
}

async function readPin(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0 && process.platform !== "win32") {
      throw new BropError("key.insecure", { path: file, reason: "others can read the PIN's file: chmod 600" });
    }
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw BropError.from(error);
  }
}
