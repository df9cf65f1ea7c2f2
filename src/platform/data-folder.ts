import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BropError } from "../core/errors.ts";
import { lockDirectory } from "../store/directory-lock.ts";

/** Where things lie in a data folder; docs/configuration.md says what is lost with each. */
export interface DataFolder {
  root: string;
  keys: string;
  genesis: string;
  chainState: string;
  database: string;
  documents: string;
  /** Key and certificates of a development platform's time-stamping authority. */
  timestampAuthority: string;
  /** Hosted files, and uploads that are on their way. */
  files: string;
  /** The operator's first API key. */
  apiKey: string;
  log: string;
  /**
   * Gives the folder back.
   * @param undo also removes the folders that taking it made, as far as they are empty: the start came to nothing
   */
  release(undo?: boolean): void;
}

/**
 * Takes a data folder for this process, and makes it when it is not there.
 *
 * @param parts what the process does in it; each part is done by one process at a time
 * @throws BropError `data.locked` naming the other process, `data.not-writable`
 */
export function takeDataFolder(path: string, parts: readonly string[]): DataFolder {
  const root = resolve(path);
  const locks = join(root, "locks");
  const made: string[] = [];
  const unlocks: (() => void)[] = [];
  const release = (undo = false) => {
    for (const unlock of unlocks.splice(0)) unlock();
    if (undo) for (const folder of made.reverse()) removeEmpty(folder);
  };
  try {
    made.push(...makeFolder(locks));
    requireWritable(root);
    for (const part of parts) unlocks.push(lockDirectory(join(locks, part)));
  } catch (error) {
    release(true);
    throw refusal(root, error);
  }
  return {
    root,
    keys: join(root, "keys"),
    genesis: join(root, "genesis.json"),
    chainState: join(root, "chain", "state"),
    database: join(root, "database"),
    documents: join(root, "documents"),
    timestampAuthority: join(root, "timestamp-authority"),
    files: join(root, "files"),
    apiKey: join(root, "operator-api-key"),
    log: join(root, "logs", "brop.log"),
    release,
  };
}

function refusal(root: string, error: unknown): unknown {
  if (error instanceof BropError && error.code === "data.locked") {
    const { pid } = error.details;
    return new BropError("data.locked", { directory: root, pid }, `Process ${pid} is using the data folder ${root}`);
  }
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new BropError(
    "data.not-writable",
    { directory: root, reason: code },
    `The data folder ${root} can not be written (${code})`,
    { cause: error },
  );
}

/** @returns the folders that had to be made, outermost first */
function makeFolder(path: string): string[] {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  mkdirSync(path, { recursive: true });
  return missing;
}

function requireWritable(root: string): void {
  const probe = join(root, `.writable.${randomUUID()}`);
  closeSync(openSync(probe, "wx"));
  rmSync(probe);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else put something there meanwhile: it stays.
  }
}
