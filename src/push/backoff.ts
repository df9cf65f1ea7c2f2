const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waiting times behind the first attempts; later ones wait as long as the last. */
const DELAYS = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR],
];
const SPREAD = 0.2;

/** How long an event is tried again before it is given up (MW-2): three days. */
export const GIVE_UP_AFTER = 72 * HOUR;

/**
 * Milliseconds until the next attempt after `attempts` that failed, spread by a fifth so that receivers that come back
 * are not met by everybody at once.
 *
 * @param random between 0 and 1
 */
export function delayAfter(attempts: number, random: number): number {
  const delay = DELAYS[Math.min(attempts, DELAYS.length) - 1] as number;
  return Math.round(delay * (1 - SPREAD + 2 * SPREAD * random));
}
