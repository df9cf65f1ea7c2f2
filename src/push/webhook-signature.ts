import { createHmac, randomBytes } from "node:crypto";

/** Bytes of a new secret; Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";

/** A key that signs webhooks. */
export function newSecret(): Uint8Array {
  return new Uint8Array(randomBytes(SECRET_BYTES));
}

/** The form in which receivers get a secret: `whsec_` and base64. */
export function secretText(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString("base64");
}

/**
 * Headers of a webhook (Standard Webhooks 1.0): a receiver checks `webhook-signature`, an HMAC-SHA256 over id, time and
 * body for each secret in force, and drops ids that it knows.
 *
 * @param seconds time of this attempt
 */
export function signedHeaders(
  id: string,
  seconds: number,
  body: string,
  secrets: readonly Uint8Array[],
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
    return `v1,${mac}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  };
}
