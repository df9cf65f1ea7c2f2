/**
 * Writes the test vectors of proof bundles into `test/vectors/bundles`: `node test/vectors/generate.ts`. The same in every
 * run; a test compares.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { vectorFiles } from "../support/bundles/vector-files.ts";

const FOLDER = join(import.meta.dirname, "bundles");

for (const folder of ["files", "trust"]) rmSync(join(FOLDER, folder), { recursive: true, force: true });
for (const [path, bytes] of await vectorFiles()) {
  mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
  writeFileSync(join(FOLDER, path), bytes);
}
