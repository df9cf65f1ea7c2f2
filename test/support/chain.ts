import { JsonRpcProvider, Wallet } from "ethers";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";

/** A running development chain with the real genesis allocation and every contract deployed. */
export interface TestChain {
  /** JSON-RPC of the chain's node itself. */
  url: string;
  chainId: number;
  operator: Wallet;
  seats: Wallet[];
  /** Admitted relays. The first belongs to the access node of `access-node.ts`, the others are free. */
  relays: Wallet[];
  /** Deployed contracts by their names in Directory. */
  addresses: Record<string, string>;
}

const CHAIN_ID = 8420;
let chain: Promise<TestChain> | undefined;
const cleanups: (() => Promise<void>)[] = [];

/** The one chain of this test run, with 1-second blocks; started when it is first asked for. */
export function testChain(): Promise<TestChain> {
  chain ??= start();
  return chain;
}

/** Has something stopped after the last test, before what was started earlier. */
export function stopAfterTests(stop: () => Promise<void>): void {
  cleanups.unshift(stop);
}

// Outside of every suite: after the last test of the whole run.
after("stop the shared test chain", async function () {
  this.timeout(30_000);
  for (const stop of cleanups) await stop();
});

async function start(): Promise<TestChain> {
  const wallets = (count: number) => Array.from({ length: count }, () => new Wallet(Wallet.createRandom().privateKey));
  const operator = new Wallet(Wallet.createRandom().privateKey);
  const [seats, relays] = [wallets(4), wallets(4)];
  const addressesOf = (some: Wallet[]) => some.map(({ address }) => address);
  const genesis = await genesisAllocation({
    chainId: CHAIN_ID,
    operator: operator.address,
    seats: addressesOf(seats),
    relays: addressesOf(relays),
  });
  const running = await startDevChain({ genesis, blockTime: 1, chainId: CHAIN_ID });
  stopAfterTests(() => running.stop());
  const provider = new JsonRpcProvider(running.url, CHAIN_ID, {
    staticNetwork: true,
    pollingInterval: 50,
    cacheTimeout: -1,
  });
  try {
    const { addresses } = await deploy(operator.connect(provider));
    return { url: running.url, chainId: CHAIN_ID, operator, seats, relays, addresses };
  } finally {
    provider.destroy();
  }
}
