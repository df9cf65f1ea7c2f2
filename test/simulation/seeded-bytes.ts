import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { Random } from "./random.ts";

/**
 * Identifiers and secrets that the parts take from the system come from the seed instead: their order decides the order
 * of rows, and so of what happens. For processes that do nothing but simulate.
 */
export function seedSystemBytes(seed: string): void {
  const random = new Random(seed);
  const fill = (size: number) => Buffer.from(random.hex(size), "hex").subarray(0, size);
  Object.assign(crypto, {
    randomBytes: fill,
    randomUUID: () => fill(16).toString("hex"),
  });
  syncBuiltinESMExports();
}
