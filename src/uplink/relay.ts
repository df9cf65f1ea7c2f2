import { NodeRpcError, RpcClient, type RpcRequest } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import { ENTRY_POINT } from "../core/user-operation.ts";

/** An operation to hand over, in its JSON-RPC form. */
export interface SentOperation {
  hash: string;
  operation: Record<string, unknown>;
}

/** Somebody who brings operations onto the chain. What it says is believed of nothing but that it answered. */
export interface Relay {
  /** Its address as it may be shown. */
  readonly name: string;
  /**
   * Hands operations over.
   * @returns for each undefined when it was taken, or why it was refused
   * @throws BropError `relay.unavailable` when there is no answer, or none that makes sense
   */
  send(operations: readonly SentOperation[]): Promise<(BropError | undefined)[]>;
  close(): void;
}

/** Operations of one exchange; access nodes take 100 calls. */
const MOST_CALLS = 50;
const TIMEOUT = 10_000;

/** A relay by its JSON-RPC address (`eth_sendUserOperation`, ERC-7769). @param timeout milliseconds */
export function rpcRelay(url: string, timeout = TIMEOUT): Relay {
  const rpc = new RpcClient(url, { timeout });
  const relay = relayOf(shownAddress(url), (requests) => rpc.batch(requests));
  return { ...relay, close: () => rpc.close() };
}

/**
 * A relay by whatever answers its calls.
 * @param ask answers many calls: results and `NodeRpcError`s in their order
 */
export function relayOf(name: string, ask: (requests: readonly RpcRequest[]) => Promise<unknown[]>): Relay {
  return {
    name,
    async send(operations) {
      const outcomes: (BropError | undefined)[] = [];
      for (let at = 0; at < operations.length; at += MOST_CALLS) {
        const part = operations.slice(at, at + MOST_CALLS);
        const requests = part.map(({ operation }) => ({
          method: "eth_sendUserOperation",
          params: [operation, ENTRY_POINT],
        }));
        const answers = await ask(requests).catch((error: unknown) => {
          throw unavailable(name, BropError.from(error).message);
        });
        if (answers.length !== part.length) throw unavailable(name, "it left calls unanswered");
        outcomes.push(...part.map(({ hash }, index) => outcomeOf(name, hash, answers[index])));
      }
      return outcomes;
    },
    close() {},
  };
}

function outcomeOf(name: string, hash: string, answer: unknown): BropError | undefined {
  if (typeof answer === "string" && answer.toLowerCase() === hash) return undefined;
  if (!(answer instanceof NodeRpcError)) throw unavailable(name, "its answer is not the operation's hash");
  const error = BropError.from(answer);
  if (error.code !== "service.internal") return error;
  // A bundler of others, with words of its own.
  return new BropError("operation.rejected", { reason: answer.message.slice(0, 500) });
}

function unavailable(relay: string, reason: string): BropError {
  return new BropError("relay.unavailable", { relay, reason });
}

/** Without password and query, which may hold a key. */
function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
