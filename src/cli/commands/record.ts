import type { Command } from "commander";
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../../core/digest.ts";
import { action } from "../action.ts";
import { bytes32, wholeNumber, wordOf } from "../arguments.ts";
import { OBJECT_WORDS } from "../words.ts";

const ALGORITHMS = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];

/** `brop record`: puts the digest of a file, or of each event of a trace export, on record (EV-1, EV-4). */
export function addRecord(program: Command): void {
  program
    .command("record [FILE]")
    .description("record the digest of a file, or of each event of an EPCIS export, with the account of --as")
    .option("--epcis <EXPORT>", "record each event of this GS1 EPCIS 2.0 export; what is on record is left out")
    .option("--object <OBJECT>", `add to this object's chain: ${OBJECT_WORDS}, which is opened if need be`)
    .option("--by-object", "with --epcis: add each event to the chain of each object that it is about")
    .option("--algorithm <NAME>", `digest algorithm, one of ${ALGORITHMS.join(", ")}`, wordOf(ALGORITHMS), "sha2-256")
    .option("--kind <N>", "type of the record by one's own list", wholeNumber(0, 0xffffffff), 0)
    .option("--subject <SUBJECT>", "what it is about: an address, 32 bytes or a text of at most 31 bytes")
    .option("--business-key <KEY>", "the business system's own key; its digest goes on chain")
    .option("--refers-to <DIGEST>", "digest or identifier that it refers to", bytes32)
    .action(action(async () => (await import("../work/record.ts")).record));
}
