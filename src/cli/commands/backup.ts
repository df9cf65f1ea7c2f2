import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop backup` and `brop restore`: everything that the database holds, in one file. `brop index rebuild`. */
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
  const index = program.command("index").description("the tables that are read from the chain");
  index
    .command("rebuild")
    .description("have them made anew; the old ones answer until the new ones are as far")
    .action(action(async () => (await import("../work/backup.ts")).rebuildIndex));
}
