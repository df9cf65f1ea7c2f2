import type { Gateway } from "../../src/access/gateway.ts";
import type { RpcAnswer } from "../../src/access/json-rpc.ts";

let lastId = 0;

/** Calls one method of a gateway and gives its whole answer. */
export async function ask(gateway: Gateway, method: string, params: unknown[] = []): Promise<RpcAnswer> {
  return (await gateway.handle({ jsonrpc: "2.0", id: ++lastId, method, params })) as RpcAnswer;
}

/** The error table's code in an answer; undefined if it is a result. */
export function codeOf(answer: RpcAnswer): string | undefined {
  return (answer.error?.data as { code?: string } | undefined)?.code;
}
