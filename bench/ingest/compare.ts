import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ContractFactory, Interface, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { ENTRY_POINT, toRpc } from "../../src/core/user-operation.ts";
import { CHAIN_ID } from "../../test/support/chain-id.ts";
import { signOperation } from "../../test/support/operations.ts";
import { batchesOf, sendAll } from "../support/load.ts";
import type { BenchNetwork } from "../support/network.ts";
import { printTable } from "../support/table.ts";

export interface Comparison {
  /** Records each way; four times as many with `recordMany`. */
  operations: number;
  accounts: number;
  /** Seconds. */
  blockTime: number;
  /** Who sends the raw transactions. */
  rawSenders: readonly Wallet[];
}

const PER_OPERATION = 100;
const MANY_TIMES = 4;
const CONNECTIONS = 8;
const BATCH = 50;
const PATIENCE_MS = 900_000;
const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";

const records = new Interface(readArtifact("evidence/Records").abi);
let counter = 0;
const input = () => [id(`ingest ${counter++}`), 0x12, 1, ZeroHash, ZeroHash, ZeroHash];

/**
 * Records a second through the access node, one and many an operation, beside raw transactions that store the same record
 * on the same chain in the same run. Prints the table.
 */
export async function compareIngest(network: BenchNetwork, comparison: Comparison): Promise<void> {
  const { operations, accounts: accountCount, blockTime } = comparison;
  const folder = mkdtempSync(join(tmpdir(), "brop-ingest-"));
  let node: { url: string; process: ChildProcess } | undefined;
  try {
    const owners = Array.from({ length: accountCount }, () => new Wallet(Wallet.createRandom().privateKey));
    const accounts: string[] = [];
    for (const owner of owners) accounts.push(await network.createAccount(owner));
    const to = await deployBareRecords(network);
    await network.mineEvery(blockTime);
    const raw = await measureRaw(network, to, comparison);
    node = await startAccessNode(network, folder);
    const target = network.addresses.Records ?? "";
    const one = () => ({ target, data: records.encodeFunctionData("record", [input()]) });
    const hundred = () => {
      const inputs = Array.from({ length: PER_OPERATION }, input);
      return { target, data: records.encodeFunctionData("recordMany", [inputs]) };
    };
    const senders = { accounts, owners };
    const single = await measureOperations(network, node.url, senders, {
      ...{ count: operations, call: one, request: BATCH, callGasLimit: 80_000n, verificationGasLimit: 80_000n },
    });
    const many = await measureOperations(network, node.url, senders, {
      ...{ count: Math.ceil((operations * MANY_TIMES) / PER_OPERATION), call: hundred, request: 5 },
      ...{ callGasLimit: 3_300_000n, verificationGasLimit: 200_000n },
    });
    print(comparison, raw, single, many * PER_OPERATION);
  } finally {
    node?.process.stdin?.end();
    if (node !== undefined) await new Promise((resolve) => node?.process.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

function print({ operations, blockTime }: Comparison, raw: number, single: number, many: number): void {
  console.log(
    `${operations} records each way, ${CONNECTIONS} connections, ${BATCH} a request, ${blockTime}-second blocks.`,
  );
  console.log("From the first request to the block that holds the last record; signed ahead.\n");
  const row = (name: string, rate: number, limit: string) => [
    name,
    Math.round(rate).toLocaleString("en"),
    (rate / raw).toFixed(2),
    limit,
  ];
  printTable(
    ["", "records/s", "of raw", "limit"],
    [
      row("raw transactions, straight to the node", raw, ""),
      row("operations of one record, through the access node", single, "0.35"),
      row(`operations of ${PER_OPERATION} records (recordMany)`, many, "1.50"),
    ],
  );
}

interface Operations {
  count: number;
  call: () => { target: string; data: string };
  /** Operations in a request. */
  request: number;
  callGasLimit: bigint;
  verificationGasLimit: bigint;
}

async function measureOperations(
  { provider, rpc }: BenchNetwork,
  url: string,
  { accounts, owners }: { accounts: string[]; owners: Wallet[] },
  { count, call, request, ...limits }: Operations,
): Promise<number> {
  const start = await provider.getBlockNumber();
  const operations = Array.from({ length: count }, (_, index) =>
    signOperation({
      account: accounts[index % accounts.length] as string,
      owner: owners[index % owners.length] as Wallet,
      calls: [call()],
      deadlineBlock: start + 5_000,
      ...limits,
    }),
  );
  const bodies = batchesOf(
    "eth_sendUserOperation",
    operations.map((operation) => [toRpc(operation), ENTRY_POINT]),
    request,
  );
  const first = await provider.getBlockNumber();
  const began = performance.now();
  const included = countIncluded(rpc, first + 1, count);
  await sendAll(url, bodies, CONNECTIONS);
  await included;
  return count / ((performance.now() - began) / 1000);
}

/** Waits until `count` operations have succeeded in blocks from `from` on. */
async function countIncluded(rpc: BenchNetwork["rpc"], from: number, count: number): Promise<void> {
  let included = 0;
  const end = Date.now() + PATIENCE_MS;
  for (let next = from; included < count; ) {
    if (Date.now() > end) throw new Error(`Only ${included} of ${count} operations were included in time`);
    const head = Number(await rpc.call<string>("eth_blockNumber"));
    if (head < next) {
      await sleep(20);
      continue;
    }
    const range = { fromBlock: `0x${next.toString(16)}`, toBlock: `0x${head.toString(16)}` };
    const logs = await rpc.call<{ data: string }[]>("eth_getLogs", [
      { ...range, address: ENTRY_POINT, topics: [USER_OPERATION_EVENT] },
    ]);
    included += logs.filter(({ data }) => BigInt(`0x${data.slice(66, 130)}`) === 1n).length;
    next = head + 1;
  }
}

async function deployBareRecords({ operator }: BenchNetwork): Promise<string> {
  const { abi, bytecode } = readArtifact("testing/BareRecords");
  const contract = await new ContractFactory(abi, bytecode, operator).deploy(ZeroAddress, { gasPrice: 0, type: 0 });
  await contract.waitForDeployment();
  return contract.getAddress();
}

/** Transactions that each store digest, owner, time and kind with one event. */
async function measureRaw({ rpc, chain }: BenchNetwork, to: string, comparison: Comparison): Promise<number> {
  const { operations, rawSenders } = comparison;
  const bare = new Interface(readArtifact("testing/BareRecords").abi);
  const nonceOf = async ({ address }: Wallet) =>
    Number(await rpc.call<string>("eth_getTransactionCount", [address, "latest"]));
  const next = await Promise.all(rawSenders.map(nonceOf));
  const transactions: string[] = [];
  for (let index = 0; index < operations; index++) {
    const sender = index % rawSenders.length;
    const nonce = next[sender] as number;
    next[sender] = nonce + 1;
    const data = bare.encodeFunctionData("register", [id(`raw ${index}`), 1]);
    const fields = { to, data, nonce, gasLimit: 100_000, gasPrice: 0, type: 0, chainId: CHAIN_ID };
    transactions.push(await (rawSenders[sender] as Wallet).signTransaction(fields));
  }
  const bodies = batchesOf(
    "eth_sendRawTransaction",
    transactions.map((transaction) => [transaction]),
    BATCH,
  );
  await rpc.call("eth_blockNumber");
  const began = performance.now();
  await sendAll(chain.url, bodies, CONNECTIONS);
  // The last nonce of each sender is used when all of its transactions are in blocks.
  for (const [index, sender] of rawSenders.entries()) {
    while ((await nonceOf(sender)) < (next[index] as number)) await sleep(20);
  }
  return operations / ((performance.now() - began) / 1000);
}

async function startAccessNode({ chain, relay }: BenchNetwork, directory: string) {
  const script = fileURLToPath(new URL("../support/access-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, chain.url, join(directory, "database")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, BROP_RELAY_KEY: relay.privateKey },
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`The access node ended with ${code}`)));
  });
  return { url: `${url}/rpc`, process: child };
}
