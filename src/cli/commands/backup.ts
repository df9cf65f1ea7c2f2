import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop backup` and `brop restore`: everything that the database holds, in one file. */
export function addBackup(program: Command): void {
  program
    .command("backup <FILE>")
    .description(
      "write what the database holds into a new file (DATABASE_URL, also while it is used, or the data folder of a stopped platform)",
    )
    .action(action(async () => (await import("../work/backup.ts")).backup));
  program
    .command("restore <FILE>")
    .description("fill an empty database (DATABASE_URL, or a new data folder) from a backup; the next start catches up")
    .action(action(async () => (await import("../work/backup.ts")).restore));
}
