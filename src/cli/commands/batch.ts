import type { Command } from "commander";
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../../core/digest.ts";
import { action } from "../action.ts";
import { wholeNumber, wordOf } from "../arguments.ts";
import { ACCOUNT_WORDS } from "../words.ts";

const ALGORITHMS = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];

/** `brop batch`: records that are anchored many at a time (EV-6). */
export function addBatch(program: Command): void {
  const batch = program
    .command("batch")
    .description("records that are anchored many at a time, each with its own proof");
  const load = () => import("../work/batch.ts");
  batch
    .command("add [FILES...]")
    .description("hand records over: the digests of files, or of a list, by one operation of the account of --as")
    .option(
      "--list <LIST>",
      "records a line: a digest as sha256sum prints it, or a JSON object with a record's members",
    )
    .option("--account <ACCOUNT>", `account that owns them, in place of --as: ${ACCOUNT_WORDS}`)
    .option("--algorithm <NAME>", `digest algorithm, one of ${ALGORITHMS.join(", ")}`, wordOf(ALGORITHMS), "sha2-256")
    .option("--kind <N>", "type of the records by one's own list", wholeNumber(0, 0xffffffff), 0)
    .option("--name <NAME>", "name of this handing over: under the same name it is done once")
    .option("--receipts <FILE>", "where to write a line for each record: identifier, digest, name")
    .option("--anchored", "wait until they are anchored; with --as the anchor is signed if it waits for that")
    .action(action(async () => (await load()).add));
  batch
    .command("show <ID>")
    .description("show where records stand: portion_….N of one, portion_… of all of a request, or a digest")
    .option("--anchored", "wait until they are anchored; with --as the anchor is signed if it waits for that")
    .action(action(async () => (await load()).show));
}
