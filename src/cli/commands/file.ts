import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop file`: files that the platform keeps. */
export function addFile(program: Command): void {
  const files = program.command("file").description("files that the platform keeps for the account of the API key");
  const load = () => import("../work/file.ts");
  files
    .command("put <FILE>")
    .description("store a file; one that was cut off is gone on with")
    .option("--name <NAME>", "another name than that of the file")
    .option("--type <TYPE>", "what it is, for example application/pdf")
    .option("--public", "let everybody read it")
    .option("--until <TIME>", "end of its term (ISO 8601), when the platform deletes it")
    .option("--retain-until <TIME>", "until then nobody can delete it (ISO 8601)")
    .option("--encrypt-to <RECIPIENT...>", "encrypt it for age1..., or the recipients in a file, before it is sent")
    .action(action(async () => (await load()).put));
  files
    .command("get <ID>")
    .description("fetch a file and compare it with its digest")
    .option("--output <FILE>", "where it goes; by default its name here")
    .option("--identity <FILE>", "file with the age identity that opens it")
    .option("--digest <HASH>", "SHA-256 that it has to have, for example of its record")
    .option("--force", "replace a file that is there")
    .action(action(async () => (await load()).get));
  files
    .command("list")
    .description("show the files of the account, newest first")
    .option("--deleted", "those that were deleted")
    .action(action(async () => (await load()).list));
  files
    .command("show <ID>")
    .description("show what is told of a file, also after it was deleted")
    .action(action(async () => (await load()).show));
  files
    .command("remove <ID>")
    .description("delete a file; what is told of it stays")
    .option("--reason <TEXT>", "why, for what stays")
    .action(action(async () => (await load()).remove));
  files
    .command("bill")
    .description("show what files took in a period, in bytes times time")
    .option("--from <TIME>", "its first moment (ISO 8601); by default the beginning of the month")
    .option("--to <TIME>", "the moment behind its last one; by default a minute ago")
    .option("--tenant <ACCOUNT>", "of this account, for the operator")
    .option("--csv", "a line for each file")
    .action(action(async () => (await load()).bill));
  files
    .command("key <FILE>")
    .description("make an age key for files; FILE gets the identity, which opens them")
    .action(action(async () => (await load()).key));
}
