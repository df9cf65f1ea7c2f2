/**
 * How many records a second become final on a network of real Besu nodes, four validators and an access node with one
 * relay on this machine, beside presigned raw transactions that store the same record on the same network in the same
 * run: `npm run bench -- network [OPERATIONS]`, with BESU_HOME.
 */
import { compareIngest } from "./ingest/compare.ts";
import { besuObstacle, startBesuNetwork } from "./support/besu-network.ts";

const OPERATIONS = Number(process.argv[2] ?? 8_000);
const BLOCK_TIME = 3;

const obstacle = besuObstacle();
if (obstacle === undefined) {
  const network = await startBesuNetwork();
  try {
    // Only an operator may call any contract directly: the raw transactions are all its own.
    const rawSenders = [network.operator];
    await compareIngest(network, { operations: OPERATIONS, accounts: 4, blockTime: BLOCK_TIME, rawSenders });
  } finally {
    await network.stop();
  }
} else {
  console.log(`skipped: ${obstacle}`);
}
