import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** A relay's transaction that is in no followed block yet. Hashes and addresses are `0x...`. */
export interface BundleRow {
  hash: string;
  relay: string;
  nonce: number;
  operations: string[];
  /** The signed bytes, `0x...`; undefined: stored by a version that did not keep them. */
  raw: string | undefined;
}

const HASH_LENGTH = 32;

/**
 * Stores bundles before they are sent. A nonce of a relay has one bundle.
 *
 * Each column goes as one text with a line a row: drivers quote the elements of an array one by one.
 */
export async function insertBundleRows(tx: Database, bundles: readonly (BundleRow & { raw: string })[]): Promise<void> {
  if (bundles.length === 0) return;
  const column = (read: (bundle: BundleRow & { raw: string }) => string | number) => bundles.map(read).join("\n");
  await tx.query(
    `insert into relay_bundles (transaction_hash, relay, nonce, operations, raw)
     select decode(hash, 'hex'), decode(relay, 'hex'), nonce::bigint, decode(operations, 'hex'), decode(raw, 'hex')
     from unnest(string_to_array($1, e'\\n'), string_to_array($2, e'\\n'), string_to_array($3, e'\\n'),
         string_to_array($4, e'\\n'), string_to_array($5, e'\\n'))
       as row (hash, relay, nonce, operations, raw)`,
    [
      column(({ hash }) => hash.slice(2)),
      column(({ relay }) => relay.slice(2)),
      column(({ nonce }) => nonce),
      column(({ operations }) => operations.map((hash) => hash.slice(2)).join("")),
      column(({ raw }) => raw.slice(2)),
    ],
  );
}

/** Forgets bundles: they are in a block, or certainly at no node. */
export async function deleteBundleRows(db: Database, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await db.query(
    "delete from relay_bundles where transaction_hash in (select decode(hash, 'hex') from unnest($1::text[]) as row (hash))",
    [hashes.map((hash) => hash.slice(2))],
  );
}

/** A relay's bundles, in the order of their nonces. */
export async function findBundleRows(db: Database, relay: string): Promise<BundleRow[]> {
  const rows = await db.query<{
    transaction_hash: Uint8Array;
    nonce: number;
    operations: Uint8Array;
    raw: string | null;
  }>(
    `select transaction_hash, nonce, operations, encode(raw, 'hex') as raw from relay_bundles
     where relay = decode($1, 'hex') order by nonce`,
    [relay.slice(2)],
  );
  return rows.map(({ transaction_hash, nonce, operations, raw }) => {
    const hashes: string[] = [];
    for (let at = 0; at < operations.length; at += HASH_LENGTH) {
      hashes.push(bytesToHex(operations.subarray(at, at + HASH_LENGTH)));
    }
    const hash = bytesToHex(transaction_hash);
    return { hash, relay, nonce, operations: hashes, raw: raw === null ? undefined : `0x${raw}` };
  });
}
