import type { Command } from "commander";
import { action } from "../action.ts";
import { ACCOUNT_WORDS } from "../words.ts";

/** `brop quota`: the points that an account can use (QU). */
export function addQuota(program: Command): void {
  program
    .command("quota [ACCOUNT]")
    .description(`show an account's quota points (${ACCOUNT_WORDS}; default: the account of --as)`)
    .action(action(async () => (await import("../work/quota.ts")).quota));
}
