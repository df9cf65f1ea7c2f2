import { type NodeRpc, NodeRpcError } from "../../chain/rpc-client.ts";

/**
 * What became of sending a transaction:
 * - `taken`: the node has it;
 * - `unknown`: no answer, or one that says nothing: the node may have it;
 * - `used`: its nonce is used on the chain, maybe by itself;
 * - `refused`: the node does not have it and says why.
 */
export type Broadcast =
  | { outcome: "taken" | "unknown" | "used" }
  | { outcome: "refused"; code: number; reason: string };

/** Codes with which a node says that something went wrong with the call and nothing about the transaction. */
const SAYS_NOTHING = new Set([-32700, -32600, -32601, -32603]);

/** Sends a signed transaction; again means the same bytes again. Never throws. */
export async function broadcast(rpc: NodeRpc, raw: string, hash: string): Promise<Broadcast> {
  try {
    const answer = await rpc.call("eth_sendRawTransaction", [raw]);
    const taken = typeof answer === "string" && answer.toLowerCase() === hash;
    return { outcome: taken ? "taken" : "unknown" };
  } catch (error) {
    if (!(error instanceof NodeRpcError)) return { outcome: "unknown" };
    const { code, message } = error;
    if (/already (known|imported|exists)|known transaction/i.test(message)) return { outcome: "taken" };
    if (/nonce (is )?too low|nonce below/i.test(message)) return { outcome: "used" };
    if (SAYS_NOTHING.has(code) || /time(d )?-?out/i.test(message)) return { outcome: "unknown" };
    return { outcome: "refused", code, reason: message };
  }
}
