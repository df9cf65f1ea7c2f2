/**
 * What BROP costs in gas beside what peers publish on npm; all run in this process on the same chain:
 * `npm run bench -- gas`.
 */

import { compareAccounts } from "./gas/accounts.ts";
import { compareRecords } from "./gas/records.ts";
import { compareTransfers } from "./gas/transfers.ts";
import { startBenchNetwork } from "./support/network.ts";

console.log("BROP, bare contracts, OpenZeppelin and Solady: solc 0.8.37, optimiser 20,000 runs, via IR, evm osaka.");
console.log("EAS, T-REX and SimpleAccount: bytecode of their npm packages.\n");

const network = await startBenchNetwork();
try {
  await compareRecords(network);
  console.log("");
  await compareTransfers(network);
  console.log("");
  await compareAccounts(network);
} finally {
  await network.stop();
}
