import { BropError } from "../../core/errors.ts";
import { isHexBytes } from "../../core/hex.ts";

/**
 * The first parameter of methods that ask for an operation.
 * @throws BropError `request.invalid`
 */
export function operationHash(value: unknown): string {
  if (isHexBytes(value, 32)) return value.toLowerCase();
  throw new BropError("request.invalid", { field: "userOpHash", reason: "must be 32 bytes in hexadecimal" });
}
