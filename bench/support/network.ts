import { Contract, JsonRpcProvider, Wallet } from "ethers";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { CHAIN_ID } from "../../test/support/chain-id.ts";
import {
  assignQuota,
  type BenchPartner,
  certifyCall,
  createBareAccount,
  makePartner,
  publishAgreement,
} from "../../test/support/partner.ts";

/** A BROP network for measurements: development chain, contracts, and accounts that one partner certifies. */
export interface BenchNetwork {
  /** Where its node answers JSON-RPC. */
  chain: { url: string };
  provider: JsonRpcProvider;
  rpc: RpcClient;
  operator: Wallet;
  relay: Wallet;
  /** Further relays, for measurements with several senders. */
  relays: Wallet[];
  addresses: Record<string, string>;
  /** Who certifies the accounts. */
  certifier: BenchPartner;
  contract(name: string, path: string): Contract;
  /** Creates an account at level DigitalCertificate with the quota class of a large partner. */
  createAccount(owner: Wallet): Promise<string>;
  /** Goes over to blocks at an interval. */
  mineEvery(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const IDENTITY = 1;
const HEARTBEAT_MS = 1_000;

/** What a network is made of before anything stands on it but the genesis allocation. */
interface BareNetwork {
  url: string;
  operator: string;
  relays: readonly string[];
  /** Milliseconds between looks for a receipt. */
  pollingInterval: number;
  mineEvery?(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a network of its own on loopback, with a block for each transaction, at once. */
export async function startBenchNetwork(): Promise<BenchNetwork> {
  const operator = Wallet.createRandom();
  const relays = [Wallet.createRandom(), Wallet.createRandom()];
  const seats = [1, 2, 3, 4].map(() => Wallet.createRandom().address);
  const genesis = await genesisAllocation({
    chainId: CHAIN_ID,
    operator: operator.address,
    seats,
    relays: relays.map(({ address }) => address),
  });
  const chain = await startDevChain({ genesis, blockTime: 3600, chainId: CHAIN_ID });
  const rpc = new RpcClient(chain.url);
  await rpc.call("evm_setIntervalMining", [0]);
  await rpc.call("evm_setAutomine", [true]);
  // Blocks come with transactions only, and ethers misses one that is mined between its look for a receipt and its look
  // for new blocks: another block a moment later shows it what it waits for.
  const heartbeat = setInterval(() => void rpc.call("evm_mine").catch(() => undefined), HEARTBEAT_MS);
  return furnish({
    url: chain.url,
    operator: operator.privateKey,
    relays: relays.map(({ privateKey }) => privateKey),
    pollingInterval: 50,
    async mineEvery(seconds) {
      clearInterval(heartbeat);
      await rpc.call("evm_setAutomine", [false]);
      await rpc.call("evm_setIntervalMining", [seconds]);
    },
    async stop() {
      clearInterval(heartbeat);
      rpc.close();
      await chain.stop();
    },
  });
}

/** Puts contracts and a partner on a network. */
export async function furnish(bare: BareNetwork): Promise<BenchNetwork> {
  const { url, pollingInterval } = bare;
  const rpc = new RpcClient(url);
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, pollingInterval });
  const connected = new Wallet(bare.operator, provider);
  const { addresses } = await deploy(connected);
  const all: Record<string, string> = { ...SYSTEM_ADDRESSES, ...addresses };
  const contract = (name: string, path: string) => new Contract(all[name] ?? name, readArtifact(path).abi, connected);
  const [relay, ...others] = bare.relays.map((key) => new Wallet(key, provider)) as [Wallet, ...Wallet[]];
  await publishAgreement(contract);
  const certifier = await makePartner(contract, relay, "certifier", IDENTITY);
  return {
    ...{ chain: { url }, provider, rpc, operator: connected, relay, relays: [relay, ...others] },
    ...{ addresses: all, certifier, contract },
    async createAccount(owner) {
      const account = await createBareAccount(contract, owner);
      await certifier.act(certifyCall(contract, account));
      await assignQuota(contract, account);
      return account;
    },
    mineEvery: async (seconds) => bare.mineEvery?.(seconds),
    async stop() {
      provider.destroy();
      rpc.close();
      await bare.stop();
    },
  };
}
