import { run } from "./run.ts";

// The command `brop`. What it can do is listed in docs/cli.md.
await run(process.argv.slice(2));
