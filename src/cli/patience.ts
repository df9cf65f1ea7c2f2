import { type Brop, BropError } from "../sdk/index.ts";

/** Five minutes of 3-second blocks. */
const FARTHEST = 100;
const LOOK_AGAIN = 500;

/**
 * Does something that costs quota points; where there are too few, waits for the block in which they will be there
 * (QU-4), if it is near, and tries again.
 */
export async function patiently<Result>(
  brop: Brop,
  work: () => Promise<Result>,
  note: (words: string) => void,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BropError) || error.code !== "quota.exhausted") throw error;
      const available = Number(error.details.availableAtBlock);
      if (!(available - (await brop.provider.getBlockNumber()) <= FARTHEST)) throw error;
      note(`waiting for quota points, there at block ${available}`);
      while ((await brop.provider.getBlockNumber()) < available) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      }
    }
  }
}
