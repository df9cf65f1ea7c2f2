#!/usr/bin/env node
// The `brop` command of a checkout (`npx brop`, `npm link`).
process.argv.splice(2, 0, "brop");
await import("./bootstrap.mjs");
