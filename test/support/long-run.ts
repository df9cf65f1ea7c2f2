/** Whether this run may take long: `npm run test:long`, or mocha with `--long`. */
export const LONG_RUN = process.argv.includes("--long");
