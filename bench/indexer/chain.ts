import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { Interface, id, Wallet, ZeroHash } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import type { Call } from "../../src/core/execution.ts";
import { encodeHandleOps } from "../../src/core/handle-ops.ts";
import { ENTRY_POINT, pack, type UserOperation } from "../../src/core/user-operation.ts";
import { signOperation } from "../../test/support/operations.ts";
import { makeBenchVoucher } from "../gas/voucher.ts";
import { type BenchNetwork, startBenchNetwork } from "../support/network.ts";

/** One block as the development chain's node told it; a line of the file. */
export interface RecordedBlock {
  /** With whole transactions. */
  block: { number: string; hash: string; transactions: { hash: string }[] };
  receipts: { logs: RecordedLog[] }[];
}

export interface RecordedLog {
  address: string;
  topics: string[];
}

const RECORDS_AN_OPERATION = 250;
const TRANSFERS_AN_OPERATION = 60;
const SINGLE_OPERATIONS_A_BUNDLE = 50;
const HOLDERS = 8;
const BUNDLES_A_BLOCK = 4;

const records = new Interface(readArtifact("evidence/Records").abi);
const voucherFace = new Interface(readArtifact("voucher/Voucher").abi);

/**
 * A file with the blocks of a development chain on which at least `events` events happened: records one by one and many
 * at once, and voucher transfers, all of them operations of accounts through EntryPoint. Made once and kept.
 */
export async function recordedChain(file: string, events: number): Promise<string> {
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const network = await startBenchNetwork();
  try {
    await act(network, events);
    await write(network, `${file}.new`);
  } finally {
    await network.stop();
  }
  renameSync(`${file}.new`, file);
  return file;
}

async function act(network: BenchNetwork, events: number): Promise<void> {
  const { rpc, provider, relays } = network;
  const holders: { owner: Wallet; account: string }[] = [];
  const { voucher, allocate } = await makeBenchVoucher(network);
  for (let index = 0; index < HOLDERS; index++) {
    const owner = new Wallet(Wallet.createRandom().privateKey);
    const account = await network.createAccount(owner);
    await allocate(account, 1_000_000);
    holders.push({ owner, account });
  }
  const recordsAddress = network.addresses.Records as string;
  const voucherAddress = voucher.target as string;
  let counter = 0;
  const input = () => [
    id(`indexer ${counter++}`),
    0x12,
    1 + (counter % 7),
    id(`key ${counter % 5_000}`),
    ZeroHash,
    ZeroHash,
  ];
  const one = (): Call[] => [{ target: recordsAddress, data: records.encodeFunctionData("record", [input()]) }];
  const many = (): Call[] => {
    const inputs = Array.from({ length: RECORDS_AN_OPERATION }, input);
    return [{ target: recordsAddress, data: records.encodeFunctionData("recordMany", [inputs]) }];
  };
  const transfers = (from: number): Call[] =>
    Array.from({ length: TRANSFERS_AN_OPERATION }, (_, index) => {
      const to = holders[(from + 1 + (index % (HOLDERS - 1))) % HOLDERS]?.account;
      const values = [holders[from]?.account, to, 0, 1 + (index % 3), "0x"];
      return { target: voucherAddress, data: voucherFace.encodeFunctionData("safeTransferFrom", values) };
    });
  // By hand only: what is counted below has to be the block that was just mined.
  await network.mineEvery(0);
  const sign = (holder: number, calls: Call[], deadlineBlock: number, callGasLimit: bigint) => {
    const { account, owner } = holders[holder] as { owner: Wallet; account: string };
    return signOperation({ account, owner, calls, deadlineBlock, callGasLimit, verificationGasLimit: 400_000n });
  };
  let said = 0;
  let bundle = 0;
  while (said < events) {
    const deadline = (await provider.getBlockNumber()) + 100;
    for (let place = 0; place < BUNDLES_A_BLOCK; place++, bundle++) {
      const holder = bundle % HOLDERS;
      const kind = bundle % 8;
      let operations: UserOperation[];
      if (kind < 4) operations = [sign(holder, many(), deadline, 9_000_000n)];
      else if (kind < 7)
        operations = [sign((bundle + 3) % HOLDERS, transfers((bundle + 3) % HOLDERS), deadline, 9_000_000n)];
      else
        operations = Array.from({ length: SINGLE_OPERATIONS_A_BUNDLE }, (_, index) =>
          sign(index % HOLDERS, one(), deadline, 150_000n),
        );
      await send(network, relays[place % relays.length] as Wallet, operations);
    }
    await rpc.call("evm_mine", []);
    said += await countLogs(network);
  }
  for (let empty = 0; empty < 80; empty++) await rpc.call("evm_mine", []);
}

const nonces = new Map<string, number>();

async function send({ rpc, provider }: BenchNetwork, relay: Wallet, operations: UserOperation[]): Promise<void> {
  const nonce = nonces.get(relay.address) ?? (await provider.getTransactionCount(relay.address));
  nonces.set(relay.address, nonce + 1);
  const { chainId } = await provider.getNetwork();
  const data = encodeHandleOps(operations.map(pack), relay.address);
  const fields = { to: ENTRY_POINT, data, nonce, gasLimit: 16_700_000, gasPrice: 0, type: 0, chainId };
  await rpc.call("eth_sendRawTransaction", [await relay.signTransaction(fields)]);
}

/** Logs of the newest block; fails when something of it failed, so that the chain is the one that was meant. */
async function countLogs({ rpc }: BenchNetwork): Promise<number> {
  const receipts = await rpc.call<{ status: string; logs: { topics: string[]; data: string }[] }[]>(
    "eth_getBlockReceipts",
    ["latest"],
  );
  const failed = receipts.some(
    ({ status, logs }) =>
      status !== "0x1" ||
      logs.some(({ topics, data }) => topics[0] === USER_OPERATION_EVENT && BigInt(`0x${data.slice(66, 130)}`) !== 1n),
  );
  if (failed) throw new Error("An operation of the recorded chain failed");
  return receipts.reduce((sum, { logs }) => sum + logs.length, 0);
}

const USER_OPERATION_EVENT = "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f";

async function write({ rpc, provider }: BenchNetwork, file: string): Promise<void> {
  const stream = createWriteStream(file);
  const head = await provider.getBlockNumber();
  for (let number = 0; number <= head; number++) {
    const quantity = `0x${number.toString(16)}`;
    const [block, receipts] = await rpc.all([
      { method: "eth_getBlockByNumber", params: [quantity, true] },
      { method: "eth_getBlockReceipts", params: [quantity] },
    ]);
    if (!stream.write(`${JSON.stringify({ block, receipts })}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}
