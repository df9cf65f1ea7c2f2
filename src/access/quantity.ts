import { NodeRpcError } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";

/**
 * A number in a node's answer: a height, a count. A node that answers something else, say null, must not be taken for one
 * that says 0.
 * @throws the node's own error; BropError `chain.unreachable` for what is no quantity
 */
export function readQuantity(answer: unknown): number {
  if (answer instanceof NodeRpcError) throw answer;
  if (typeof answer === "string" && /^0x[0-9a-fA-F]{1,13}$/.test(answer)) return Number(answer);
  throw new BropError("chain.unreachable", { reason: "the node answered no number where one was asked for" });
}
