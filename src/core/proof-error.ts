import { BropError } from "./errors.ts";

/**
 * The error for a proof that does not hold.
 * @param part which part of it
 * @param reason what is wrong with the part, as the rest of a sentence
 */
export function invalidProof(part: string, reason: string): BropError {
  return new BropError("proof.invalid", { part, reason }, `The proof does not hold: ${part} ${reason}`);
}
