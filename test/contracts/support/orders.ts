import { type BytesLike, keccak256, ZeroAddress, ZeroHash } from "ethers";
import type { Call } from "../../../src/core/execution.ts";
import { digestOf } from "./actors.ts";
import { blockNumber, signerAt } from "./chain.ts";
import type { Platform } from "./platform.ts";

/** What `Orders.file` takes. */
export interface Filing {
  executor: string;
  subject: string;
  target: string;
  callDigest: string;
  document: string;
  lastBlock: number;
}

export const ORDER_STATUS = { none: 0n, filed: 1n, executed: 2n, reported: 3n, withdrawn: 4n, expired: 5n } as const;
/** Blocks in which the orders of tests can be acted on. */
export const ORDER_BLOCKS = 100;
export const ORDER_LOCATION = "https://example.org/order";

/** An order to the operator without a call, unless a test wants it different. */
export async function orderOf(changes: Partial<Filing> = {}): Promise<Filing> {
  return {
    executor: ZeroAddress,
    subject: ZeroAddress,
    target: ZeroAddress,
    callDigest: ZeroHash,
    document: digestOf("order"),
    lastBlock: (await blockNumber()) + ORDER_BLOCKS,
    ...changes,
  };
}

/** Lets the regulator file an order; with a call, when one is named. @returns its number */
export async function fileOrder(p: Platform, call?: Call, changes: Partial<Filing> = {}): Promise<bigint> {
  const ordered = call === undefined ? {} : { target: call.target, callDigest: keccak256(call.data as BytesLike) };
  await p.orders.connect(p.regulator).file(await orderOf({ ...ordered, ...changes }), ORDER_LOCATION);
  return p.orders.count();
}

/**
 * Lets the regulator order a call about somebody, and whom the order goes to make it: for a user the partner that
 * certifies it, otherwise the operator.
 */
export async function enforce(p: Platform, call: Call, subject: string = ZeroAddress) {
  const executor = await executorFor(p, subject);
  const id = await fileOrder(p, call, { subject, executor });
  const acting = executor === ZeroAddress ? p.operator : await signerAt(executor);
  return p.orders.connect(acting).execute(id, call.data, { gasLimit: 15_000_000 });
}

async function executorFor(p: Platform, subject: string): Promise<string> {
  const isUser = (await p.accountFactory.isAccount(subject)) && (await p.partners.statusOf(subject)) === 0n;
  return isUser ? (await p.certifications.levelOf(subject)).certifier : ZeroAddress;
}
