import type { Command } from "commander";
import { action } from "../action.ts";
import { ACCOUNT_WORDS } from "../words.ts";

/** `brop verify`: is this file on record, whose, since when, and does it still stand? (EV-3) */
export function addVerify(program: Command): void {
  program
    .command("verify [FILE]")
    .description(
      "find the records of a file, or of each event of an EPCIS export; exit code 3 if there is no valid one",
    )
    .option("--epcis <EXPORT>", "verify each event of this GS1 EPCIS 2.0 export")
    .option("--bundle <BUNDLE>", "verify this proof bundle, and FILE by it; asks nobody, so it works without a network")
    .option("--trust <FILE>", "with --bundle: the network's genesis file, or a checkpoint (BROP_TRUST)")
    .option("--authority <CERTIFICATE...>", "with --bundle: trusted time-stamping certificates, PEM or DER")
    .option("--by <ACCOUNT>", `count only records of this account (${ACCOUNT_WORDS})`)
    .action(action(async () => (await import("../work/verify.ts")).verify));
}
