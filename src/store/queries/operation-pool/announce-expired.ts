import type { Database } from "../../database.ts";

/** An access node may have written an operation down while the block of its deadline was already indexed. */
const LATEST_BLOCKS = 20;

/**
 * Writes `operation.expired` for each operation of the pool, and each signed submission, whose deadline lies in the
 * indexed range and that is in no block up to it (CH-5), behind the event of that block. Comes after the range's operations, in the same transaction.
 */
export async function announceExpired(tx: Database, first: number, last: number): Promise<void> {
  await tx.query(
    `with late as (
       select distinct hash, sender, nonce, deadline, greatest(deadline, $1::int8) as block_number
       from (
         select hash, sender, nonce, deadline from operation_pool
         union all
         select hash, sender, nonce, deadline from submissions
         where state <> 'rejected' and operation->>'signature' <> '0x'
       ) as pool
       where deadline between $1::int8 - ${LATEST_BLOCKS} and $2::int8
         and not exists (select 1 from operations where operations.hash = pool.hash)
         and not exists (
           select 1 from events
           where events.type = 'operation.expired' and events.block_number between pool.deadline and $2::int8
             and events.data->>'userOpHash' = '0x' || encode(pool.hash, 'hex'))
     )
     insert into events (block_number, log_index, type, data)
     select late.block_number,
       added.log_index + row_number() over (partition by late.block_number order by late.hash),
       'operation.expired',
       jsonb_build_object('userOpHash', '0x' || encode(hash, 'hex'), 'sender', '0x' || encode(sender, 'hex'),
         'nonce', nonce::text, 'deadline', deadline)
     from late join events as added on added.block_number = late.block_number and added.type = 'block.added'`,
    [first, last],
  );
}
