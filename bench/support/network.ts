import { Contract, encodeBytes32String, id, JsonRpcProvider, Wallet } from "ethers";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { type DevChain, startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";

/** A BROP network for measurements: development chain, contracts, and accounts that the operator certified. */
export interface BenchNetwork {
  chain: DevChain;
  provider: JsonRpcProvider;
  rpc: RpcClient;
  operator: Wallet;
  relay: Wallet;
  /** Further relays, for measurements with several senders. */
  relays: Wallet[];
  addresses: Record<string, string>;
  contract(name: string, path: string): Contract;
  /** Creates an account at level DigitalCertificate with the quota class of a large partner. */
  createAccount(owner: Wallet): Promise<string>;
  /** Goes over to blocks at an interval. */
  mineEvery(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export const CHAIN_ID = 8420;
const DIGITAL_CERTIFICATE = 6;
const VOLUME_CLASS = 17;
const YEAR = 31_536_000;

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
  const provider = new JsonRpcProvider(chain.url, CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 50,
  });
  const connected = new Wallet(operator.privateKey, provider);
  const { addresses } = await deploy(connected);
  const all: Record<string, string> = { ...SYSTEM_ADDRESSES, ...addresses };
  const contract = (name: string, path: string) => new Contract(all[name] ?? name, readArtifact(path).abi, connected);
  return {
    chain,
    provider,
    rpc,
    operator: connected,
    relay: new Wallet(relays[0]!.privateKey, provider),
    relays: relays.map(({ privateKey }) => new Wallet(privateKey, provider)),
    addresses: all,
    contract,
    createAccount: (owner) => createAccount(contract, owner),
    async mineEvery(seconds) {
      await rpc.call("evm_setAutomine", [false]);
      await rpc.call("evm_setIntervalMining", [seconds]);
    },
    async stop() {
      provider.destroy();
      rpc.close();
      await chain.stop();
    },
  };
}

async function createAccount(contract: BenchNetwork["contract"], owner: Wallet): Promise<string> {
  const factory = contract("AccountFactory", "account/AccountFactory");
  const creator = await (factory.runner as Wallet).getAddress();
  const salt = encodeBytes32String("bench");
  const free = { gasPrice: 0, type: 0 };
  await (await factory.getFunction("create")(owner.address, salt, free)).wait();
  const account: string = await factory.getFunction("addressOf")(creator, owner.address, salt);
  const certifications = contract("Certifications", "identity/Certifications");
  const expiry = Math.floor(Date.now() / 1000) + YEAR;
  const certify = certifications.getFunction("certify");
  await (await certify(account, DIGITAL_CERTIFICATE, false, expiry, id(account), free)).wait();
  await (await contract("Quota", "quota/Quota").getFunction("assignClass")(account, VOLUME_CLASS, free)).wait();
  return account;
}
