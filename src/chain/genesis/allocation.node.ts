import { gunzipSync } from "node:zlib";
import { concat, dataLength, encodeBytes32String, getBytes, Interface, ZeroHash } from "ethers";
import { type Artifact, readAccessManager, readArtifact, readEntryPointArtifact } from "../artifacts.node.ts";
import { type GenesisAllocation, startDevChain } from "../dev-chain.ts";
import { RpcClient } from "../rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../system-addresses.ts";
import { abiDigest } from "./abi-digest.ts";
import {
  BYTE_PRICE,
  COUNCIL_TERMS,
  type GenesisParameters,
  QUOTA_CLASSES,
  ROLES,
  SENDER_ALLOWANCES,
} from "./parameters.ts";

/** Addresses of the code behind the proxies: `b1xx` for the proxy at `b0xx`. */
const implementationOf = (proxy: string) => proxy.replace(/b0(?=\d\d$)/i, "b1");

/** Sends the construction's transactions; appears nowhere in the result. */
const BUILDER = "0x00000000000000000000000000000000000b0b0b";

/**
 * Works out code and storage of the contracts that stand in block 0 (design: every rule holds from block 1).
 *
 * The constructors run for real, at their final addresses, on a chain that lives for this moment only; what they leave
 * behind is the allocation. The same parameters give the same allocation.
 */
export async function genesisAllocation(parameters: GenesisParameters): Promise<GenesisAllocation> {
  const chain = await startDevChain({ chainId: parameters.chainId, blockTime: 3600, genesisTime: 1 });
  const rpc = new RpcClient(chain.url);
  try {
    await rpc.call("evm_setIntervalMining", [0]);
    await rpc.call("evm_setAutomine", [false]);
    await placeEntryPoint(rpc);
    const constructed = await construct(rpc, parameters);
    await grantRoles(rpc, parameters);
    return await readAllocation(rpc, constructed);
  } finally {
    rpc.close();
    await chain.stop();
  }
}

/** EntryPoint and its SenderCreator write no storage: their constructors only have to be answered. */
async function placeEntryPoint(rpc: RpcClient): Promise<void> {
  const { EntryPoint, SenderCreator } = SYSTEM_ADDRESSES;
  await rpc.call("anvil_setNonce", [EntryPoint, "0x1"]);
  await place(rpc, EntryPoint, readEntryPointArtifact("EntryPoint").bytecode);
  await place(rpc, SenderCreator, readEntryPointArtifact("SenderCreator").bytecode, EntryPoint);
}

/** Puts a contract without constructor storage at an address: creation code is run there, its answer is the code. */
async function place(rpc: RpcClient, address: string, creation: string, from = BUILDER): Promise<void> {
  await rpc.call("anvil_setCode", [address, creation]);
  const code = await rpc.call<string>("eth_call", [{ from, to: address, gas: "0xffffff" }, "latest"]);
  await rpc.call("anvil_setCode", [address, code]);
}

/** Runs the constructors that write storage, all in one block. */
async function construct(rpc: RpcClient, parameters: GenesisParameters): Promise<string[]> {
  const { AccessManager, Council, Admission, Quota, ValidatorSet, Directory } = SYSTEM_ADDRESSES;
  const manager = readAccessManager();
  const creations = [
    { address: AccessManager, code: creationCode(manager, [Council]) },
    { address: Council, code: await proxyCode(rpc, "governance/Council", Council, councilCall(parameters)) },
    { address: Admission, code: await proxyCode(rpc, "governance/Admission", Admission, admissionCall(parameters)) },
    { address: Quota, code: await proxyCode(rpc, "quota/Quota", Quota, quotaCall()) },
    { address: ValidatorSet, code: validatorSetCode(parameters) },
    // The directory comes last: it lists only addresses that have code.
    { address: Directory, code: await proxyCode(rpc, "governance/Directory", Directory, directoryCall()) },
  ];
  const codes: string[] = [];
  for (const { address, code } of creations) {
    await rpc.call("anvil_setCode", [address, code]);
    codes.push(await rpc.call<string>("eth_call", [{ from: BUILDER, to: address, gas: "0xffffff" }, "latest"]));
  }
  await mine(
    rpc,
    creations.map(({ address }) => ({ from: BUILDER, to: address })),
  );
  for (const [index, { address }] of creations.entries()) await rpc.call("anvil_setCode", [address, codes[index]]);
  const { EntryPoint, SenderCreator } = SYSTEM_ADDRESSES;
  const proxies = [Council, Admission, Quota, Directory];
  return [EntryPoint, SenderCreator, AccessManager, ValidatorSet, ...proxies, ...proxies.map(implementationOf)];
}

async function proxyCode(rpc: RpcClient, path: string, proxy: string, call: string): Promise<string> {
  await place(rpc, implementationOf(proxy), readArtifact(path).bytecode);
  return creationCode(readArtifact("governance/SingletonProxy"), [implementationOf(proxy), call]);
}

/** Council holds the AccessManager's admin role from its constructor on, and gives the others theirs. */
async function grantRoles(rpc: RpcClient, parameters: GenesisParameters): Promise<void> {
  const manager = new Interface(readAccessManager().abi);
  const members = [
    { role: ROLES.operator, account: parameters.operator },
    { role: ROLES.admission, account: parameters.operator },
    ...(parameters.admissionParties ?? []).map((account) => ({ role: ROLES.admission, account })),
    ...(parameters.regulators ?? []).map((account) => ({ role: ROLES.regulator, account })),
  ];
  const { AccessManager, Council } = SYSTEM_ADDRESSES;
  await mine(
    rpc,
    members.map(({ role, account }) => ({
      from: Council,
      to: AccessManager,
      data: manager.encodeFunctionData("grantRole", [role, account, 0]),
    })),
  );
}

function councilCall({ seats, council = COUNCIL_TERMS }: GenesisParameters): string {
  return encode("governance/Council", [seats, council.delayBlocks, council.lifetimeBlocks]);
}

function admissionCall({ operator, seats, relays, allowances = SENDER_ALLOWANCES }: GenesisParameters): string {
  const direct = [allowances.operator, allowances.seat, allowances.relay];
  return encode("governance/Admission", [operator, seats, relays, direct, allowances.periodBlocks]);
}

/** Fixed code without a proxy. While it is built Council does not stand yet, so its seats are checked here. */
function validatorSetCode({ seats, validators = seats.map((seat) => ({ seat, node: seat })) }: GenesisParameters) {
  const seated = new Set(seats.map((seat) => seat.toLowerCase()));
  for (const { seat, node } of validators) {
    if (!seated.has(seat.toLowerCase())) throw new Error(`Genesis: validator ${node} has no seat: ${seat} is none`);
  }
  const inputs = [validators.map(({ seat }) => seat), validators.map(({ node }) => node)];
  return creationCode(readArtifact("governance/ValidatorSet"), inputs);
}

function quotaCall(): string {
  return encode("quota/Quota", [Object.keys(QUOTA_CLASSES), Object.values(QUOTA_CLASSES), BYTE_PRICE]);
}

function directoryCall(): string {
  const listed = {
    Directory: readArtifact("governance/Directory"),
    AccessManager: readAccessManager(),
    Council: readArtifact("governance/Council"),
    Admission: readArtifact("governance/Admission"),
    Quota: readArtifact("quota/Quota"),
    ValidatorSet: readArtifact("governance/ValidatorSet"),
    EntryPoint: readEntryPointArtifact("EntryPoint"),
  };
  const names = Object.keys(listed) as (keyof typeof listed)[];
  return encode("governance/Directory", [
    names.map((name) => encodeBytes32String(name)),
    names.map((name) => SYSTEM_ADDRESSES[name]),
    names.map((name) => abiDigest(listed[name].abi)),
  ]);
}

function encode(path: string, values: unknown[]): string {
  return new Interface(readArtifact(path).abi).encodeFunctionData("initialise", values);
}

function creationCode({ abi, bytecode }: Artifact, values: unknown[]): string {
  return concat([bytecode, new Interface(abi).encodeDeploy(values)]);
}

interface Transaction {
  from: string;
  to: string;
  data?: string;
}

/** Sends transactions in order and mines them into one block; each has to succeed. */
async function mine(rpc: RpcClient, transactions: Transaction[]): Promise<void> {
  const hashes: string[] = [];
  for (const transaction of transactions) {
    await rpc.call("anvil_impersonateAccount", [transaction.from]);
    hashes.push(await rpc.call("eth_sendTransaction", [{ ...transaction, gas: "0xffffff", gasPrice: "0x0" }]));
  }
  const head = Number(await rpc.call<string>("eth_blockNumber"));
  // A fixed time, since role memberships keep the time of their grant.
  await rpc.call("evm_setNextBlockTimestamp", [head + 2]);
  await rpc.call("evm_mine");
  for (const hash of hashes) {
    const receipt = await rpc.call<{ status: string } | null>("eth_getTransactionReceipt", [hash]);
    if (receipt?.status !== "0x1") throw new Error(`Genesis construction failed in transaction ${hash}`);
  }
}

interface DumpedAccount {
  code?: string;
  storage?: Record<string, string>;
}

async function readAllocation(rpc: RpcClient, addresses: string[]): Promise<GenesisAllocation> {
  const dump = getBytes(await rpc.call<string>("anvil_dumpState"));
  const state = JSON.parse(gunzipSync(dump).toString("utf8")) as { accounts: Record<string, DumpedAccount> };
  const allocation: GenesisAllocation = {};
  for (const address of addresses) {
    const account = state.accounts[address.toLowerCase()];
    if (account?.code === undefined || dataLength(account.code) === 0) throw new Error(`No code at ${address}`);
    const slots = Object.entries(account.storage ?? {}).filter(([, value]) => BigInt(value) !== 0n);
    const storage = Object.fromEntries(slots.map(([slot, value]) => [word(slot), word(value)]).sort());
    // Contracts start at nonce 1 (EIP-161).
    allocation[address] = { balance: "0x0", nonce: "0x1", code: account.code, storage };
  }
  return allocation;
}

const word = (value: string) => ZeroHash.slice(0, 2) + BigInt(value).toString(16).padStart(64, "0");
