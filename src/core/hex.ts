// Hexadecimal for the hot paths. Everything else takes ethers' hexlify, getBytes and toBeHex.

const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const BYTES_PATTERN = /^0x(?:[0-9a-fA-F]{2})*$/;

// Character code -> value of the hexadecimal digit. Callers validate first; other characters count as 0.
const DIGITS = new Uint8Array(128);
for (let value = 0; value < 16; value++) {
  DIGITS[value.toString(16).charCodeAt(0)] = value;
  DIGITS[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** True for `0x` and an even number of hexadecimal digits, of exactly `length` bytes if given. */
export function isHexBytes(value: unknown, length?: number): value is string {
  return (
    typeof value === "string" && (length === undefined || value.length === 2 + 2 * length) && BYTES_PATTERN.test(value)
  );
}

/** Number of bytes of a `0x...` string. */
export function hexLength(hex: string): number {
  return (hex.length - 2) >>> 1;
}

/** Writes the bytes of a valid `0x...` string into `target` from `offset`. */
export function writeHex(target: Uint8Array, offset: number, hex: string): void {
  for (let position = 2, index = offset; position < hex.length; position += 2, index++) {
    target[index] =
      ((DIGITS[hex.charCodeAt(position)] as number) << 4) | (DIGITS[hex.charCodeAt(position + 1)] as number);
  }
}

/** The bytes of a valid `0x...` string. */
export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hexLength(hex));
  writeHex(bytes, 0, hex);
  return bytes;
}

/** `0x` and two lower-case digits a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = "0x";
  for (let index = 0; index < bytes.length; index++) hex += HEX_BYTES[bytes[index] as number];
  return hex;
}

/** A number as a 32-byte ABI word: 64 digits without `0x`. */
export function word(value: bigint | number): string {
  return value.toString(16).padStart(64, "0");
}
