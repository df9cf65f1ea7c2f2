import { BropError, type ErrorCode } from "../../src/core/errors.ts";

/** The code of the BropError that `act` throws; undefined if it throws nothing. Other errors go through. */
export function codeOf(act: () => unknown): ErrorCode | undefined {
  return errorOf(act)?.code;
}

/** The BropError that `act` throws; undefined if it throws nothing. Other errors go through. */
export function errorOf(act: () => unknown): BropError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
}
