const SECOND = 1_000;
/** Longest wait after a refusal. */
const LONGEST_AFTER_REFUSAL = 30 * SECOND;
/** A relay that took an operation may have died with it: about eight blocks, then twice as long, and so on. */
const FIRST_REPEAT = 24 * SECOND;
const LONGEST_REPEAT = 3_600 * SECOND;
const SPREAD = 0.2;

/**
 * Milliseconds until what every relay refused is offered again.
 * @param attempts that were made before
 * @param random between 0 and 1
 */
export function delayAfterRefusal(attempts: number, random: number): number {
  return spread(Math.min(LONGEST_AFTER_REFUSAL, SECOND * 2 ** attempts), random);
}

/** Milliseconds until what a relay took is offered to the next one, should it have no end by then. */
export function delayBeforeRepeat(attempts: number, random: number): number {
  return spread(Math.min(LONGEST_REPEAT, FIRST_REPEAT * 2 ** attempts), random);
}

function spread(delay: number, random: number): number {
  return Math.round(delay * (1 - SPREAD + 2 * SPREAD * random));
}
