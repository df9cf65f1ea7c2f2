import { basename } from "node:path";
import { bytesToHex, DIGEST_ALGORITHMS, type DigestAlgorithm, type HandedDocument } from "../sdk/index.ts";
import { readEpcis } from "./epcis-file.ts";
import { digestWithBar } from "./files.ts";
import type { GlobalOptions } from "./options.ts";

/**
 * The documents that somebody was handed, with the digests worked out here: events of exports first, then files.
 *
 * @param algorithms of the links; a file is digested by each of them until one of the chain's digests comes out
 * @param known the digests of the chain
 * @throws BropError `file.not-found`, `epcis.invalid`
 */
export async function readDocuments(
  options: GlobalOptions,
  { epcis, files }: { epcis: readonly string[]; files: readonly string[] },
  algorithms: readonly DigestAlgorithm[],
  known: ReadonlySet<string>,
): Promise<(HandedDocument & { name: string })[]> {
  const documents: (HandedDocument & { name: string })[] = [];
  for (const path of epcis) {
    for (const { event, input, businessKey } of await readEpcis(path)) {
      const name = `${event.type} ${event.eventTime} (${basename(path)})`;
      documents.push({ digest: input.digest, name, businessKey });
    }
  }
  const order = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];
  const used = order.filter((algorithm) => algorithms.includes(algorithm));
  for (const path of files) {
    let digest: string | undefined;
    for (const algorithm of used.length === 0 ? order.slice(0, 1) : used) {
      const candidate = bytesToHex(await digestWithBar(options, path, algorithm));
      if (digest === undefined || known.has(candidate)) digest = candidate;
      if (known.has(candidate)) break;
    }
    documents.push({ digest: digest as string, name: basename(path) });
  }
  return documents;
}
