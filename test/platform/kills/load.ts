import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Interface, type Wallet, ZeroHash } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { ENTRY_POINT, toRpc, userOperationHash } from "../../../src/core/user-operation.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";
import { CHAIN_ID } from "../../support/chain-id.ts";
import { signOperation } from "../../support/operations.ts";
import type { KilledPlatform } from "./killed-platform.ts";

const Records = new Interface(abi.Records);
/** Blocks until the deadline of an operation: most are included much earlier, and all have ended soon after the load. */
const DEADLINE = 25;
const PAUSE = 60;

/** An operation that was sent, and what was answered. */
export interface Sent {
  hash: string;
  deadlineBlock: number;
  digest: string;
  /** Answered with its hash: from then on it must come to a definite end. */
  accepted: boolean;
}

export interface LoadOptions {
  platform: KilledPlatform;
  account: string;
  owner: Wallet;
  records: string;
  /** Height of the chain. */
  head: () => number;
}

/** Sends records through the access node without a break, whether it is there or not. */
export class Load {
  readonly sent: Sent[] = [];
  readonly #options: LoadOptions;
  #going = true;
  readonly #senders: Promise<void>[];

  constructor(options: LoadOptions, senders = 3) {
    this.#options = options;
    this.#senders = Array.from({ length: senders }, () => this.#run());
  }

  /** Ends when what is being sent is answered. */
  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#senders);
  }

  async #run(): Promise<void> {
    while (this.#going) {
      const { platform } = this.#options;
      if (platform.url !== undefined) await this.#send(platform.url);
      await sleep(PAUSE);
    }
  }

  async #send(url: string): Promise<void> {
    const { account, owner, records, head } = this.#options;
    const digest = `0x${randomBytes(32).toString("hex")}`;
    const input = createRecordInput({ digest });
    const calls = [{ target: records, data: Records.encodeFunctionData("record", [input]) }];
    const deadlineBlock = head() + DEADLINE;
    const operation = signOperation({ account, owner, calls, deadlineBlock });
    const sent: Sent = {
      hash: userOperationHash(operation, ENTRY_POINT, CHAIN_ID),
      ...{ deadlineBlock, digest, accepted: false },
    };
    this.sent.push(sent);
    const answer = await askRpc(url, "eth_sendUserOperation", [toRpc(operation), ENTRY_POINT]).catch(() => undefined);
    sent.accepted = answer === sent.hash;
    if (answer === ZeroHash) throw new Error("a hash of zeros was answered");
  }
}

/** Calls a JSON-RPC method. @throws when there is no answer or an error */
export async function askRpc<Result>(url: string, method: string, params: unknown[]): Promise<Result> {
  const response = await fetch(`${url.replace(/\/$/, "")}${url.endsWith("/rpc") ? "" : "/rpc"}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(20_000),
  });
  const { result, error } = (await response.json()) as { result?: Result; error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
  return result as Result;
}
