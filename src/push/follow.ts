import type { StoredEvent } from "../core/cloud-event.ts";
import { compileFilter, type EventFilter } from "../core/event-filter.ts";
import type { EventPosition } from "../core/event-position.ts";
import type { EventReader } from "./event-reader.ts";

/**
 * The events behind a position that fit a filter, as long as the signal allows: those that are there, then each as it
 * comes. `undefined` comes when nothing else came for `quiet` milliseconds, so that a connection shows that it lives.
 */
export async function* follow(
  reader: EventReader,
  filter: EventFilter,
  after: EventPosition,
  quiet: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent | undefined> {
  const fits = compileFilter(filter);
  let position = after;
  let { rewinds } = reader;
  while (!signal.aborted) {
    if (rewinds !== reader.rewinds) {
      rewinds = reader.rewinds;
      // What comes instead of the lost blocks is new.
      if (position.block > reader.newest.block) position = reader.newest;
    }
    const { events, next } = await reader.read(position);
    for (const event of events) {
      if (signal.aborted) return;
      if (fits(event)) yield event;
    }
    const moved = next.block !== position.block || next.log !== position.log;
    position = next;
    if (moved) continue;
    const before = reader.newest.block;
    await reader.changed(position, quiet, signal);
    if (reader.newest.block === before && !signal.aborted) yield undefined;
  }
}
