import type { Database } from "../../database.ts";

/**
 * Takes the next block of serial numbers of an authority: no other process gets the same one, whatever happens to this.
 *
 * @param authority SHA-256 of its certificate
 * @returns the block's number, from 0
 */
export async function takeSerialBlock(db: Database, authority: Uint8Array): Promise<number> {
  const [row] = await db.query<{ block: number }>(
    `insert into timestamp_serials as s (authority, next_block) values ($1, 1)
     on conflict (authority) do update set next_block = s.next_block + 1
     returning next_block - 1 as block`,
    [authority],
  );
  return (row as { block: number }).block;
}
