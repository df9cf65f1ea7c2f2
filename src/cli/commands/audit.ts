import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop audit`: what is kept, compared with the chain. */
export function addAudit(program: Command): void {
  program
    .command("audit")
    .description(
      "compare what the database holds (DATABASE_URL, also while it is used, or the data folder of a stopped platform) " +
        "with the chain at --rpc, and name each difference",
    )
    .action(action(async () => (await import("../work/audit.ts")).audit));
}
