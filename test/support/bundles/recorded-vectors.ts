import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "../../../src/chain/bundle/build-bundle.ts";
import type { Ask } from "../../../src/chain/relays/relay.ts";
import { encodeBase64 } from "../../../src/core/base64.ts";
import type { Bundle, TimestampPart } from "../../../src/core/bundle/bundle.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { encodeHeader, headerFromRpc } from "../../../src/core/qbft/header.ts";
import { recoverSealers } from "../../../src/core/qbft/seals.ts";
import type { Checkpoint } from "../../../src/core/qbft/trust.ts";
import { buildReceiptProof } from "../../../src/core/receipt-proof.ts";
import type { RpcBlock } from "../sealed-block.ts";
import { edited } from "./edit-bundle.ts";
import type { BundleVector } from "./vector.ts";

// Vectors of recorded blocks of a real network (test/fixtures/qbft). Its validators come from a contract that is not
// BROP's, so a checkpoint says who they were; and it has no records: claims are about its blocks and events.

const FOLDER = join(import.meta.dirname, "../../fixtures/qbft");
const CHAIN_ID = 20_260_101;

// biome-ignore lint/suspicious/noExplicitAny: JSON-RPC answers as they were recorded
const recorded = (path: string): any => JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
const blockOf = (number: number | string): RpcBlock => recorded(`contract-mode/block-${number}.json`);
const SETS = recorded("contract-mode/validators.json") as {
  afterBlock: number;
  epoch?: number;
  validators: string[];
}[];

/** A node that answers as it was recorded. */
function recordedNode(other: ReadonlyMap<number, RpcBlock> = new Map()): Ask {
  return async (method, [tag]) => {
    if (method === "eth_chainId") return `0x${CHAIN_ID.toString(16)}`;
    if (method === "eth_getBlockByNumber") return other.get(Number(tag)) ?? blockOf(Number(tag));
    return recorded(`contract-mode/receipts-${Number(tag)}.json`);
  };
}

/** Checkpoints before each change of the recorded validators. */
export function recordedCheckpoints(): Record<string, { checkpoint: Checkpoint }> {
  const checkpoints = SETS.map(({ afterBlock: number, epoch = 0, validators }) => [
    `recorded-${number}`,
    { checkpoint: { chainId: CHAIN_ID, number, hash: blockOf(number).hash, epoch, validators } },
  ]);
  return Object.fromEntries(checkpoints);
}

/** A bundle that claims a recorded block, judged by the checkpoint before it. */
export function recordedBlockBundle(
  number: number,
  ask: Ask = recordedNode(),
  timestamps?: readonly TimestampPart[],
): Promise<Bundle> {
  return buildBundle(ask, {
    ...{ claim: { kind: "block", block: number, hash: blockOf(number).hash }, changes: [], contracts: new Map() },
    ...(timestamps === undefined ? {} : { timestamps }),
  });
}

export async function recordedVectors(): Promise<BundleVector[]> {
  const block = recordedBlockBundle;
  const event = async (number: number): Promise<Bundle> => {
    const [{ address, topics, data, logIndex }] = recorded(`contract-mode/receipts-${number}.json`)[0].logs;
    const claim = { kind: "event" as const, address, topics, data, at: { block: number, logIndex: Number(logIndex) } };
    return buildBundle(recordedNode(), { claim, changes: [], contracts: new Map() });
  };
  const valid = (name: string, what: string, trust: number, content: Bundle): BundleVector => ({
    ...{ name: `besu-${name}`, what, content, trust: `recorded-${trust}`, state: "proven" },
  });
  const asAnotherNode = (number: number) =>
    block(number, recordedNode(new Map([[number, blockOf(`${number}-other-node`)]])));
  const first = await block(1);
  return [
    valid("block-1-round-1", "A real block of round 1, by validators of block 0", 0, first),
    valid("block-42-of-change", "The block of a change, sealed by the set before it", 0, await block(42)),
    valid("event-42", "A real event: 4 validators become 5", 0, await event(42)),
    valid("block-42-other-node", "The same block with the seals that another node keeps", 0, await asAnotherNode(42)),
    valid("block-43", "The first block of 5 validators", 42, await block(43)),
    valid("event-47", "A real event: 5 validators become 3", 42, await event(47)),
    valid("block-48", "The first block of 3 validators", 47, await block(48)),
    valid("event-52", "A real event: 3 validators become 5, one of whom is offline", 47, await event(52)),
    valid("block-53-round-1", "A real block of round 1 after a change", 52, await block(53)),
    valid("block-53-other-node", "The same with other seals", 52, await asAnotherNode(53)),
    valid("block-57-round-1", "Another one of round 1", 52, await block(57)),
    {
      ...{
        name: "besu-set-after",
        what: "The block of a change, judged by the set after it",
        trust: "recorded-41-later",
      },
      ...{ state: "failed", reason: "seals.too-few", content: await block(42) },
    },
    {
      ...{ name: "besu-set-before", what: "A block after a change, judged by the set before it" },
      ...{ trust: "recorded-47-kept", state: "failed", reason: "seals.too-many", content: await block(53) },
    },
    {
      ...{ name: "besu-block-claimed-otherwise", what: "A real block under another hash", trust: "recorded-0" },
      ...{ state: "failed", reason: "block.differs" },
      content: edited(first, ({ claim }) => Object.assign(claim, { hash: blockOf(2).hash })),
    },
  ];
}

/** Recorded blocks whose headers list the validators: no BROP network has them, and hashes and seals are the same. */
export function headerVectors() {
  const files = [
    "header-mode/block-117",
    "header-mode/block-119",
    "contract-mode/block-1",
    "contract-mode/block-42",
  ].concat(["contract-mode/block-53", "contract-mode/block-53-other-node", "contract-mode/block-57"]);
  return files.map((file) => {
    const block = recorded(`${file}.json`);
    const header = headerFromRpc(block);
    return {
      name: file.replace("/block-", "-"),
      header: encodeBase64(encodeHeader(header)),
      ...{ number: header.number, timestamp: header.timestamp, hash: block.hash as string },
      round: header.extraData.round,
      validators: header.extraData.validators.map(bytesToHex),
      sealers: recoverSealers(header),
    };
  });
}

/** Receipts of recorded blocks with 1 and 100 transactions. */
export function receiptVectors() {
  return [
    { block: "header-mode/block-117", receipts: "header-mode/receipts-117", transactions: [0] },
    { block: "header-mode/block-119", receipts: "header-mode/receipts-119", transactions: [0, 1, 15, 16, 99] },
  ].flatMap(({ block, receipts, transactions }) => {
    const header = headerFromRpc(recorded(`${block}.json`));
    const all = recorded(`${receipts}.json`);
    return transactions.map((transaction) => {
      const { nodes } = buildReceiptProof(header, all, transaction);
      const logs = all[transaction].logs as { address: string; topics: string[]; data: string }[];
      return {
        name: `${block.replace("/block-", "-")}-${transaction}`,
        receiptsRoot: bytesToHex(header.receiptsRoot),
        transaction,
        nodes: nodes.map((node) => encodeBase64(Buffer.from(node.slice(2), "hex"))),
        logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
      };
    });
  });
}
