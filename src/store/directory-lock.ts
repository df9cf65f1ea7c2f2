import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { BropError } from "../core/errors.ts";

interface Holder {
  pid: number;
  /** When the process began, as the system tells it: a process identifier alone is used again after a restart. */
  started: string;
}

/**
 * Takes a directory for this process alone, by a file beside it that names process and start time. The lock of a dead
 * process is taken over. PGlite needs this: it does not notice a second process and both would spoil the data.
 *
 * @returns gives the lock back
 * @throws BropError data.locked naming the process that holds it
 */
export function lockDirectory(directory: string): () => void {
  const path = `${directory}.lock`;
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? "unknown" } satisfies Holder);
  for (let attempt = 0; attempt < 10; attempt++) {
    if (create(path, own)) {
      return () => {
        if (read(path) === own) rmSync(path, { force: true });
      };
    }
    const found = read(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder !== undefined && startOf(holder.pid) === holder.started) {
      throw new BropError("data.locked", { directory, pid: holder.pid });
    }
    removeStale(path, found);
  }
  throw new BropError("data.locked", { directory });
}

/** A link either makes the whole file or finds one there: no other process sees it half written. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the stale lock away; if another process was faster and this is its new lock, it is put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== undefined && moved !== stale) create(path, moved);
  rmSync(aside, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    return Number.isInteger(holder.pid) && typeof holder.started === "string" ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Start time of a process, undefined when there is none of that identifier. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  if (process.platform === "win32") return "running";
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  }
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in brackets may hold spaces; field 3 comes after it, the state (Z: dead, not yet waited for).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}
