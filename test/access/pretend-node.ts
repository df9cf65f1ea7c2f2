import { Wallet } from "ethers";
import { type AccessNode, type AccessNodeOptions, createAccessNode } from "../../src/access/access-node.ts";
import type { Clock } from "../../src/core/clock.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation } from "../../src/core/user-operation.ts";
import type { Database } from "../../src/store/database.ts";
import { type Obstacle, type PretendChain, pretendHash, pretendNode } from "./pretend-chain.ts";
import { ask } from "./rpc-caller.ts";

const SPEED = 30;

/** Time that passes quickly. */
export const quickClock: Clock = {
  now: () => Date.now() * SPEED,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds / SPEED);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** A relay's key of a test's own. */
export function relayWallet(chain: PretendChain, name: number, allowance = 10_000): Wallet {
  const wallet = new Wallet(`0x${name.toString(16).padStart(64, "1")}`);
  chain.allowances.set(wallet.address.toLowerCase(), allowance);
  return wallet;
}

/** An access node on a chain in memory, with what stands between it and its chain or database. */
export async function startPretendNode(
  chain: PretendChain,
  db: Database,
  relays: readonly Wallet[],
  options: Partial<AccessNodeOptions> & { obstacle?: Obstacle } = {},
): Promise<AccessNode> {
  const { obstacle = {}, ...rest } = options;
  const node = await createAccessNode({
    ...{ rpc: pretendNode(chain, obstacle), db, clock: quickClock, gather: 60, leaseTime: 120_000 },
    relayKey: relays.map(({ privateKey }) => privateKey),
    ...rest,
  });
  try {
    await node.start();
  } catch (error) {
    // What it had begun would go on behind the test.
    await node.stop().catch(() => undefined);
    throw error;
  }
  return node;
}

let counter = 0;

/** An operation that nobody looks into: this chain asks for its nonce only. */
export function pretendOperation(
  chain: PretendChain,
  { sender = 1, nonce, deadline = chain.head + 1_000, gas = 100_000 }: Shape = {},
): UserOperation {
  return {
    sender: `0x${sender.toString(16).padStart(40, "0")}`,
    nonce: nonce ?? encodeSerial({ deadlineBlock: deadline }),
    callData: `0x${(++counter).toString(16).padStart(64, "0")}`,
    callGasLimit: BigInt(gas),
    verificationGasLimit: 100_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: `0x${"22".repeat(65)}`,
  };
}

interface Shape {
  sender?: number;
  nonce?: bigint;
  deadline?: number;
  gas?: number;
}

export function submit({ gateway }: AccessNode, operation: UserOperation) {
  return ask(gateway, "eth_sendUserOperation", [toRpc(operation), ENTRY_POINT]);
}

export interface Status {
  state: string;
  transaction?: string;
  block?: number;
}

export async function statusOf({ gateway }: AccessNode, operation: UserOperation): Promise<Status | null> {
  const { result } = await ask(gateway, "brop_getOperationStatus", [pretendHash(operation)]);
  return (result ?? null) as Status | null;
}

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Waits for something; @throws after a while, with what it was. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Still not: ${what}`);
    await pause(5);
  }
}

/** Mines until something holds. */
export async function mineUntil(chain: PretendChain, what: string, condition: () => boolean | Promise<boolean>) {
  await until(what, async () => {
    if (await condition()) return true;
    chain.mine();
    await pause(25);
    return condition();
  });
}
