import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** A bundle that was sent and is in no followed block yet. Hashes are `0x...`. */
export interface BundleRow {
  hash: string;
  nonce: number;
  operations: string[];
}

const HASH_LENGTH = 32;

/** Notes bundles that a relay sent. */
export async function insertBundleRows(db: Database, relay: string, bundles: readonly BundleRow[]): Promise<void> {
  if (bundles.length === 0) return;
  await db.query(
    `insert into relay_bundles (transaction_hash, relay, nonce, operations)
     select decode(hash, 'hex'), decode($1, 'hex'), nonce, decode(operations, 'hex')
     from unnest($2::text[], $3::bigint[], $4::text[]) as row (hash, nonce, operations)
     on conflict do nothing`,
    [
      relay.slice(2),
      bundles.map(({ hash }) => hash.slice(2)),
      bundles.map(({ nonce }) => nonce),
      bundles.map(({ operations }) => operations.map((hash) => hash.slice(2)).join("")),
    ],
  );
}

/** Forgets bundles: they are in a block, or lost. */
export async function deleteBundleRows(db: Database, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await db.query(
    "delete from relay_bundles where transaction_hash in (select decode(hash, 'hex') from unnest($1::text[]) as row (hash))",
    [hashes.map((hash) => hash.slice(2))],
  );
}

/** A relay's bundles, in the order of their nonces. */
export async function findBundleRows(db: Database, relay: string): Promise<BundleRow[]> {
  const rows = await db.query<{ transaction_hash: Uint8Array; nonce: number; operations: Uint8Array }>(
    "select transaction_hash, nonce, operations from relay_bundles where relay = decode($1, 'hex') order by nonce",
    [relay.slice(2)],
  );
  return rows.map(({ transaction_hash, nonce, operations }) => {
    const hashes: string[] = [];
    for (let at = 0; at < operations.length; at += HASH_LENGTH) {
      hashes.push(bytesToHex(operations.subarray(at, at + HASH_LENGTH)));
    }
    return { hash: bytesToHex(transaction_hash), nonce, operations: hashes };
  });
}
