import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";

/** The words of a proof's refusal; fails when nothing is refused, or in another way than as a proof. */
export async function proofRefusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    expect(error.code, error.message).to.equal("proof.invalid");
    return error.message;
  }
  throw new Error("Nothing was refused");
}
