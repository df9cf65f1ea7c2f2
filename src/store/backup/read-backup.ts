import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { BropError } from "../../core/errors.ts";
import type { BackupEnd, BackupHead } from "./format.ts";

/** Lines of a backup's text. Faults of reading and unpacking come out of the loop. */
export async function* backupLines(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) throw new BropError("file.not-found", { path: file });
  const packed = createReadStream(file);
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
    if (unpacked.errored) throw unpacked.errored;
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

/**
 * Reads a whole backup and checks it, before anything is done with it.
 * @throws BropError file.not-found; backup.damaged when it is no backup, cut off or changed
 */
export async function checkBackup(file: string): Promise<BackupHead> {
  const digest = createHash("sha256");
  let head: BackupHead | undefined;
  let rows = 0;
  let end: BackupEnd | undefined;
  try {
    for await (const line of backupLines(file)) {
      if (end !== undefined) throw new Error("something follows its end");
      if (head === undefined) {
        head = JSON.parse(line) as BackupHead;
        if (head.format !== "brop-backup") throw new Error("it begins in another way");
      }
      if (line.startsWith('{"end":')) end = JSON.parse(line) as BackupEnd;
      else {
        digest.update(`${line}\n`);
        if (line.startsWith("[")) rows += 1;
      }
    }
    if (head === undefined || end === undefined) throw new Error("its end is missing");
    if (end.sha256 !== digest.digest("hex") || end.rows !== rows) throw new Error("its content was changed");
  } catch (cause) {
    if (cause instanceof BropError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BropError("backup.damaged", { path: file, reason }, undefined, { cause });
  }
  return head;
}
