import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for work, but not for ever.
 * @param milliseconds longest wait; the work itself is not ended
 * @throws what the work throws, or Error when it takes longer
 */
export async function settledWithin<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  const answered = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`no answer within ${milliseconds} ms`);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}
