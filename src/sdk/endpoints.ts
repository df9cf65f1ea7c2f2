import { FetchRequest } from "ethers";
import type { Ask } from "../chain/relays/relay.ts";
import { BropError } from "../core/errors.ts";
import { bropErrorFrom } from "./errors.ts";

export interface EndpointsOptions {
  /** Longest wait for one answer, in milliseconds. */
  timeout?: number;
}

/** Answers that say "not here, not now": another access node may well do it. */
const ELSEWHERE = new Set(["service.unavailable", "chain.unreachable"]);

/**
 * The JSON-RPC addresses of one network, all of equal value: any access node takes any account's operations (CH-2).
 * What one does not answer goes to the next, unchanged; a signed operation or transaction that reaches two is still
 * executed once at most.
 */
export class Endpoints {
  readonly urls: readonly string[];
  readonly #timeout: number;
  readonly #excluded = new Set<string>();
  /** The one that answered last. */
  #current = 0;

  constructor(urls: readonly string[], { timeout = 20_000 }: EndpointsOptions = {}) {
    this.urls = urls;
    this.#timeout = timeout;
  }

  /** Asks this one no more: it lied. */
  exclude(url: string): void {
    this.#excluded.add(url);
  }

  /**
   * Sends one JSON-RPC request, a call or a batch.
   * @returns the parsed answer
   * @throws BropError `chain.unreachable` when nobody answers; a refusal of the whole request by its own code
   */
  async send(request: unknown): Promise<unknown> {
    const first = this.#current;
    const places = this.urls.map((_, attempt) => (first + attempt) % this.urls.length);
    const usable = places.filter((index) => !this.#excluded.has(this.urls[index] as string));
    let failure: unknown;
    for (const index of usable) {
      try {
        const answer = await post(this.urls[index] as string, request, this.#timeout);
        const isLast = index === usable.at(-1);
        if (!isLast && refusals(answer).some((code) => ELSEWHERE.has(code))) continue;
        this.#current = index;
        return answer;
      } catch (error) {
        const { code } = bropErrorFrom(error);
        // A refusal stays one, whoever is asked.
        if (error instanceof BropError && !ELSEWHERE.has(code)) throw error;
        failure = error;
      }
    }
    const { details } = bropErrorFrom(failure);
    const reason = usable.length === 0 ? "every access node has lied" : (details.reason ?? "no answer");
    throw new BropError("chain.unreachable", { urls: this.urls, reason }, undefined, { cause: failure });
  }
}

/**
 * Asks one address, and no other when it does not answer.
 * @param timeout longest wait, in milliseconds
 */
export function askAt(url: string, timeout?: number): Ask {
  const endpoint = new Endpoints([url], timeout === undefined ? {} : { timeout });
  return async (method, params) => {
    const answer = (await endpoint.send({ jsonrpc: "2.0", id: 1, method, params })) as RpcAnswer;
    const { error, result } = answer ?? {};
    if (error === undefined || error === null) return result;
    const known = BropError.from(error);
    if (known.code !== "service.internal") throw known;
    const { message = "it gave no reason" } = error as { message?: unknown };
    throw new BropError("operation.rejected", { reason: String(message).slice(0, 500) }, undefined, { cause: error });
  };
}

interface RpcAnswer {
  result?: unknown;
  error?: unknown;
}

/** @throws BropError for an error about the whole request; other errors when there is no answer */
async function post(url: string, request: unknown, timeout: number): Promise<unknown> {
  const message = new FetchRequest(url);
  message.body = JSON.stringify(request);
  message.setHeader("content-type", "application/json");
  message.timeout = timeout;
  const response = await message.send();
  const answer = parse(response.hasBody() ? response.bodyText : "");
  if (Array.isArray(request) && !Array.isArray(answer)) throw wholeError(answer, response.statusCode);
  if (answer === undefined) throw wholeError(answer, response.statusCode);
  return answer;
}

function wholeError(answer: unknown, status: number): BropError {
  const error = (answer as { error?: unknown } | undefined)?.error;
  const known = BropError.from(error ?? answer);
  if (known.code !== "service.internal") return known;
  return new BropError("chain.unreachable", { reason: `HTTP status ${status}, and no JSON-RPC answer` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusals(answer: unknown): string[] {
  const answers = Array.isArray(answer) ? answer : [answer];
  return answers.flatMap((one) => {
    const code = (one as { error?: { data?: { code?: unknown } } } | null)?.error?.data?.code;
    return typeof code === "string" ? [code] : [];
  });
}
