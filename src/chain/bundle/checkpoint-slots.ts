import { quantityOf } from "../../core/rpc-values.ts";
import { listStart, slotName } from "../../core/storage-slots.ts";
import type { Ask } from "../relays/relay.ts";

const BLOCK_MASK = (1n << 48n) - 1n;

/**
 * The slots that show what a history of checkpoints said as of a block: its length, the checkpoint of the time and the
 * one after it.
 * @param trace slot of the history's length
 * @param state block whose state is read
 */
export async function checkpointSlots(
  ask: Ask,
  { address, trace, state, block }: { address: string; trace: string; state: number; block: number },
): Promise<string[]> {
  const read = async (slot: string) =>
    quantityOf(await ask("eth_getStorageAt", [address, slot, `0x${state.toString(16)}`]), "storage value");
  const start = listStart(trace);
  const length = await read(trace);
  // The first checkpoint after the block.
  let [low, high] = [0n, length];
  while (low < high) {
    const middle = (low + high) / 2n;
    const checkpoint = await read(slotName(start + middle));
    if ((checkpoint & BLOCK_MASK) <= BigInt(block)) low = middle + 1n;
    else high = middle;
  }
  const indexes = [low - 1n, low].filter((index) => index >= 0n && index < length);
  return [trace, ...indexes.map((index) => slotName(start + index))];
}
