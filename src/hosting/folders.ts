import { open, statfs } from "node:fs/promises";
import { BropError } from "../core/errors.ts";

/** Makes names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  // Windows can not open folders, and keeps names without that.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Bytes that may still be written to the disk of a folder. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** A failed write in the words of the error table; whatever else it is stays itself. */
export function writeRefusal(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  return full ? new BropError("store.full", {}, undefined, { cause: error }) : error;
}

export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
