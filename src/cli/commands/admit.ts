import type { Command } from "commander";
import { PARTNER_PERMISSIONS, type PartnerPermission } from "../../core/levels.ts";
import { action } from "../action.ts";
import { wholeNumber, wordsOf } from "../arguments.ts";
import { addIdentityOptions } from "../identity-options.ts";

const PERMISSIONS = Object.keys(PARTNER_PERMISSIONS) as PartnerPermission[];

/** `brop admit`: makes an institution a partner (GO-1), for whoever has both keys at hand. */
export function addAdmit(program: Command): void {
  const command = program
    .command("admit <KEY>")
    .description(
      "make the institution with this key a partner: account as applicant, signature under the agreement, admission. " +
        "Acts with the key `operator` unless --as names another. What was done already is not done again",
    )
    .requiredOption("--name <NAME>", "public name of the institution")
    .requiredOption("--copy <FILE>", "the agreement as the institution signed it; its digest goes on chain")
    .option("--location <WHERE>", "where that copy can be had (default: the file's name)")
    .option("--permissions <LIST>", `of ${PERMISSIONS.join(",")}`, wordsOf(PERMISSIONS), [
      "identity",
      "evidence",
      "vouchers",
    ])
    .option("--days <N>", "days until the certification expires", wholeNumber(1, 36_500), 365);
  addIdentityOptions(command).action(action(async () => (await import("../work/admit.ts")).admit));
}
