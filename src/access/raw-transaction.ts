import { Transaction } from "ethers";
import type { NodeRpc } from "../chain/rpc-client.ts";
import { BropError } from "../core/errors.ts";
import { isHexBytes } from "../core/hex.ts";
import type { Admission } from "./admission.ts";
import type { RpcMethod } from "./json-rpc.ts";

// Legacy, EIP-2930 and EIP-1559. Not: 3 (blobs), 4 (EIP-7702 delegation), and whatever comes later.
const ACCEPTED_TYPES = new Set([0, 1, 2]);

/**
 * `eth_sendRawTransaction` under the network's rules for direct transactions (CH-2, CH-3).
 * @param own addresses whose nonces this node hands out itself: a transaction from outside would silently replace a
 * bundle, since none has a price
 */
export function sendRawTransaction(rpc: NodeRpc, admission: Admission, own: readonly string[] = []): RpcMethod {
  return async ([raw]) => {
    const transaction = parseTransaction(raw);
    if (own.includes(transaction.from)) throw new BropError("key.in-use", { key: transaction.from });
    await admission.check(transaction);
    return rpc.call("eth_sendRawTransaction", [raw]);
  };
}

/**
 * Reads a signed transaction.
 * @throws BropError `request.invalid`, `transaction.type-refused`
 */
export function parseTransaction(raw: unknown): { from: string; to: string | undefined; data: string } {
  if (!isHexBytes(raw) || raw.length === 2) throw invalid("must be bytes in hexadecimal with 0x in front");
  // EIP-2718: a first byte up to 0x7f is the type; a legacy transaction begins with 0xc0 or more. Looked at first, so
  // that a type is refused by name also where the library could not read it.
  const first = Number(raw.slice(0, 4));
  const type = first < 0x80 ? first : 0;
  if (!ACCEPTED_TYPES.has(type)) throw new BropError("transaction.type-refused", { type });
  let transaction: Transaction;
  try {
    transaction = Transaction.from(raw);
  } catch {
    throw invalid("is no signed transaction");
  }
  const { from, to, data } = transaction;
  if (from === null) throw invalid("is not signed");
  return { from, to: to ?? undefined, data };
}

function invalid(reason: string): BropError {
  return new BropError("request.invalid", { field: "transaction", reason });
}
