import { BropError } from "./errors.ts";

/** Where an event stands in the one order of all events: its block, and its place in the block. */
export interface EventPosition {
  readonly block: number;
  readonly log: number;
}

/** Before every event of a block and behind those of the blocks before it. */
export function beginningOf(block: number): EventPosition {
  return { block, log: -1 };
}

/**
 * The identifier of an event, which is also the cursor from which a reader goes on: `12345-7-0a1b2c3d`, block, place and
 * the first digits of the block's hash. These tell apart what a development chain said before and after it lost a block.
 *
 * @param blockHash 0x and 64 digits
 */
export function eventId({ block, log }: EventPosition, blockHash: string): string {
  return `${block}-${log}-${blockHash.slice(2, 10)}`;
}

/** @throws BropError `request.invalid` */
export function parseEventId(text: string): EventPosition {
  const match = /^(\d{1,15})-(\d{1,15})(-[0-9a-f]{8})?$/.exec(text);
  if (match === null) throw new BropError("request.invalid", { field: "cursor", reason: "must be an event's id" });
  return { block: Number(match[1]), log: Number(match[2]) };
}
