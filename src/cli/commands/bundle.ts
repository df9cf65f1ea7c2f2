import type { Command } from "commander";
import { action } from "../action.ts";
import { ACCOUNT_WORDS } from "../words.ts";

/** `brop bundle`: a file that proves a record to anybody, without a node (EV-9). */
export function addBundle(program: Command): void {
  program
    .command("bundle <RECORD>")
    .description(
      "get the proof bundle of a record, also of a batch's (portion_….N); whoever has the network's genesis file " +
        "verifies it without a network",
    )
    .requiredOption("-o, --output <FILE>", "where to write it")
    .option("--state", "also show, by the newest state, whether the record stands")
    .option("--certifier <ACCOUNT>", `also show what this certifier said of the owner then (${ACCOUNT_WORDS})`)
    .option("--recognised-by <ACCOUNT>", "with --certifier: also show whether this partner recognised it")
    .option("--no-timestamps", "leave out the time-stamp tokens that the platform keeps")
    .action(action(async () => (await import("../work/bundle.ts")).writeBundle));
}
