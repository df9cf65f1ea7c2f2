import { listStart, slotName } from "../storage-slots.ts";
import { BundleFault } from "./reasons.ts";

/** Slots of a contract in a state, with their values; 0 for what is unused. */
export type ShownSlots = ReadonlyMap<string, bigint>;

/** A checkpoint is one slot: block (48) | value (208), from the lowest bits up. */
const BLOCK_BITS = 48n;
const blockOf = (checkpoint: bigint) => Number(checkpoint & ((1n << BLOCK_BITS) - 1n));

/**
 * What a history of checkpoints (OpenZeppelin's `Checkpoints.Trace208`) says as of the end of a block. It takes the
 * list's length, the checkpoint of the time and the one after it.
 * @param trace slot of the list's length
 * @returns 0 where the history begins later
 * @throws BundleFault `state.missing`, `certification.history`
 */
export function valueAt(slots: ShownSlots, trace: string, block: number): bigint {
  const length = shown(slots, trace);
  const start = listStart(trace);
  const has = (index: bigint) => index < length;
  // Only what is shown is looked at: the list may be long.
  let last = -1n;
  for (const [slot, value] of slots) {
    const index = BigInt(slot) - start;
    if (index >= 0n && has(index) && index > last && blockOf(value) <= block) last = index;
  }
  const next = last + 1n;
  if (has(next) && blockOf(slots.get(slotName(start + next)) ?? 0n) <= block) {
    throw new BundleFault("certification.history");
  }
  return last < 0n ? 0n : shown(slots, slotName(start + last)) >> BLOCK_BITS;
}

/** @throws BundleFault `state.missing` */
export function shown(slots: ShownSlots, slot: string): bigint {
  const value = slots.get(slot);
  if (value === undefined) throw new BundleFault("state.missing", `slot ${slot}`);
  return value;
}
