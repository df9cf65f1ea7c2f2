import { BropError } from "./errors.ts";

/**
 * Random serial and deadline in the standard ERC-4337 nonce (CH-5). A nonce is `key (192) | sequence (64)`, and a
 * tagged key is `SERIAL_TAG (32) | random (112) | deadlineBlock (48)`. EntryPoint uses each (key, sequence) once; the
 * account refuses a sequence other than 0, a passed deadline, and one too far ahead. Operations with different
 * random parts need no order between them. Every other key is an ordinary, ordered ERC-4337 nonce.
 */

/** "BROP" in ASCII. */
export const SERIAL_TAG = 0x42524f50n;

/** Greatest distance of a deadline from the current block: one day of 3-second blocks. `Account` has the same. */
export const MAX_DEADLINE_DISTANCE = 28_800;

const RANDOM_BITS = 112n;
const DEADLINE_BITS = 48n;
const SEQUENCE_BITS = 64n;
const MAX_RANDOM = (1n << RANDOM_BITS) - 1n;
const MAX_DEADLINE = (1n << DEADLINE_BITS) - 1n;
const MAX_SEQUENCE = (1n << SEQUENCE_BITS) - 1n;
const MAX_NONCE = (1n << 256n) - 1n;

export type Serial =
  | { tagged: true; random: bigint; deadlineBlock: number; sequence: bigint }
  | { tagged: false; key: bigint; sequence: bigint };

/**
 * Makes the nonce of an operation that may be included up to and at `deadlineBlock`.
 * @param serial.random 112 bits; by default from the system's cryptographic generator
 * @param serial.deadlineBlock block height
 * @returns the 256-bit nonce, its sequence 0
 * @throws BropError `request.invalid` for a random part or height that does not fit
 */
export function encodeSerial(serial: { random?: bigint | undefined; deadlineBlock: number }): bigint {
  const { random = randomPart(), deadlineBlock } = serial;
  if (random < 0n || random > MAX_RANDOM) {
    throw new BropError("request.invalid", { field: "random", reason: "must have at most 112 bits" });
  }
  if (!Number.isSafeInteger(deadlineBlock) || deadlineBlock < 0 || BigInt(deadlineBlock) > MAX_DEADLINE) {
    throw new BropError("request.invalid", { field: "deadlineBlock", reason: "must be a block height below 2^48" });
  }
  const key = (((SERIAL_TAG << RANDOM_BITS) | random) << DEADLINE_BITS) | BigInt(deadlineBlock);
  return key << SEQUENCE_BITS;
}

/**
 * Takes a nonce apart. A tagged one with a sequence other than 0 is still returned as tagged: the account refuses it.
 * @throws BropError `request.invalid` if the nonce is not an unsigned 256-bit number
 */
export function decodeSerial(nonce: bigint): Serial {
  if (nonce < 0n || nonce > MAX_NONCE) {
    throw new BropError("request.invalid", { field: "nonce", reason: "must be an unsigned 256-bit number" });
  }
  const sequence = nonce & MAX_SEQUENCE;
  const key = nonce >> SEQUENCE_BITS;
  if (key >> (RANDOM_BITS + DEADLINE_BITS) !== SERIAL_TAG) return { tagged: false, key, sequence };
  const random = (key >> DEADLINE_BITS) & MAX_RANDOM;
  return { tagged: true, random, deadlineBlock: Number(key & MAX_DEADLINE), sequence };
}

function randomPart(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(Number(RANDOM_BITS) / 8));
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
