import { FetchRequest } from "ethers";
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
  /** The one that answered last. */
  #current = 0;

  constructor(urls: readonly string[], { timeout = 20_000 }: EndpointsOptions = {}) {
    this.urls = urls;
    this.#timeout = timeout;
  }

  /**
   * Sends one JSON-RPC request, a call or a batch.
   * @returns the parsed answer
   * @throws BropError `chain.unreachable` when nobody answers; a refusal of the whole request by its own code
   */
  async send(request: unknown): Promise<unknown> {
    const first = this.#current;
    let failure: unknown;
    for (let attempt = 0; attempt < this.urls.length; attempt++) {
      const index = (first + attempt) % this.urls.length;
      try {
        const answer = await post(this.urls[index] as string, request, this.#timeout);
        const isLast = attempt === this.urls.length - 1;
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
    const reason = details.reason ?? "no answer";
    throw new BropError("chain.unreachable", { urls: this.urls, reason }, undefined, { cause: failure });
  }
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
