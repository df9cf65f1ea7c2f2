import { NodeRpcError } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import { failure, idOf, parseCall, type RpcAnswer, type RpcConnection, type RpcMethods, success } from "./json-rpc.ts";
import { isRefusedMethod } from "./read-methods.ts";

export interface GatewayOptions {
  methods: RpcMethods;
  /** Most calls in one batch. */
  batchLimit?: number;
  logger?: Logger;
}

/** The JSON-RPC 2.0 interface: takes requests apart, calls the methods and puts the answers together. */
export class Gateway {
  readonly #methods: RpcMethods;
  readonly #batchLimit: number;
  readonly #logger: Logger;

  constructor({ methods, batchLimit = 100, logger = silentLogger }: GatewayOptions) {
    this.#methods = methods;
    this.#batchLimit = batchLimit;
    this.#logger = logger;
  }

  /**
   * Answers a request that was already parsed: a call or a batch. Never throws.
   * @returns undefined when there is nothing to answer: notifications only
   */
  async handle(request: unknown, connection?: RpcConnection): Promise<RpcAnswer | RpcAnswer[] | undefined> {
    if (!Array.isArray(request)) return this.#answer(request, connection);
    if (request.length === 0)
      return failure(null, new BropError("request.not-a-call", { reason: "the batch is empty" }));
    if (request.length > this.#batchLimit) {
      return failure(null, new BropError("request.batch-too-large", { calls: request.length, most: this.#batchLimit }));
    }
    const answers = await Promise.all(request.map((call) => this.#answer(call, connection)));
    const spoken = answers.filter((answer) => answer !== undefined);
    return spoken.length === 0 ? undefined : spoken;
  }

  /** Answers a request as it came over the wire. Never throws. */
  async handleText(text: string, connection?: RpcConnection): Promise<string | undefined> {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      return JSON.stringify(failure(null, new BropError("request.malformed")));
    }
    const answer = await this.handle(request, connection);
    return answer === undefined ? undefined : JSON.stringify(answer);
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
      return failure(idOf(request), error);
    }
  }

  async #call(name: string, params: readonly unknown[], connection?: RpcConnection): Promise<unknown> {
    const method = this.#methods.get(name);
    if (method !== undefined) return method(params, connection);
    const shown = name.slice(0, 100);
    throw new BropError(isRefusedMethod(name) ? "request.method-refused" : "request.method-unknown", { method: shown });
  }
}
