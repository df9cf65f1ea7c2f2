import type { Command } from "commander";
import { action } from "../action.ts";
import { wholeNumber, wordOf } from "../arguments.ts";
import { ACCOUNT_WORDS } from "../words.ts";

// Levels that permit vouchers unless Council changes the table (ID-5).
const HOLDER_LEVELS = ["real-name", "digital-certificate"] as const;

// A week of 3-second blocks.
const REDEMPTION_BLOCKS = 201_600;

/** `brop voucher`: titles to goods and services (VO). */
export function addVoucher(program: Command): void {
  const voucher = program.command("voucher").description("vouchers: titles to goods and services");
  voucher
    .command("apply")
    .description("apply for a voucher as the partner that --as names; the operator then creates it")
    .requiredOption("--name <NAME>", "name of the voucher")
    .requiredOption("--symbol <SYMBOL>", "short name, ASCII")
    .requiredOption("--cap <AMOUNT>", "most that may circulate")
    .requiredOption("--product <WORDS>", "what it stands for")
    .requiredOption("--terms <FILE>", "document with the terms; its digest goes on chain")
    .requiredOption("--declaration <FILE>", "the issuer's declaration on the legal category; its digest goes on chain")
    .requiredOption("--category <WORD>", 'legal category, for example "goods-coupon"')
    .requiredOption("--uri <URL>", "where terms and metadata can be had")
    .option("--decimals <N>", "decimal places of amounts", wholeNumber(0, 18), 0)
    .option(
      "--holder-level <LEVEL>",
      `lowest level of holders: ${HOLDER_LEVELS.join(", ")}`,
      wordOf(HOLDER_LEVELS),
      "real-name",
    )
    .option(
      "--redemption-blocks <N>",
      "blocks within which the issuer answers who presents the voucher",
      wholeNumber(1, 2 ** 32 - 1),
      REDEMPTION_BLOCKS,
    )
    .action(action(async () => (await import("../work/voucher.ts")).apply));
  voucher
    .command("create <APPLICATION>")
    .description("create the contract of a voucher that was applied for, as the operator (key `operator`, or --as)")
    .action(action(async () => (await import("../work/voucher.ts")).create));
  voucher
    .command("allocate <VOUCHER> <TO> <AMOUNT>")
    .description(`allocate new vouchers as their issuer. VOUCHER: its address; TO: ${ACCOUNT_WORDS}`)
    .action(action(async () => (await import("../work/voucher.ts")).allocate));
  voucher
    .command("transfer <VOUCHER> <TO> <AMOUNT>")
    .description("transfer vouchers of the account of --as")
    .action(action(async () => (await import("../work/voucher.ts")).transfer));
  voucher
    .command("show <VOUCHER> [HOLDER...]")
    .description("show a voucher, and what holders have of it")
    .action(action(async () => (await import("../work/voucher.ts")).show));
}
