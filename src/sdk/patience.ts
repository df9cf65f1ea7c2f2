import { BropError } from "../core/errors.ts";
import type { Brop } from "./connect.ts";

/** Five minutes of 3-second blocks. */
const FARTHEST = 100;
const LOOK_AGAIN = 1_000;

/**
 * Does something that costs quota points, and waits for them where there are too few: the refusal says at which block
 * they will be there (QU-4).
 *
 * @param onWait told of the block
 * @throws whatever `work` throws; `quota.exhausted` only where the points would be there later than in 100 blocks
 */
export async function patiently<Result>(
  brop: Brop,
  work: () => Promise<Result>,
  onWait: (block: number) => void,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BropError) || error.code !== "quota.exhausted") throw error;
      const available = Number(error.details.availableAtBlock);
      if (!(available - (await brop.provider.getBlockNumber()) <= FARTHEST)) throw error;
      onWait(available);
      while ((await brop.provider.getBlockNumber()) < available) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      }
    }
  }
}
