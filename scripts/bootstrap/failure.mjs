/** A failure whose message tells the reader all there is to know; it is printed without a stack trace. */
export class BootstrapError extends Error {}

/**
 * Says one line of progress on standard error: standard output belongs to the command.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`brop: ${line}\n`);
}
