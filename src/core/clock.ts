export interface Clock {
  /** Milliseconds since 1970 (UTC). */
  now(): number;
  /** Resolves after `milliseconds`, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener("abort", done, { once: true });
    }),
};

/**
 * Does something once after a time.
 * @returns calls it off
 */
export function after(clock: Clock, milliseconds: number, work: () => void): () => void {
  const calledOff = new AbortController();
  void clock.sleep(milliseconds, calledOff.signal).then(() => {
    if (!calledOff.signal.aborted) work();
  });
  return () => calledOff.abort();
}
