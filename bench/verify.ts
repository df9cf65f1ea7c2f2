/**
 * Time to verify a proof bundle and its size, by the transactions of the record's block; beside a prototype with ethers
 * that does less: it recovers the same seals and hashes the nodes of the same receipt. `npm run bench -- verify`.
 */
import { decodeRlp, encodeRlp, getBytes, keccak256, recoverAddress, Signature } from "ethers";
import { buildBundle } from "../src/chain/bundle/build-bundle.ts";
import { installFastKeccak } from "../src/chain/fast-keccak.node.ts";
import { installFastRecovery } from "../src/chain/fast-recovery.node.ts";
import { decodeBase64 } from "../src/core/base64.ts";
import type { Bundle } from "../src/core/bundle/bundle.ts";
import { verifyBundleText } from "../src/core/bundle/verify-bundle.ts";
import { CONTRACTS, listingOf, recordClaim, recordedBy } from "../test/support/bundles/evidence-network.ts";
import { SealedNetwork } from "../test/support/sealed-network.ts";
import { printTable } from "./support/table.ts";

const ROUNDS = 60;
const EXTRA_DATA = 12;

/** A network whose second block has so many records; the one in the middle is proven. */
async function bundleOf(transactions: number): Promise<{ bundle: Bundle; network: SealedNetwork }> {
  const network = new SealedNetwork();
  network.mine({ logs: [listingOf("Records", CONTRACTS.Records)] });
  network.mine({ logs: Array.from({ length: transactions }, () => recordedBy(recordClaim)) });
  const bundle = await buildBundle(network.ask, {
    ...{ claim: { ...recordClaim, at: { block: 2, logIndex: transactions >> 1 } }, changes: [] },
    contracts: new Map([["Records", { address: CONTRACTS.Records, listed: { block: 1, logIndex: 0 } }]]),
  });
  return { bundle, network };
}

/** Seals and receipts with ethers alone. */
function prototype(text: Uint8Array): number {
  const bundle = JSON.parse(new TextDecoder().decode(text)) as Bundle;
  let seals = 0;
  for (const { header, receipts } of bundle.blocks) {
    const fields = decodeRlp(decodeBase64(header)) as string[];
    const extra = decodeRlp(fields[EXTRA_DATA] as string) as [string, string[], string[], string, string[]];
    fields[EXTRA_DATA] = encodeRlp([...extra.slice(0, 4), []]);
    const digest = keccak256(encodeRlp(fields));
    for (const seal of extra[4]) {
      const bytes = getBytes(seal);
      const signature = { r: `0x${seal.slice(2, 66)}`, s: `0x${seal.slice(66, 130)}`, v: 27 + (bytes[64] as number) };
      recoverAddress(digest, Signature.from(signature));
      seals++;
    }
    for (const node of receipts.flatMap(({ nodes }) => nodes)) {
      decodeRlp(decodeBase64(node));
      keccak256(decodeBase64(node));
    }
  }
  return seals;
}

async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;
await Promise.all([installFastKeccak(), installFastRecovery()]);
const rows: string[][] = [];
for (const transactions of [1, 100, 1_000]) {
  const { bundle, network } = await bundleOf(transactions);
  const { trust } = network;
  const text = new TextEncoder().encode(JSON.stringify(bundle));
  if ((await verifyBundleText(text, trust)).state !== "proven") throw new Error("The bundle is not proven");
  const [ours, theirs]: [number[], number[]] = [[], []];
  // By turns, so that whatever else the machine does meets both.
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await milliseconds(() => verifyBundleText(text, trust)));
    theirs.push(await milliseconds(() => prototype(text)));
  }
  const [mine, other] = [median(ours), median(theirs)];
  const figures = [mine.toFixed(2), other.toFixed(2), (mine / other).toFixed(2)];
  rows.push([String(transactions), String(text.length), String(prototype(text)), ...figures]);
}
printTable(["transactions", "bytes", "seals", "BROP, ms", "ethers, ms", "ratio"], rows);
