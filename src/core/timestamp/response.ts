import { invalidProof } from "../proof-error.ts";
import { Der, TAG } from "./der.ts";
import { bits, integer, sequence, text } from "./der-writer.ts";

const PART = "time-stamp response";
const MOST_BYTES = 200_000;

/** Why an authority refuses (RFC 3161 2.4.2, PKIFailureInfo): number of the bit. */
export const FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;

export type Failure = keyof typeof FAILURES;

/** An authority's answer: a token, or why there is none. */
export type TimestampResponse =
  | { token: Uint8Array }
  | {
      token: undefined;
      /** PKIStatus: 2 rejection, 3 waiting, 4 and 5 warnings of revocation. */
      status: number;
      /** Its reason by name, where it gives one that is known. */
      failure: Failure | undefined;
      /** What it says in words. */
      text: string;
    };

/** @throws BropError `proof.invalid` unless the bytes are an answer */
export function readResponse(bytes: Uint8Array): TimestampResponse {
  const fields = Der.read(bytes, PART, MOST_BYTES).fields();
  const info = fields.take().fields();
  const token = fields.optional(TAG.sequence);
  fields.end();
  const status = info.take().number(0, 5);
  const words = info.optional(TAG.sequence)?.items() ?? [];
  const failure = info.optional(TAG.bits);
  info.end();
  // 0 granted, 1 granted with changes; only these come with a token.
  if (status <= 1) {
    if (token === undefined) throw invalidProof(PART, "grants a token, and holds none");
    return { token: token.bytes };
  }
  if (token !== undefined) throw invalidProof(PART, "refuses a token, and holds one");
  const decoder = new TextDecoder();
  return {
    token,
    status,
    failure: failureIn(failure),
    text: words.map(({ content }) => decoder.decode(content)).join(" "),
  };
}

/** An answer with a token. */
export function grantedResponse(token: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(sequence(integer(0)), token);
}

/** An answer without one. @param words what was wrong, for people */
export function refusedResponse(failure: Failure, words: string): Uint8Array<ArrayBuffer> {
  return sequence(sequence(integer(2), sequence(text(words)), failureBits(failure)));
}

function failureIn(value: Der | undefined): Failure | undefined {
  if (value === undefined) return undefined;
  const { bytes } = value.bits();
  const has = (bit: number) => (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
  return (Object.keys(FAILURES) as Failure[]).find((name) => has(FAILURES[name]));
}

/** A string of named bits ends with the last one that is set (X.690 11.2.2). */
function failureBits(failure: Failure): Uint8Array {
  const bit = FAILURES[failure];
  const bytes = new Uint8Array(1 + (bit >> 3));
  bytes[bit >> 3] = 0x80 >> (bit & 7);
  return bits(bytes, 7 - (bit & 7));
}
