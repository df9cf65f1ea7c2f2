import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { restoreBackup } from "../../store/backup/restore-backup.ts";
import { writeBackup } from "../../store/backup/write-backup.ts";
import { migrate } from "../../store/migrate.ts";
import { openDatabase } from "../../store/open-database.ts";
import { requestRebuild } from "../../store/rebuild.ts";
import type { Session } from "../session.ts";
import { openExisting } from "./open-existing.ts";

export async function backup({ output }: Session, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new BropError("request.invalid", {
      field: "FILE",
      reason: "there is a file of this name already",
      path: file,
    });
  }
  const db = await openExisting();
  try {
    const { block, rows } = await writeBackup(db, file, systemClock.now());
    output.result({ file, block, rows }, () => `${file}: ${rows.toLocaleString("en")} rows, up to block ${block}.`);
    output.note("keys and hosted files are not in it: they have files of their own");
  } finally {
    await db.close();
  }
}

export async function restore({ output }: Session, file: string): Promise<void> {
  const { databaseUrl: url, data, chainId } = readConfig({});
  if (!existsSync(file)) throw new BropError("file.not-found", { path: file });
  const db = await openDatabase(url === undefined ? { directory: join(data, "database") } : { url });
  try {
    const { block, createdAt } = await restoreBackup(db, file, chainId);
    const made = new Date(createdAt).toISOString();
    output.result({ file, block, made }, () => `Restored from ${file}, made ${made}, up to block ${block}.`);
  } finally {
    await db.close();
  }
}

export async function rebuildIndex({ output }: Session): Promise<void> {
  const db = await openExisting();
  try {
    await migrate(db);
    if (!(await requestRebuild(db))) throw new BropError("service.unavailable", { reason: "nothing is indexed yet" });
    output.result({ requested: true }, () => "Whoever indexes begins within ten seconds, or when it is started.");
  } finally {
    await db.close();
  }
}
