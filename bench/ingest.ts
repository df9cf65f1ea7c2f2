/**
 * How many operations a second the access node brings into blocks, beside the same chain fed with presigned raw
 * transactions that store the same record, in the same run: `npm run bench -- ingest [OPERATIONS]`. On the development
 * chain; `npm run bench -- network` asks the same of real nodes.
 */
import { Wallet } from "ethers";
import { compareIngest } from "./ingest/compare.ts";
import { startBenchNetwork } from "./support/network.ts";

const OPERATIONS = Number(process.argv[2] ?? 12_000);

const network = await startBenchNetwork();
try {
  const rawSenders = [1, 2, 3, 4].map(() => new Wallet(Wallet.createRandom().privateKey));
  await compareIngest(network, { operations: OPERATIONS, accounts: 8, blockTime: 1, rawSenders });
} finally {
  await network.stop();
}
