import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Interface, type Wallet } from "ethers";
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
const RETRY = 300;
const MOST_TRIES = 60;

/** An operation that was sent, and what was answered. */
export interface Sent {
  hash: string;
  deadlineBlock: number;
  digest: string;
  /** Answered with its hash: from then on it must come to a definite end. */
  accepted: boolean;
  /** The uplink's submissions that were answered for it, and its idempotency key; without one it went to the access node. */
  key: string | undefined;
  submissions: Set<string>;
}

export interface LoadOptions {
  platform: KilledPlatform;
  account: string;
  owner: Wallet;
  records: string;
  /** API key for the uplink. */
  apiKey: string;
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
      ...{ deadlineBlock, digest, accepted: false, submissions: new Set<string>() },
      key: this.sent.length % 2 === 0 ? randomBytes(8).toString("hex") : undefined,
    };
    this.sent.push(sent);
    const json = toRpc(operation);
    if (sent.key !== undefined) await this.#handOver(sent, sent.key, json);
    else {
      const answer = await askRpc(url, "eth_sendUserOperation", [json, ENTRY_POINT]).catch(() => undefined);
      sent.accepted = answer === sent.hash;
    }
  }

  /** Hands an operation over until an answer comes, and sometimes once more. */
  async #handOver(sent: Sent, key: string, operation: object): Promise<void> {
    const { platform, apiKey } = this.#options;
    const body = JSON.stringify({ operation });
    const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}`, "idempotency-key": key };
    for (let wanted = Math.random() < 0.2 ? 2 : 1, tries = 0; wanted > 0 && tries < MOST_TRIES; tries++) {
      const { url } = platform;
      const answer =
        url === undefined
          ? undefined
          : await fetch(`${url}/v1/operations`, { method: "POST", headers, body, signal: AbortSignal.timeout(20_000) })
              .then(async (response) => ({ status: response.status, content: await response.json() }))
              .catch(() => undefined);
      if (answer?.status === 201) {
        sent.accepted = true;
        sent.submissions.add(String(answer.content.id));
        wanted--;
      } else if (answer !== undefined && answer.status < 500 && answer.status !== 429) return;
      else await sleep(RETRY);
    }
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
