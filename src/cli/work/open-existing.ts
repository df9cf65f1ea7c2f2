import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import { openDatabase } from "../../store/open-database.ts";

/** Looking must not make a database where there is none. */
export function openExisting(): Promise<Database> {
  const { databaseUrl: url, data } = readConfig({});
  const directory = join(data, "database");
  if (url === undefined && !existsSync(directory)) throw new BropError("file.not-found", { path: directory });
  return openDatabase(url === undefined ? { directory } : { url });
}
