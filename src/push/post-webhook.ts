import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { isPrivateAddress, publicLookup } from "./receiver-address.ts";

/** How a receiver answered, or why it did not. */
export interface WebhookAnswer {
  readonly status: number | null;
  /** Undefined when it took the event. */
  readonly failure?: string;
  /** Seconds that it asked to wait (`Retry-After`). */
  readonly retryAfter?: number;
}

export interface WebhookPoster {
  /** Never throws: whatever goes wrong is an answer. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<WebhookAnswer>;
  close(): void;
}

/** A receiver has this long to answer; Standard Webhooks recommends 15 to 30 seconds. */
const TIMEOUT_MS = 20_000;
const LONGEST_RETRY_AFTER = 24 * 3_600;
const MOST_SOCKETS = 4;

/** Sends webhooks over connections that are kept open. Redirects are not followed: they are an answer other than 2xx. */
export function createWebhookPoster(allowPrivate: boolean, timeout = TIMEOUT_MS): WebhookPoster {
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout };
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);
  return {
    post: (url, headers, body) => post(new URL(url), headers, body),
    close() {
      http.destroy();
      https.destroy();
    },
  };

  function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<WebhookAnswer> {
    const secure = url.protocol === "https:";
    // A host that is an address is never resolved, so the lookup would not see it.
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!allowPrivate && (!secure || (isIP(host) !== 0 && isPrivateAddress(host)))) {
      return Promise.resolve({ status: null, failure: "the address is not a public one over https" });
    }
    const request: RequestOptions = {
      method: "POST",
      agent: secure ? https : http,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      signal: AbortSignal.timeout(timeout),
      ...(allowPrivate ? {} : { lookup: publicLookup }),
    };
    return new Promise((resolve) => {
      const sent = (secure ? httpsRequest : httpRequest)(url, request, (response) => {
        const status = response.statusCode ?? 0;
        // What a receiver says is of no use, only that the connection can serve again.
        response.resume();
        response.once("error", () => undefined);
        if (status >= 200 && status < 300) return resolve({ status });
        const seconds = Number(response.headers["retry-after"]);
        const retryAfter = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER) : undefined;
        resolve({ status, failure: `answered ${status}`, ...(retryAfter === undefined ? {} : { retryAfter }) });
      });
      sent.once("error", (error) => resolve({ status: null, failure: reasonOf(error, timeout) }));
      sent.end(body);
    });
  }
}

function reasonOf(error: Error & { code?: string }, timeout: number): string {
  if (error.name === "TimeoutError" || error.name === "AbortError") return `no answer within ${timeout / 1_000} s`;
  return error.code === undefined ? error.message : `${error.code}: ${error.message}`;
}
