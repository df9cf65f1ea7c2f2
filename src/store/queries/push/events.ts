import type { StoredEvent } from "../../../core/cloud-event.ts";
import type { EventPosition } from "../../../core/event-position.ts";
import type { Database } from "../../database.ts";

const COLUMNS = `events.block_number as block, events.log_index as log, events.type,
  '0x' || encode(events.contract, 'hex') as contract,
  '0x' || encode(events.transaction_hash, 'hex') as transaction, '0x' || encode(blocks.hash, 'hex') as "blockHash",
  blocks.timestamp, events.data`;

/**
 * Events behind a position in their order, those of the indexed blocks up to `until`.
 *
 * @param types exact types, or undefined for all
 */
export function eventsAfter(
  db: Database,
  after: EventPosition,
  until: number,
  limit: number,
  types?: readonly string[],
): Promise<StoredEvent[]> {
  return db.query<StoredEvent>(
    `select ${COLUMNS} from events join blocks on blocks.number = events.block_number
     where (events.block_number, events.log_index) > ($1::int8, $2::int8) and events.block_number <= $3::int8
       ${types === undefined ? "" : "and events.type = any($5::text[])"}
     order by events.block_number, events.log_index limit $4::int8`,
    [after.block, after.log, until, limit, ...(types === undefined ? [] : [types])],
  );
}

/** The events at these positions, in their order. */
export function eventsAt(db: Database, positions: readonly EventPosition[]): Promise<StoredEvent[]> {
  return db.query<StoredEvent>(
    `select ${COLUMNS} from unnest($1::int8[], $2::int8[]) as given (block_number, log_index)
     join events using (block_number, log_index) join blocks on blocks.number = events.block_number
     order by events.block_number, events.log_index`,
    [positions.map(({ block }) => block), positions.map(({ log }) => log)],
  );
}
