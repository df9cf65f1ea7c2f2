import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const TIME_BYTES = 6;
const RANDOM_BYTES = 12;
const MAC_BYTES = 14;
const FORM = new RegExp(`^[0-9a-f]{${2 * (TIME_BYTES + RANDOM_BYTES + MAC_BYTES)}}$`);

/**
 * Nonces that the service knows again without having kept them: time, randomness and a code over both. So a flood of
 * challenges leaves nothing behind; only a nonce that was used is kept.
 */
export function makeNonce(secret: Uint8Array, now: number): string {
  const head = Buffer.alloc(TIME_BYTES + RANDOM_BYTES);
  head.writeUIntBE(now, 0, TIME_BYTES);
  randomBytes(RANDOM_BYTES).copy(head, TIME_BYTES);
  return Buffer.concat([head, codeOf(secret, head)]).toString("hex");
}

/** When a nonce was made, in milliseconds since 1970; undefined for one that this service did not make. */
export function timeOfNonce(secret: Uint8Array, nonce: string): number | undefined {
  if (!FORM.test(nonce)) return undefined;
  const bytes = Buffer.from(nonce, "hex");
  const head = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES);
  if (!timingSafeEqual(codeOf(secret, head), bytes.subarray(head.length))) return undefined;
  return head.readUIntBE(0, TIME_BYTES);
}

function codeOf(secret: Uint8Array, head: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(head).digest().subarray(0, MAC_BYTES);
}
