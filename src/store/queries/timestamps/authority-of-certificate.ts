import type { Database } from "../../database.ts";

/**
 * The number of the authority that is registered on chain under a certificate and takes tokens.
 * @param certificateDigest SHA-256
 */
export async function authorityOfCertificate(db: Database, certificateDigest: Uint8Array): Promise<number | undefined> {
  const [row] = await db.query<{ id: number }>(
    `select id from timestamp_authorities
     where certificate_digest = $1 and to_block is null and retired_block is null`,
    [certificateDigest],
  );
  return row?.id;
}
