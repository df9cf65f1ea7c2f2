import type { Command } from "commander";
import { action } from "../action.ts";
import { gathered } from "../arguments.ts";
import { OBJECT_WORDS } from "../words.ts";

/** `brop timeline`: the chain of an object's records, checked again, and held against documents (EV-4). */
export function addTimeline(program: Command): void {
  program
    .command("timeline <OBJECT> [FILE...]")
    .description(
      "show and check an object's chain of records, and hold documents against it in their order: events of exports " +
        `first, then files. Exit code 3 if anything is wrong. OBJECT: ${OBJECT_WORDS}`,
    )
    .option("--owner <ACCOUNT>", "whose object it is, where OBJECT is a business key; default: the account of --as")
    .option("--epcis <EXPORT>", "events of this GS1 EPCIS 2.0 export as documents; may be given again", gathered)
    .action(action(async () => (await import("../work/timeline.ts")).showTimeline));
}
