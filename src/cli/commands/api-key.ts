import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop api-key`: keys of machines for the interface over HTTP. */
export function addApiKey(program: Command): void {
  const keys = program.command("api-key").description("API keys: who may do what over HTTP");
  const load = () => import("../work/api-key.ts");
  keys
    .command("create <NAME>")
    .description("make a key; it is shown once")
    .requiredOption("--role <ROLE>", "partner, operator, regulator or bookkeeper")
    .option("--scope <SCOPE...>", "what it may do (default: everything that its role may)", ["*"])
    .option("--account <ADDRESS>", "account that the key speaks for")
    .option("--expires <TIME>", "end, ISO 8601 (default: none)")
    .action(action(async () => (await load()).create));
  keys
    .command("list")
    .description("show all keys")
    .action(action(async () => (await load()).list));
  keys
    .command("rotate <ID>")
    .description("give a key another secret; the former one holds for a day beside it")
    .action(action(async () => (await load()).rotate));
  keys
    .command("revoke <ID>")
    .description("end a key for good")
    .action(action(async () => (await load()).revoke));
}
