import type { Command } from "commander";
import { action } from "../action.ts";
import { wholeNumber } from "../arguments.ts";

const MOST_PROPOSALS = 2 ** 48;

/** `brop council`: how bookkeepers decide together (CH-6, GO-3). `--as` names the key of a seat. */
export function addCouncil(program: Command): void {
  const council = program.command("council").description("decisions of the bookkeepers: proposals, votes, execution");
  const number = wholeNumber(1, MOST_PROPOSALS);
  council
    .command("propose <FILE>")
    .description("open a proposal, such as `brop network init` writes for a new validator, and vote for it")
    .action(action(async () => (await import("../work/council.ts")).propose));
  council
    .command("vote")
    .argument("<ID>", "number of the proposal", number)
    .description("vote for a proposal")
    .action(action(async () => (await import("../work/council.ts")).vote));
  council
    .command("execute")
    .argument("<ID>", "number of the proposal", number)
    .description("make an agreed proposal's calls, after the delay")
    .action(action(async () => (await import("../work/council.ts")).execute));
  council
    .command("pause")
    .description("vote for an emergency pause: no operation of any account for a day, when a third of the seats agree")
    .requiredOption("--ground <FILE>", "document with the stated ground; its digest is kept on chain")
    .action(action(async () => (await import("../work/council.ts")).pause));
  council
    .command("show")
    .argument("<ID>", "number of the proposal", number)
    .description("show a proposal: what it calls, who has voted, and where it stands")
    .action(action(async () => (await import("../work/council.ts")).show));
}
