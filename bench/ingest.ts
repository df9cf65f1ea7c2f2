/**
 * How many operations a second the access node brings into blocks, beside the same chain fed with presigned raw
 * transactions that store the same record, in the same run: `npm run bench -- ingest [OPERATIONS]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ContractFactory, HDNodeWallet, Interface, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { readArtifact } from "../src/chain/artifacts.node.ts";
import { ENTRY_POINT, toRpc } from "../src/core/user-operation.ts";
import { CHAIN_ID } from "../test/support/chain-id.ts";
import { signOperation } from "../test/support/operations.ts";
import { batchesOf, sendAll } from "./support/load.ts";
import { type BenchNetwork, startBenchNetwork } from "./support/network.ts";
import { printTable } from "./support/table.ts";

const OPERATIONS = Number(process.argv[2] ?? 12_000);
const PER_OPERATION = 100;
const ACCOUNTS = 8;
const CONNECTIONS = 8;
const BATCH = 50;
const BLOCK_TIME = 1;
const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";

const records = new Interface(readArtifact("evidence/Records").abi);
let counter = 0;
const input = () => [id(`ingest ${counter++}`), 0x12, 1, ZeroHash, ZeroHash, ZeroHash];

const network = await startBenchNetwork();
const folder = mkdtempSync(join(tmpdir(), "brop-ingest-"));
let node: { url: string; process: ChildProcess } | undefined;
try {
  const owners = Array.from({ length: ACCOUNTS }, () => new Wallet(Wallet.createRandom().privateKey));
  const accounts = await createAccounts(network, owners);
  await network.mineEvery(BLOCK_TIME);
  node = await startAccessNode(network, folder);

  const raw = await measureRaw(network);
  const single = await measureOperations(network, node.url, OPERATIONS, () => [
    { target: network.addresses.Records ?? "", data: records.encodeFunctionData("record", [input()]) },
  ]);
  const many = await measureOperations(network, node.url, Math.ceil((OPERATIONS * 4) / PER_OPERATION), () => [
    {
      target: network.addresses.Records ?? "",
      data: records.encodeFunctionData("recordMany", [Array.from({ length: PER_OPERATION }, input)]),
    },
  ]);

  console.log(
    `${OPERATIONS} records each way, ${CONNECTIONS} connections, ${BATCH} a request, ${BLOCK_TIME}-second blocks.`,
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
      row(`operations of ${PER_OPERATION} records (recordMany)`, many * PER_OPERATION, "1.50"),
    ],
  );

  async function measureOperations(
    { provider, rpc }: BenchNetwork,
    url: string,
    count: number,
    calls: () => { target: string; data: string }[],
  ): Promise<number> {
    const start = await provider.getBlockNumber();
    const operations = Array.from({ length: count }, (_, index) => {
      const big = count < OPERATIONS;
      return signOperation({
        account: accounts[index % ACCOUNTS] as string,
        owner: owners[index % ACCOUNTS] as Wallet,
        calls: calls(),
        deadlineBlock: start + 5_000,
        callGasLimit: big ? 3_300_000n : 80_000n,
        verificationGasLimit: big ? 200_000n : 80_000n,
      });
    });
    const bodies = batchesOf(
      "eth_sendUserOperation",
      operations.map((operation) => [toRpc(operation), ENTRY_POINT]),
      count < OPERATIONS ? 5 : BATCH,
    );
    const first = await provider.getBlockNumber();
    const began = performance.now();
    const included = countIncluded(rpc, first + 1, count);
    await sendAll(url, bodies, CONNECTIONS);
    await included;
    return count / ((performance.now() - began) / 1000);
  }
} finally {
  node?.process.stdin?.end();
  await network.stop();
  if (node !== undefined) await new Promise((resolve) => node?.process.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}

/** Waits until `count` operations have succeeded in blocks from `from` on. */
async function countIncluded(rpc: BenchNetwork["rpc"], from: number, count: number): Promise<void> {
  let included = 0;
  const end = Date.now() + 300_000;
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

/** Transactions of four senders, each storing digest, owner, time and kind with one event. */
async function measureRaw({ operator, provider, rpc, chain }: BenchNetwork): Promise<number> {
  const { abi, bytecode } = readArtifact("testing/BareRecords");
  const contract = await new ContractFactory(abi, bytecode, operator).deploy(ZeroAddress, { gasPrice: 0, type: 0 });
  await contract.waitForDeployment();
  const to = await contract.getAddress();
  const senders = Array.from({ length: 4 }, () => HDNodeWallet.createRandom());
  const transactions: string[] = [];
  for (let index = 0; index < OPERATIONS; index++) {
    const sender = senders[index % senders.length] as HDNodeWallet;
    const nonce = Math.floor(index / senders.length);
    const data = contract.interface.encodeFunctionData("register", [id(`raw ${index}`), 1]);
    const fields = { to, data, nonce, gasLimit: 100_000, gasPrice: 0, type: 0, chainId: CHAIN_ID };
    transactions.push(await sender.signTransaction(fields));
  }
  const bodies = batchesOf(
    "eth_sendRawTransaction",
    transactions.map((transaction) => [transaction]),
    BATCH,
  );
  await provider.getBlockNumber();
  const began = performance.now();
  await sendAll(chain.url, bodies, CONNECTIONS);
  // The last nonce of each sender is used when all of its transactions are in blocks.
  for (const [index, { address }] of senders.entries()) {
    const expected = Math.ceil((OPERATIONS - index) / senders.length);
    while (Number(await rpc.call<string>("eth_getTransactionCount", [address, "latest"])) < expected) await sleep(20);
  }
  return OPERATIONS / ((performance.now() - began) / 1000);
}

async function createAccounts({ createAccount }: BenchNetwork, owners: Wallet[]): Promise<string[]> {
  const accounts: string[] = [];
  for (const owner of owners) accounts.push(await createAccount(owner));
  return accounts;
}

async function startAccessNode({ chain, relay }: BenchNetwork, directory: string) {
  const script = fileURLToPath(new URL("./support/access-process.ts", import.meta.url));
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
