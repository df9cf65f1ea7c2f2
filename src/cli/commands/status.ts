import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop status`: the network as its node tells it. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show the network: newest block, accounts, contracts")
    .action(action(async () => (await import("../work/status.ts")).status));
}
