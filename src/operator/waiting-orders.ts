import type { ActContext } from "./act-kind.ts";
import { interfaceOf } from "./context.ts";

/** An order that the operator can act on now. */
export interface WaitingOrder {
  order: number;
  authority: string;
  filedBlock: number;
  /** Last block in which it can be acted on. */
  lastBlock: number;
  subject: string;
  /** Contract that is to be called, with the digest of the call's data; null for an order that ends by a report. */
  call: { target: string; digest: string } | null;
  /** SHA-256 of the order's document. */
  document: string;
}

const FILED = 1n;
const NOBODY = `0x${"0".repeat(40)}`;
/** Access nodes take 100 calls a batch. */
const CHUNK = 100;

/**
 * Orders that wait for the operator (GO-2), the newest first: filed, not expired, and for whoever holds the operator's role
 * or for this key.
 *
 * @param before only those with a smaller number
 */
export async function waitingOrders(
  at: ActContext,
  limit: number,
  before?: number,
): Promise<{ orders: WaitingOrder[]; next: number | null }> {
  const orders = await at.contract("Orders");
  const count = Number(await orders.getFunction("count")());
  const to = await orders.getAddress();
  const found: WaitingOrder[] = [];
  for (let from = Math.min(count, (before ?? count + 1) - 1); from > 0; from -= CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, from) }, (_, index) => from - index);
    for (const waiting of await readOrders(at, to, ids)) {
      if (found.length === limit) return { orders: found, next: found[limit - 1]?.order ?? null };
      found.push(waiting);
    }
  }
  return { orders: found, next: null };
}

async function readOrders(at: ActContext, to: string, ids: readonly number[]): Promise<WaitingOrder[]> {
  const functions = interfaceOf("Orders");
  const ask = async (method: "statusOf" | "orderOf") => {
    const calls = ids.map((id) => ({
      method: "eth_call",
      params: [{ to, data: functions.encodeFunctionData(method, [id]) }, "latest"],
    }));
    const answers = (await at.rpc.all(calls)) as string[];
    return answers.map((answer) => functions.decodeFunctionResult(method, answer)[0]);
  };
  const [statuses, values] = await Promise.all([ask("statusOf"), ask("orderOf")]);
  return ids.flatMap((order, index) => {
    const value = values[index];
    const isOurs = value.executor === NOBODY || value.executor === at.operator;
    if (statuses[index] !== FILED || !isOurs) return [];
    const { authority, subject, target, callDigest, document } = value;
    const call = target === NOBODY ? null : { target, digest: callDigest };
    const [filedBlock, lastBlock] = [Number(value.filedBlock), Number(value.lastBlock)];
    return [{ order, authority, filedBlock, lastBlock, subject, call, document }];
  });
}
