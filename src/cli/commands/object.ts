import type { Command } from "commander";
import { action } from "../action.ts";
import { gathered } from "../arguments.ts";
import { OBJECT_WORDS } from "../words.ts";

/** `brop object`: objects whose records form a chain (EV-4), and who may add to it. */
export function addObject(program: Command): void {
  const object = program.command("object").description("objects whose records form a chain, and who may write to them");
  object
    .command("open <KEY>")
    .description("open an object under a business key of one's own; `brop record --object` does so too")
    .option("--writer <ACCOUNT>", "account that may add links besides the owner; may be given again", gathered)
    .action(action(async () => (await import("../work/object.ts")).open));
  object
    .command("writer <OBJECT> <ACCOUNT>")
    .description(`admit a writer. OBJECT: ${OBJECT_WORDS}`)
    .option("--dismiss", "dismiss the writer instead")
    .action(action(async () => (await import("../work/object.ts")).writer));
}
