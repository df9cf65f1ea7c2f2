import { parseEpcis } from "../core/epcis-validation.node.ts";
import { type EpcisRecord, epcisRecords } from "../sdk/index.ts";
import { readJson } from "./json-file.ts";

/**
 * The events of a traceability system's export (GS1 EPCIS 2.0, JSON), checked, with the records to make of them.
 * @throws BropError `file.not-found`, `canonical.invalid`, `epcis.invalid`
 */
export async function readEpcis(path: string, kind = 0): Promise<EpcisRecord[]> {
  return epcisRecords(parseEpcis(await readJson(path)), { kind });
}
