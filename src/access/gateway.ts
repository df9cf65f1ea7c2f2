import { NodeRpcError } from "../chain/rpc-client.ts";
import { BropError, ERRORS, isErrorCode } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import { failure, idOf, parseCall, type RpcAnswer, type RpcConnection, type RpcMethods, success } from "./json-rpc.ts";
import { isRefusedMethod } from "./reads/read-methods.ts";

export interface GatewayOptions {
  methods: RpcMethods;
  /** Most calls in one batch. */
  batchLimit?: number;
  /** Most bytes of all answers to one batch together. */
  answerLimit?: number;
  logger?: Logger;
}

/** What goes back over the wire. */
export interface GatewayAnswer {
  /** undefined: nothing to answer. */
  text: string | undefined;
  /** Set when everything was refused for want of room: HTTP's status, and the seconds after which to try again. */
  refusal?: { status: number; retryAfter: number };
}

/** Bytes of the largest answer to a batch. */
const USUAL_ANSWER = 32 * 1_048_576;

/** The JSON-RPC 2.0 interface: takes requests apart, calls the methods and puts the answers together. */
export class Gateway {
  readonly #methods: RpcMethods;
  readonly #batchLimit: number;
  readonly #answerLimit: number;
  readonly #logger: Logger;
  readonly #refusals = new Map<string, number>();

  constructor({ methods, batchLimit = 100, answerLimit = USUAL_ANSWER, logger = silentLogger }: GatewayOptions) {
    this.#methods = methods;
    this.#batchLimit = batchLimit;
    this.#answerLimit = answerLimit;
    this.#logger = logger;
  }

  /** How many calls were answered with an error, by its code; a node's own errors are `node`. */
  get refusals(): Record<string, number> {
    return Object.fromEntries(this.#refusals);
  }

  /**
   * Answers a request that was already parsed: a call or a batch. Never throws.
   * @returns undefined when there is nothing to answer: notifications only
   */
  async handle(request: unknown, connection?: RpcConnection): Promise<RpcAnswer | RpcAnswer[] | undefined> {
    if (!Array.isArray(request)) return this.#answer(request, connection);
    const refusal = this.#refuseBatch(request);
    if (refusal !== undefined) return refusal;
    const answers = await Promise.all(request.map((call) => this.#answer(call, connection)));
    const spoken = answers.filter((answer) => answer !== undefined);
    return spoken.length === 0 ? undefined : spoken;
  }

  /** Answers a request as it came over the wire. Never throws. */
  async handleText(text: string, connection?: RpcConnection): Promise<string | undefined> {
    return (await this.handleBody(text, connection)).text;
  }

  /** As `handleText`, and whether all of it was refused for want of room, for HTTP's status. */
  async handleBody(text: string, connection?: RpcConnection): Promise<GatewayAnswer> {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      return written([this.#failure(null, new BropError("request.malformed"))], false);
    }
    return this.handleParsed(request, connection);
  }

  /** As `handleBody`, for a request that was already parsed. */
  async handleParsed(request: unknown, connection?: RpcConnection): Promise<GatewayAnswer> {
    const answer = await this.handle(request, connection);
    if (answer === undefined) return { text: undefined };
    return Array.isArray(answer) ? written(this.#within(answer), true) : written([answer], false);
  }

  #refuseBatch(batch: unknown[]): RpcAnswer | undefined {
    if (batch.length === 0)
      return this.#failure(null, new BropError("request.not-a-call", { reason: "the batch is empty" }));
    if (batch.length <= this.#batchLimit) return undefined;
    const details = { calls: batch.length, most: this.#batchLimit };
    return this.#failure(null, new BropError("request.batch-too-large", details));
  }

  /** Leaves out results from where all answers together become too large. */
  #within(answers: readonly RpcAnswer[]): RpcAnswer[] {
    let bytes = 0;
    return answers.map((answer) => {
      bytes += JSON.stringify(answer).length;
      if (bytes <= this.#answerLimit || answer.error !== undefined) return answer;
      return this.#failure(answer.id, new BropError("request.answer-too-large", { mostBytes: this.#answerLimit }));
    });
  }

  #failure(id: string | number | null, error: unknown): RpcAnswer {
    const code = error instanceof NodeRpcError ? "node" : BropError.from(error).code;
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
    return failure(id, error);
  }

  async #answer(request: unknown, connection?: RpcConnection): Promise<RpcAnswer | undefined> {
    try {
      const { id, method, params } = parseCall(request);
      // A notification: nobody wants to hear what became of it.
      if (id === undefined) {
        await this.#call(method, params, connection).catch(() => undefined);
        return undefined;
      }
      return success(id, await this.#call(method, params, connection));
    } catch (error) {
      if (!(error instanceof BropError) && !(error instanceof NodeRpcError)) {
        this.#logger.error({ err: error, method: (request as { method?: unknown })?.method }, "A method failed");
      }
      return this.#failure(idOf(request), error);
    }
  }

  async #call(name: string, params: readonly unknown[], connection?: RpcConnection): Promise<unknown> {
    const method = this.#methods.get(name);
    if (method !== undefined) return method(params, connection);
    const shown = name.slice(0, 100);
    throw new BropError(isRefusedMethod(name) ? "request.method-refused" : "request.method-unknown", { method: shown });
  }
}

function written(answers: readonly RpcAnswer[], batch: boolean): GatewayAnswer {
  const text = JSON.stringify(batch ? answers : answers[0]);
  const details = answers.map(({ error }) => (error?.data ?? {}) as { code?: unknown; retryAfter?: unknown });
  const waits = details.map(({ retryAfter }) => retryAfter);
  if (!waits.every((wait) => typeof wait === "number" && wait > 0)) return { text };
  const code = details[0]?.code;
  const status = isErrorCode(code) ? ERRORS[code].httpStatus : 503;
  return { text, refusal: { status, retryAfter: Math.ceil(Math.max(...(waits as number[]))) } };
}
