// What the command tells a script that called it; part of its interface (docs/cli.md). 0: it worked.

/** It did not work; the error says why. */
export const EXIT_FAILURE = 1;
/** The command line is not understood. */
export const EXIT_USAGE = 2;
/** It worked, and what was checked does not hold. */
export const EXIT_NOT_VERIFIED = 3;
/** Ctrl-C ended it (128 + SIGINT). */
export const EXIT_INTERRUPTED = 130;
