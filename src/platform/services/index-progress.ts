import type { IndexerStatus } from "../../indexer/indexer-options.ts";

const CELLS = 24;

/** A bar for the way to a block, with the time that is left; nothing while it can not be told. */
export function progressOf({ indexed, secondsLeft }: IndexerStatus, target: number): string {
  if (target <= 0 || secondsLeft === null || secondsLeft === undefined) return "";
  const part = Math.min(1, Math.max(0, indexed / target));
  const full = Math.floor(part * CELLS);
  const bar = `${"█".repeat(full)}${"░".repeat(CELLS - full)}`;
  return ` ${bar} ${Math.floor(part * 100)} %, block ${indexed.toLocaleString("en")}, about ${duration(secondsLeft)} left`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
