import { BropError, type ErrorCode } from "../../src/core/errors.ts";

/** The code of the BropError that a promise rejects with; undefined if it fulfils. Other errors go through. */
export async function rejectionCode(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  return (await rejection(promise))?.code;
}

/** The BropError that a promise rejects with; undefined if it fulfils. Other errors go through. */
export async function rejection(promise: Promise<unknown>): Promise<BropError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
}
