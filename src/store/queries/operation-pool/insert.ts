import type { Database } from "../../database.ts";

export interface NewPoolRow {
  hash: string;
  sender: string;
  nonce: bigint;
  deadline: number | undefined;
  /** JSON-RPC form. */
  operation: Record<string, unknown>;
  receivedAt: number;
  receivedBlock: number;
}

/** Stores operations that a relay accepted; those that it has already stay as they are. Hashes are `0x...`. */
export async function insertPoolRows(db: Database, relay: string, rows: readonly NewPoolRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `insert into operation_pool
       (hash, relay, sender, nonce, deadline, operation, state, received_at, received_block)
     select decode(hash, 'hex'), decode($1, 'hex'), decode(sender, 'hex'), nonce::numeric, deadline,
       operation::json, 'received', received_at, received_block
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
       as row (hash, sender, nonce, deadline, operation, received_at, received_block)
     on conflict do nothing`,
    [
      relay.slice(2),
      rows.map(({ hash }) => hash.slice(2)),
      rows.map(({ sender }) => sender.slice(2)),
      rows.map(({ nonce }) => nonce.toString()),
      rows.map(({ deadline }) => deadline ?? null),
      rows.map(({ operation }) => JSON.stringify(operation)),
      rows.map(({ receivedAt }) => receivedAt),
      rows.map(({ receivedBlock }) => receivedBlock),
    ],
  );
}
