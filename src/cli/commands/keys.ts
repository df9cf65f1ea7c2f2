import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop keys`: the keys on this machine. */
export function addKeys(program: Command): void {
  const keys = program.command("keys").description("keys on this machine, and the accounts that they operate");
  keys
    .command("create <NAME>")
    .description("make a key; encrypted when BROP_KEY_PASSWORD is set, for development only when it is not")
    .option("--import", "take over the private key that comes on standard input, instead of a new one")
    .action(action(async () => (await import("../work/keys.ts")).create));
  keys
    .command("list")
    .description("list the keys")
    .action(action(async () => (await import("../work/keys.ts")).list));
  keys
    .command("show <NAME>")
    .description("show a key's address and account")
    .option("--reveal", "show the private key too: whoever sees it can act in its name")
    .action(action(async () => (await import("../work/keys.ts")).show));
  keys
    .command("account <NAME> <ACCOUNT>")
    .description("note which account a key operates, where it was certified elsewhere")
    .action(action(async () => (await import("../work/keys.ts")).attach));
}
