import { id, ZeroHash } from "ethers";
import { DIGEST_ALGORITHMS } from "../../src/core/digest.ts";
import type { RecordInput } from "../../src/core/ssz-record.ts";

const ALGORITHMS = Object.values(DIGEST_ALGORITHMS);

/** Different records with every field in use here and there. */
export function someRecords(count: number, name = "record"): RecordInput[] {
  return Array.from({ length: count }, (_, at) => ({
    digest: id(`${name} ${at}`),
    algorithm: ALGORITHMS[at % ALGORITHMS.length] as number,
    kind: at % 3 === 0 ? 2 ** 32 - 1 - at : at,
    subject: at % 2 === 0 ? ZeroHash : id(`subject ${at}`),
    businessKey: at % 5 === 0 ? id(`key ${at}`) : ZeroHash,
    refersTo: at % 7 === 0 ? id(`reference ${at}`) : ZeroHash,
  }));
}
