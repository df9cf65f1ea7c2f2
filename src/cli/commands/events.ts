import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop events`: what happens, as it happens. */
export function addEvents(program: Command): void {
  program
    .command("events")
    .description("follow everything that happens, until Ctrl-C; with --json one CloudEvent a line")
    .option("--type <TYPE...>", "only events of these types, as records.*")
    .option("--where <JSON>", "conditions on fields")
    .option("--from-block <N>", "begin with this block (default: now)")
    .option("--after <ID>", "go on behind this event")
    .option("--count <N>", "end after so many events")
    .action(action(async () => (await import("../work/events.ts")).events));
}
