import type { Command } from "commander";
import { action } from "../action.ts";
import { address } from "../arguments.ts";

/** `brop sql` and `brop sql-role`: the views of the index and of business data, for people who speak SQL. */
export function addSql(program: Command): void {
  program
    .command("sql <SELECT>")
    .description(
      "ask the database's views; nothing can be changed (DATABASE_URL, or the data folder of a stopped platform)",
    )
    .option("--tenant <ACCOUNT>", "also the business data of this account", address)
    .action(action(async () => (await import("../work/sql.ts")).sql));
  const roles = program
    .command("sql-role")
    .description("roles of a PostgreSQL server that read the views and nothing else");
  roles
    .command("create <NAME>")
    .description("make a role, or give one a new password")
    .option("--tenant <ACCOUNT>", "also let it read the business data of this account", address)
    .action(action(async () => (await import("../work/sql.ts")).createRole));
  roles
    .command("drop <NAME>")
    .description("end a role that was made here")
    .action(action(async () => (await import("../work/sql.ts")).dropRole));
}
