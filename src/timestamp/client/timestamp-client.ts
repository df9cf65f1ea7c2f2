import { BropError } from "../../core/errors.ts";
import { buildQuery } from "../../core/timestamp/request.ts";
import { readResponse, type TimestampResponse } from "../../core/timestamp/response.ts";
import { type VerifiedToken, verifyToken } from "../../core/timestamp/verify-token.ts";
import type { AskAuthority } from "./http-authority.ts";

export interface TimestampClientOptions {
  ask: AskAuthority;
  /** Certificates (DER) that are trusted for its tokens. */
  trusted: readonly Uint8Array[];
  random(bytes: number): Uint8Array;
  /** Milliseconds since 1970. */
  now(): number;
  /** How far the authority's clock, the chain's and this one may differ, in milliseconds. */
  tolerance?: number;
}

/** A token that was checked as a whole. */
export interface Stamp {
  token: Uint8Array;
  verified: VerifiedToken;
}

const NONCE_BYTES = 8;
const TOLERANCE = 5_000;

/** Has digests stamped by an authority, and believes nothing of its answer. */
export class TimestampClient {
  readonly #options: Required<TimestampClientOptions>;

  constructor(options: TimestampClientOptions) {
    this.#options = { tolerance: TOLERANCE, ...options };
  }

  /**
   * Has a SHA-256 digest stamped. The request has a random nonce and asks for the certificate; the answer has to be a
   * token of just this digest and nonce, by an authority that is trusted, of the time between question and answer.
   *
   * @param since earliest time that the token may state, such as that of the block whose hash is stamped
   * @throws BropError `timestamp.unavailable`, `timestamp.refused` in the authority's words, `timestamp.invalid` saying
   * what does not hold
   */
  async stamp(digest: Uint8Array, since?: Date): Promise<Stamp> {
    const { ask, trusted, random, now, tolerance } = this.#options;
    const nonce = random(NONCE_BYTES).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
    const asked = now();
    const answer = await ask(buildQuery({ algorithm: "SHA-256", digest, nonce }));
    try {
      const token = tokenOf(readResponse(answer));
      const verified = await verifyToken(token, {
        ...{ digest, nonce, authorities: trusted, tolerance },
        ...{ since: new Date(Math.max(asked, since?.getTime() ?? 0)), at: new Date(now()) },
      });
      return { token, verified };
    } catch (error) {
      if (!(error instanceof BropError) || error.code !== "proof.invalid") throw error;
      const words = `The time-stamping authority's answer does not hold: ${error.message}`;
      throw new BropError("timestamp.invalid", error.details, words, { cause: error });
    }
  }
}

function tokenOf(response: TimestampResponse): Uint8Array {
  if (response.token !== undefined) return response.token;
  const { status, failure, text } = response;
  throw new BropError("timestamp.refused", { status, failure, text: text === "" ? undefined : text.slice(0, 500) });
}
