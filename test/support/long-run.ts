/** Whether this run may take long: `npm run test:long`, or mocha with `--long`. */
export const LONG_RUN = process.argv.includes("--long");

/**
 * Places from 1 to `last`: all of them in a long run, else every fourth, beginning with `first`.
 * @param first 1 to 4
 */
export function placesToTry(last: number, first = 1): number[] {
  const all = Array.from({ length: last }, (_, index) => index + 1);
  return LONG_RUN ? all : all.filter((place) => (place - first) % 4 === 0);
}
