import type { Clock } from "../core/clock.ts";

/**
 * Reads something at most once in a time; whoever asks meanwhile gets the same answer. For what costs the database more
 * than a look, however often it is scraped. What failed is read again at once.
 */
export function keptFor<Result>(
  milliseconds: number,
  clock: Clock,
  read: () => Promise<Result>,
): () => Promise<Result> {
  let kept: { at: number; result: Promise<Result> } | undefined;
  return () => {
    const now = clock.now();
    if (kept !== undefined && now - kept.at < milliseconds) return kept.result;
    const result = read();
    const own = { at: now, result };
    kept = own;
    result.catch(() => {
      if (kept === own) kept = undefined;
    });
    return result;
  };
}
