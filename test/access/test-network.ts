import { Contract, encodeBytes32String, type InterfaceAbi, id, JsonRpcProvider, Wallet } from "ethers";
import { abi } from "../../generated/abi.ts";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { type AccessNode, type AccessNodeOptions, createAccessNode } from "../../src/access/access-node.ts";
import { type DevChain, startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { type Call, encodeExecute } from "../../src/core/execution.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../../src/core/user-operation.ts";
import type { Database } from "../../src/store/database.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type BenchPartner, type ContractAt, certifyCall, makePartner, publishAgreement } from "../support/partner.ts";
import { inOneYear } from "../support/people.ts";

export const CHAIN_ID = 8420;
const IDENTITY = 1;
const APPLICANT = 1;

/** A key of a test's own, the same in every run. */
export function walletOf(name: string): Wallet {
  return new Wallet(id(`brop access test ${name}`));
}

/** Somebody with an account and the key to it. */
export interface Owner {
  address: string;
  wallet: Wallet;
}

/** A development chain with the real genesis and every contract deployed. */
export class TestNetwork {
  chain: DevChain;
  readonly rpc: RpcClient;
  readonly provider: JsonRpcProvider;
  readonly operator: Wallet;
  readonly addresses: Record<string, string>;
  /** The partner that certifies accounts, through a relay of its own. */
  readonly certifier: BenchPartner;
  readonly #nodes: AccessNode[] = [];
  readonly #databases: Database[] = [];

  private constructor(
    chain: DevChain,
    provider: JsonRpcProvider,
    operator: Wallet,
    addresses: Record<string, string>,
    certifier: BenchPartner,
  ) {
    this.certifier = certifier;
    this.chain = chain;
    this.rpc = new RpcClient(chain.url);
    this.provider = provider;
    this.operator = operator;
    this.addresses = addresses;
  }

  static async start(options: { stateFile?: string; allowances?: { relay: number; periodBlocks: number } } = {}) {
    const allowances = { operator: 100_000, seat: 10, relay: 1_000_000, periodBlocks: 1_200, ...options.allowances };
    const genesis = await genesisAllocation({
      chainId: CHAIN_ID,
      operator: walletOf("operator").address,
      seats: [walletOf("seat").address],
      relays: ["relay 1", "relay 2", "certifier's relay"].map((name) => walletOf(name).address),
      allowances,
    });
    const stateFile = options.stateFile === undefined ? {} : { stateFile: options.stateFile };
    const chain = await startDevChain({ blockTime: 1, genesis, ...stateFile });
    const provider = new JsonRpcProvider(chain.url, CHAIN_ID, {
      staticNetwork: true,
      pollingInterval: 50,
      cacheTimeout: -1,
    });
    const operator = walletOf("operator").connect(provider);
    const { addresses } = await deploy(operator);
    const contractAt: ContractAt = (name) =>
      new Contract(addressIn(addresses, name), abi[name as keyof typeof abi] as InterfaceAbi, operator);
    await publishAgreement(contractAt);
    const certifier = await makePartner(contractAt, walletOf("certifier's relay").connect(provider), "bank", IDENTITY);
    return new TestNetwork(chain, provider, operator, addresses, certifier);
  }

  /** A database in memory that is closed with the network. */
  async database(): Promise<Database> {
    const db = await openMigrated();
    this.#databases.push(db);
    return db;
  }

  /** A started access node; stopped with the network at the latest. */
  async accessNode(options: Partial<AccessNodeOptions> = {}): Promise<AccessNode> {
    const db = options.db ?? (await this.database());
    const relayKey = walletOf("relay 1").privateKey;
    const node = await createAccessNode({ rpc: this.chain.url, relayKey, ...options, db });
    await node.start();
    this.#nodes.push(node);
    return node;
  }

  contract(name: keyof typeof abi): Contract {
    return new Contract(addressIn(this.addresses, name), abi[name] as InterfaceAbi, this.operator);
  }

  /** Creates an account; certified, with a large quota, unless told otherwise. */
  async account(
    name: string,
    options: { certified?: boolean; quotaClass?: number; applicant?: boolean } = {},
  ): Promise<Owner> {
    const { certified = true, quotaClass = 17, applicant = false } = options;
    const wallet = walletOf(name);
    const salt = encodeBytes32String(name.slice(0, 31));
    const factory = this.contract("AccountFactory");
    const address: string = await factory.getFunction("addressOf")(this.operator.address, wallet.address, salt);
    await this.send("AccountFactory", "create", [wallet.address, salt]);
    if (!certified) return { address, wallet };
    if (applicant) await this.send("Certifications", "certify", [address, APPLICANT, false, inOneYear(), id(name)]);
    else await this.certifier.act(certifyCall((one) => this.contract(one as keyof typeof abi), address));
    if (quotaClass !== 0) await this.send("Quota", "assignClass", [address, quotaClass]);
    return { address, wallet };
  }

  /** Sends a transaction of the operator's and waits for it. */
  async send(name: keyof typeof abi, method: string, args: unknown[]): Promise<void> {
    const response = await this.contract(name).getFunction(method)(...args, { gasPrice: 0, gasLimit: 3_000_000 });
    await response.wait();
  }

  /** A call that records a digest. */
  recordCall(text: string): Call {
    const input = [id(text), 0x12, 0, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`];
    const data = this.contract("Records").interface.encodeFunctionData("record", [input]);
    return { target: this.addresses.Records ?? "", data };
  }

  async head(): Promise<number> {
    return Number(await this.rpc.call("eth_blockNumber"));
  }

  async untilBlock(number: number): Promise<void> {
    while ((await this.head()) < number) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Stops the chain, does something, and starts it again on the same state and port. */
  async restartChain(stateFile: string, meanwhile: () => Promise<void>): Promise<void> {
    const { port } = this.chain;
    await this.chain.stop();
    await meanwhile();
    this.chain = await startDevChain({ blockTime: 1, stateFile, port });
  }

  /** Stops all access nodes that were started here. */
  async stopNodes(): Promise<void> {
    for (const node of this.#nodes.splice(0)) await node.stop();
  }

  async stop(): Promise<void> {
    await this.stopNodes();
    for (const db of this.#databases) await db.close();
    this.provider.destroy();
    this.rpc.close();
    await this.chain.stop();
  }
}

/** An operation with room in its limits, signed by the account's key. */
export function signedOperation(
  owner: Owner,
  calls: readonly Call[],
  changes: Partial<UserOperation> & { deadlineBlock?: number } = {},
): UserOperation {
  const { deadlineBlock = 0, ...fields } = changes;
  const operation: UserOperation = {
    sender: owner.address,
    nonce: encodeSerial({ deadlineBlock }),
    callData: encodeExecute(calls),
    callGasLimit: 150_000n,
    verificationGasLimit: 200_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: "0x",
    ...fields,
  };
  return { ...operation, signature: fields.signature ?? sign(owner.wallet, operation) };
}

export function hashOf(operation: UserOperation): string {
  return userOperationHash(operation, ENTRY_POINT, CHAIN_ID);
}

/** Parameters of `eth_sendUserOperation`. */
export function params(operation: UserOperation): unknown[] {
  return [toRpc(operation), ENTRY_POINT];
}

function sign(wallet: Wallet, operation: UserOperation): string {
  return wallet.signingKey.sign(hashOf(operation)).serialized;
}

function addressIn(addresses: Record<string, string>, name: string): string {
  return SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES] ?? addresses[name] ?? "";
}
