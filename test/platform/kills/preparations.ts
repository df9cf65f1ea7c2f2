import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Contract, id, JsonRpcProvider, type Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import type { ReadyLine } from "../../../src/platform/welcome.ts";
import { connect, establishPartner } from "../../../src/sdk/index.ts";
import type { Receiver } from "../../push/receiver.ts";
import { assignQuota } from "../../support/partner.ts";
import { inOneYear } from "../../support/people.ts";

const SETTLES = 180_000;
const TYPES = ["block.added", "operation.included", "operation.expired", "records.recorded"];

/** Admits a partner with a large quota. @returns its account */
export async function makePartner({ url }: ReadyLine, data: string, owner: Wallet): Promise<string> {
  const key = await new KeyStore(join(data, "keys")).wallet("operator");
  const brop = await connect(url);
  try {
    const operator = key.connect(brop.provider);
    const account = await establishPartner(brop, operator, {
      ...{ owner, name: "Bank of Kills", expiresAt: inOneYear(), digest: id("identity") },
      copy: { digest: id("copy"), location: "https://example.org/copy" },
    });
    const contractAt = (name: string) =>
      new Contract(SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES], abi[name as keyof typeof abi], operator);
    await assignQuota(contractAt, account.address);
    return account.address;
  } finally {
    brop.close();
  }
}

/** Subscribes receivers from the next block on. @returns the first block that they must be told of */
export async function subscribe(url: string, key: string, receivers: readonly string[]): Promise<number> {
  const { indexedHead } = await (await fetch(`${url}/v1/status`)).json();
  for (const receiver of receivers) {
    await post(url, "/v1/subscriptions", key, { url: receiver, filter: { types: TYPES }, fromBlock: indexedHead });
  }
  return indexedHead;
}

/** Waits until a block is indexed, and told to every receiver. */
export async function untilSettled(url: string, chainUrl: string, block: number, receivers: Receiver[]): Promise<void> {
  const deadline = Date.now() + SETTLES;
  const told = (receiver: Receiver) =>
    receiver.received.some(({ event }) => event.type === "brop.block.added" && Number(event.blocknumber) >= block);
  while (!receivers.every(told)) {
    if (Date.now() > deadline) {
      const status = await (await fetch(`${url}/v1/status`)).text();
      throw new Error(
        `block ${block} was not told in time; chain ${await askChain(chainUrl, "eth_blockNumber")}, ${status}`,
      );
    }
    await sleep(200);
  }
}

export async function askChain(url: string, method: string): Promise<unknown> {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true });
  try {
    return await provider.send(method, []);
  } finally {
    provider.destroy();
  }
}

/** Topic of `Recorded`. */
export function recordedTopic(): string {
  return id("Recorded(bytes32,address,bytes32,uint16,uint32,address,bytes32,bytes32)");
}

/** A partner's API key. */
export async function partnerKey(url: string, data: string): Promise<string> {
  const operator = readFileSync(join(data, "operator-api-key"), "utf8").trim();
  const asked = { name: "kills", role: "partner", scopes: ["subscriptions", "submissions"] };
  return (await post(url, "/v1/api-keys", operator, asked)).key;
}

async function post(url: string, path: string, key: string, body: object) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
