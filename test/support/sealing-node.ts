import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import type { Checkpoint } from "../../src/core/qbft/trust.ts";
import type { TestChain } from "./chain.ts";
import { addressOfKey, QBFT_MIX_HASH, type RpcBlock, resealed } from "./sealed-block.ts";

interface Call {
  id: unknown;
  method: string;
  params: readonly unknown[];
}

/** An answer of its own: undefined passes the call on, `SILENCE` leaves it unanswered. */
export type Answer = (params: readonly unknown[], pass: () => Promise<unknown>) => unknown;

export const SILENCE = Symbol("silence");

/**
 * An access node of a network of sealed blocks, made of a real access node on the development chain: transactions,
 * receipts and states are real, and the headers are sealed by the seats of the test chain, which are its validators. It
 * can be told to lie.
 */
export class SealingNode {
  readonly url: string;
  readonly answers: Record<string, Answer> = {};
  /** Methods that it was asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #rpc: RpcClient;
  readonly #chain: TestChain;

  private constructor(server: Server, rpc: RpcClient, chain: TestChain) {
    this.#server = server;
    this.#rpc = rpc;
    this.#chain = chain;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`;
  }

  /** @param behind JSON-RPC of the real access node */
  static async start(chain: TestChain, behind: string): Promise<SealingNode> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const node = new SealingNode(server, new RpcClient(behind), chain);
    server.on("request", async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text) as Call | Call[];
      const answers = await Promise.all([body].flat().map((call) => node.#answer(call)));
      if (answers.includes(SILENCE)) return;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    });
    return node;
  }

  /** A trusted start in the block that is newest now. */
  async checkpoint(): Promise<Checkpoint> {
    const { seats, chainId } = this.#chain;
    const number = Number(await this.#rpc.call("eth_blockNumber"));
    const { hash } = (await this.#block([`0x${number.toString(16)}`, false])) as RpcBlock;
    return { chainId, number, hash, epoch: 0, validators: seats.map(({ signingKey }) => addressOfKey(signingKey)) };
  }

  async stop(): Promise<void> {
    this.#rpc.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer({ id, method, params }: Call): Promise<unknown> {
    this.asked.push(method);
    const pass = () =>
      method === "eth_getBlockByNumber" ? this.#block(params) : this.#rpc.call(method, params as unknown[]);
    try {
      const own = this.answers[method];
      const result = own === undefined ? await pass() : await own(params, pass);
      return result === SILENCE ? SILENCE : { jsonrpc: "2.0", id, result };
    } catch (error) {
      const { code = -32603, message, data } = error as { code?: unknown; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code: typeof code === "number" ? code : -32603, message, data } };
    }
  }

  /** The real block under a sealed header. */
  async #block(params: readonly unknown[]): Promise<unknown> {
    const block = await this.#rpc.call<Record<string, unknown> | null>("eth_getBlockByNumber", params);
    if (block === null) return null;
    return this.seal(block, this.#chain.seats.slice(0, 3));
  }

  /** A block as these keys seal it. */
  seal(block: Record<string, unknown>, sealers: TestChain["seats"]): RpcBlock {
    const zero = `0x${"00".repeat(32)}`;
    const qbft = {
      ...{ ...block, mixHash: QBFT_MIX_HASH, nonce: "0x0000000000000000", difficulty: "0x1" },
      ...{ withdrawalsRoot: block.withdrawalsRoot ?? zero, parentBeaconBlockRoot: block.parentBeaconBlockRoot ?? zero },
      requestsHash: block.requestsHash ?? zero,
      extraData: EMPTY_EXTRA_DATA,
    };
    return resealed(
      qbft,
      sealers.map(({ signingKey }) => signingKey),
    );
  }
}

/** QBFT's, with nothing in it. */
const EMPTY_EXTRA_DATA = `0xe5a0${"00".repeat(32)}c0c080c0`;
