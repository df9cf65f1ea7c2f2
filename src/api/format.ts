import { getAddress } from "ethers";
import { bytesToHex } from "../core/hex.ts";

/** Address with its checksum. */
export function toAddress(bytes: Uint8Array): string {
  return getAddress(bytesToHex(bytes));
}

export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** ISO 8601 of seconds since 1970. A time beyond the calendar of JavaScript is shown as its end. */
export function toTime(seconds: number): string {
  return new Date(Math.min(seconds, LAST_SECOND) * 1_000).toISOString();
}

/** 9999-12-31T23:59:59Z: years of four digits, as ISO 8601 has them without agreement. */
const LAST_SECOND = 253_402_300_799;

/** Null stays null. */
export function orNull<Value, Shown>(value: Value | null, show: (value: Value) => Shown): Shown | null {
  return value === null ? null : show(value);
}

const ZERO = /^0x0*$/;

/** Null for a transaction hash of zeros: it was set in genesis. */
export function toTransaction(bytes: Uint8Array): string | null {
  const hex = bytesToHex(bytes);
  return ZERO.test(hex) ? null : hex;
}
