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

/**
 * Stores operations that a relay accepted; those that it has already stay as they are. Hashes are `0x...`.
 *
 * The bundler's busy path: each column goes as one text with a line a row, since drivers quote the elements of an array
 * one by one, which costs more than the rest. JSON has no line breaks of its own.
 */
export async function insertPoolRows(db: Database, relay: string, rows: readonly NewPoolRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = (read: (row: NewPoolRow) => unknown) => rows.map(read).join("\n");
  await db.query(
    `insert into operation_pool
       (hash, relay, sender, nonce, deadline, operation, state, received_at, received_block)
     select decode(hash, 'hex'), decode($1, 'hex'), decode(sender, 'hex'), nonce::numeric, nullif(deadline, '')::bigint,
       operation::json, 'received', received_at::bigint, received_block::bigint
     from unnest(string_to_array($2, e'\\n'), string_to_array($3, e'\\n'), string_to_array($4, e'\\n'),
         string_to_array($5, e'\\n'), string_to_array($6, e'\\n'), string_to_array($7, e'\\n'), string_to_array($8, e'\\n'))
       as row (hash, sender, nonce, deadline, operation, received_at, received_block)
     on conflict do nothing`,
    [
      relay.slice(2),
      column(({ hash }) => hash.slice(2)),
      column(({ sender }) => sender.slice(2)),
      column(({ nonce }) => nonce),
      column(({ deadline }) => deadline ?? ""),
      column(({ operation }) => JSON.stringify(operation)),
      column(({ receivedAt }) => receivedAt),
      column(({ receivedBlock }) => receivedBlock),
    ],
  );
}
