import type { Database } from "../../database.ts";
import { STAMPED_KINDS, type TimestampRow } from "./timestamps.ts";

/** Of a kept token what a proof bundle takes. */
export type BundleStamp = Pick<TimestampRow, "token" | "certificate" | "block_number">;

const COLUMNS = "t.token, t.certificate, t.block_number";
/** A bundle takes tokens up to 64 KiB and certificates up to 16 KiB. */
const FITS = "octet_length(t.token) <= 65536 and octet_length(t.certificate) <= 16384";

/** Tokens over a record's digest, oldest first. */
export function recordStamps(db: Database, record: Uint8Array, limit: number): Promise<BundleStamp[]> {
  return db.query(
    `select ${COLUMNS} from timestamps t where t.object = $1 and t.kind = $2 and ${FITS}
     order by t.stated_at, t.token_digest limit $3::int8`,
    [record, STAMPED_KINDS.record, limit],
  );
}

/**
 * The token of the first block from one on that was stamped. A block that a development chain has lost since does not
 * count, nor does a token that states a time before its block's: clocks differ, and a verifier would refuse it.
 */
export async function firstBlockStamp(db: Database, from: number): Promise<BundleStamp | undefined> {
  const rows = await db.query<BundleStamp>(
    `select ${COLUMNS} from timestamps t join blocks b on b.number = t.block_number and b.hash = t.object
     where t.kind = $1 and t.block_number >= $2 and t.stated_at + coalesce(t.accuracy, 0) >= b.timestamp * 1000 and ${FITS}
     order by t.block_number, t.stated_at, t.token_digest limit 1`,
    [STAMPED_KINDS.block, from],
  );
  return rows[0];
}
