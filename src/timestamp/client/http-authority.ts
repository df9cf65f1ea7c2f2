import { BropError } from "../../core/errors.ts";

/** Asks an authority: a request in DER for an answer in DER. */
export type AskAuthority = (request: Uint8Array) => Promise<Uint8Array>;

/** Bytes of an answer: a token with a long chain has some 10,000. */
const MOST_BYTES = 200_000;
/** Longest wait for a whole answer, in milliseconds. */
const TIMEOUT = 15_000;

/**
 * An authority by the time-stamp protocol over HTTP (RFC 3161 3.4). A redirection is refused: the setting names who is
 * asked.
 *
 * @param url may hold a user and password, which are sent as Basic authorisation
 * @returns throws BropError `timestamp.unavailable` where no answer of the protocol comes
 */
export function httpAuthority(url: string, timeout = TIMEOUT): AskAuthority {
  const { href, authorization } = addressOf(url);
  const headers = {
    "content-type": "application/timestamp-query",
    accept: "application/timestamp-reply",
    ...(authorization === undefined ? {} : { authorization }),
  };
  return async (request) => {
    try {
      const body = request as Uint8Array<ArrayBuffer>;
      const signal = AbortSignal.timeout(timeout);
      const answer = await fetch(href, { method: "POST", headers, body, redirect: "error", signal });
      if (!answer.ok) throw new Error(`it answers with status ${answer.status}`);
      return await readLimited(answer);
    } catch (cause) {
      const { message, cause: behind } = cause as Error;
      const reason = behind instanceof Error && behind.message !== "" ? behind.message : message;
      throw new BropError("timestamp.unavailable", { reason }, undefined, { cause });
    }
  };
}

function addressOf(text: string): { href: string; authorization: string | undefined } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === "" && password === "") return { href: url.href, authorization: undefined };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  url.username = "";
  url.password = "";
  return { href: url.href, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

async function readLimited(answer: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES) throw new Error(`its answer has more than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
