import type { Command } from "commander";
import { LEVELS, type LevelName } from "../../core/levels.ts";
import { action } from "../action.ts";
import { wholeNumber, wordOf } from "../arguments.ts";
import { addIdentityOptions } from "../identity-options.ts";

// Applicants are institutions, which `brop admit` leads to more.
const NAMES = (Object.keys(LEVELS) as LevelName[]).filter((name) => name !== "applicant");

/** `brop certify`: a partner certifies a user (ID-3), whose account is created when there is none. */
export function addCertify(program: Command): void {
  const command = program
    .command("certify <USER>")
    .description(
      "certify a user as the partner that --as names. USER is the name of a key, the address of a key that has no " +
        "account yet, or an account's address or ID",
    )
    .option("--level <LEVEL>", `one of ${NAMES.join(", ")}`, wordOf(NAMES), "real-name")
    .option("--days <N>", "days until the certification expires", wholeNumber(1, 36_500), 365)
    .option("--responsible", "the partner answers for the account's evidence (level anonymous)")
    .option("--sponsor", "the partner's points pay for the account's operations");
  addIdentityOptions(command).action(action(async () => (await import("../work/certify.ts")).certify));
}
