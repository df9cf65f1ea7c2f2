import {
  FeeData,
  type JsonRpcError,
  type JsonRpcPayload,
  JsonRpcProvider,
  type JsonRpcResult,
  Network,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";
import { BropError } from "../core/errors.ts";
import type { Endpoints } from "./endpoints.ts";
import { bropErrorFrom } from "./errors.ts";
import { OperationFollower } from "./operation-follower.ts";
import type { OperationResponse } from "./operation-response.ts";
import type { OperationEnd, OperationTransport } from "./operation-transport.ts";
import { TrustedTransport } from "./trusted-transport.ts";

/** What the provider remembers of an operation that was sent through it. */
const KEPT_RESPONSES = 10_000;
/** Access nodes take 100 calls and 1 MiB a request. */
const CALLS_A_BATCH = 100;
const BYTES_A_BATCH = 900_000;

/**
 * An ethers provider for a BROP network. Besides what ethers' own can do, it
 * - goes to the next access node when one does not answer,
 * - knows the user operations that were sent through it by their hashes,
 * - asks for no fees, since there are none,
 * - throws the errors of BROP's table for what an access node refuses.
 */
export class BropProvider extends JsonRpcProvider {
  readonly endpoints: Endpoints;
  readonly transport: OperationTransport;
  readonly follower: OperationFollower;
  /** Operations that were sent, by hash. */
  readonly responses: Map<string, OperationResponse>;

  /**
   * @param pollingInterval milliseconds
   * @param shared what providers of one connection have in common; at first, how operations are sent, if not simply
   * to the access nodes
   */
  constructor(
    endpoints: Endpoints,
    chainId: bigint,
    pollingInterval: number,
    shared: Partial<Pick<BropProvider, "transport" | "follower" | "responses">> = {},
  ) {
    const network = Network.from(chainId);
    super(endpoints.urls[0], network, {
      staticNetwork: network,
      batchMaxCount: CALLS_A_BATCH,
      batchMaxSize: BYTES_A_BATCH,
      pollingInterval,
      // A remembered nonce would be given out twice where a block comes sooner than the memory fades.
      cacheTimeout: -1,
    });
    this.endpoints = endpoints;
    this.transport = shared.transport ?? new TrustedTransport((method, params) => this.send(method, params));
    this.follower = shared.follower ?? new OperationFollower(this.transport, pollingInterval);
    this.responses = shared.responses ?? new Map();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const answer = await this.endpoints.send(payload);
    return (Array.isArray(answer) ? answer : [answer]) as JsonRpcResult[];
  }

  override getRpcError(payload: JsonRpcPayload, error: JsonRpcError): Error {
    const known = BropError.from(error);
    return known.code === "service.internal" ? super.getRpcError(payload, error) : known;
  }

  /** There is no gas price (QU-1). */
  override async getFeeData(): Promise<FeeData> {
    return new FeeData(0n, 0n, 0n);
  }

  /** Remembers an operation that is being sent, so that it is found by its hash. */
  remember(response: OperationResponse): void {
    this.responses.set(response.hash, response);
    for (const oldest of this.responses.keys()) {
      if (this.responses.size <= KEPT_RESPONSES) break;
      this.responses.delete(oldest);
    }
  }

  override async getTransaction(hash: string): Promise<TransactionResponse | null> {
    return this.responses.get(hash) ?? super.getTransaction(hash);
  }

  /** Null while an operation has not ended, and for one that expired: only `wait()` tells these apart. */
  override async getTransactionReceipt(hash: string): Promise<TransactionReceipt | null> {
    if (this.follower.end(hash) === undefined) return super.getTransactionReceipt(hash);
    return this.receiptOf(this.follower.endNow(hash));
  }

  /** An operation's end as ethers' receipt. */
  receiptOf(end: OperationEnd | undefined): TransactionReceipt | null {
    if (end?.receipt === undefined) return null;
    return this._wrapTransactionReceipt(end.receipt as never, this._network);
  }

  /** Like `send`, with errors of the one table only. */
  async ask(method: string, params: unknown[]): Promise<unknown> {
    try {
      return await this.send(method, params);
    } catch (error) {
      throw bropErrorFrom(error);
    }
  }

  override destroy(): void {
    this.follower.stop();
    if (!this.destroyed) super.destroy();
  }
}
