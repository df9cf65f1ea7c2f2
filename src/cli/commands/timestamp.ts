import type { Command } from "commander";
import { action } from "../action.ts";

/** `brop timestamp`: time stamps of RFC 3161 (EV-2). */
export function addTimestamp(program: Command): void {
  const timestamp = program.command("timestamp").description("time stamps of RFC 3161: when something was there");
  timestamp
    .command("file <FILE>")
    .description("have a file's digest stamped by the platform's time-stamping authority")
    .option("--out <REPLY>", "where the answer goes (default: the file's name and .tsr)")
    .action(action(async () => (await import("../work/timestamp.ts")).stampFile));
  timestamp
    .command("record <ID>")
    .description("have a record's digest stamped by the outside authority, and the token kept by the platform")
    .option("--out <REPLY>", "where the answer goes, too")
    .action(action(async () => (await import("../work/timestamp.ts")).stampRecord));
  timestamp
    .command("verify <REPLY>")
    .description("verify a token or answer without any network; exit code 3 if it does not hold")
    .option("--file <FILE>", "the file that it has to stamp")
    .option("--digest <HEX>", "the SHA-256, SHA-384 or SHA-512 digest that it has to stamp")
    .requiredOption("--trust <PEM>", "certificates that are trusted: of the authority itself, or of one above it")
    .option("--revoked <CRL>", "a revocation list (DER)")
    .action(action(async () => (await import("../work/timestamp.ts")).verify));
}
