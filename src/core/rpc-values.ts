import { hexToBytes, isHexBytes } from "./hex.ts";
import { invalidProof } from "./proof-error.ts";

// Values of JSON-RPC answers, from nodes that are not trusted: nothing is taken for what it should be.

/** The members of an object. @throws BropError `proof.invalid` */
export function membersOf(value: unknown, part: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalidProof(part, "is no object");
  return value as Record<string, unknown>;
}

/** @throws BropError `proof.invalid` */
export function arrayOf(value: unknown, part: string): unknown[] {
  if (!Array.isArray(value)) throw invalidProof(part, "is no list");
  return value;
}

/** The bytes of `0x...`, of `length` if given. @throws BropError `proof.invalid` */
export function dataOf(value: unknown, part: string, length?: number): Uint8Array {
  if (isHexBytes(value, length)) return hexToBytes(value);
  throw invalidProof(part, length === undefined ? "is no hexadecimal data" : `is not ${length} bytes in hexadecimal`);
}

/** A quantity of at most 256 bits, as `0x...`. @throws BropError `proof.invalid` */
export function quantityOf(value: unknown, part: string): bigint {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value);
  throw invalidProof(part, "is no quantity in hexadecimal");
}

/** A quantity that a number holds exactly. @throws BropError `proof.invalid` */
export function smallQuantityOf(value: unknown, part: string): number {
  const quantity = quantityOf(value, part);
  if (quantity > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidProof(part, "is too large a number");
  return Number(quantity);
}
