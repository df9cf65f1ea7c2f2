import { writeFile } from "node:fs/promises";
import { isBatchRecordId } from "../../core/batch/identifiers.ts";
import { isHexBytes } from "../../core/hex.ts";
import { resolveAccount } from "../accounts.ts";
import { openApi } from "../api-client.ts";
import type { Session } from "../session.ts";

interface BundleOptions {
  output: string;
  state?: boolean;
  certifier?: string;
  recognisedBy?: string;
  /** False by `--no-timestamps`. */
  timestamps: boolean;
}

/** Gets the proof bundle of a record, or of a record of a batch, from the platform and writes it as it came. */
export async function writeBundle(session: Session, record: string, options: BundleOptions): Promise<void> {
  const isOfBatch = isBatchRecordId(record);
  if (!isOfBatch && !isHexBytes(record, 32)) {
    session.misuse("error: RECORD is the identifier of a record: 0x and 64 digits, or portion_….N of a batch");
  }
  const query = new URLSearchParams();
  if (options.state === true) query.set("state", "true");
  if (options.certifier !== undefined) query.set("certifier", await resolveAccount(session, options.certifier));
  if (options.recognisedBy !== undefined)
    query.set("recognisedBy", await resolveAccount(session, options.recognisedBy));
  if (!options.timestamps) query.set("timestamps", "false");
  const path = isOfBatch ? "/v1/batch-records" : "/v1/records";
  const response = await openApi(session, `${path}/${record}/bundle?${query}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  await writeFile(options.output, bytes, { flag: "wx" });
  const result = { record, file: options.output, bytes: bytes.length };
  session.output.result(result, (paint) => `${paint.green("✓")} ${options.output}: ${bytes.length} bytes`);
}
