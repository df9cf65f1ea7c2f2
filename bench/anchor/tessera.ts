import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./tessera/", import.meta.url));

export interface TesseraLog {
  url: string;
  process: ChildProcess;
}

/** Builds and starts a transparency log by Tessera. @returns undefined where Go is not installed */
export async function startTessera(): Promise<TesseraLog | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "brop-tessera-"));
  cpSync(SOURCE, join(folder, "source"), { recursive: true });
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  const cwd = join(folder, "source");
  execFileSync("go", ["build", "-mod=mod", "-o", "../log", "."], { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const child = spawn(join(folder, "log"), [join(folder, "data")], { stdio: ["pipe", "pipe", "ignore"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`the log ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}/add`, process: child };
}
