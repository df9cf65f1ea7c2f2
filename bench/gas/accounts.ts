import { createRequire } from "node:module";
import {
  Contract,
  ContractFactory,
  encodeBytes32String,
  getBytes,
  Interface,
  id,
  randomBytes,
  toBigInt,
  Wallet,
} from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { ENTRY_POINT, type UserOperation, userOperationHash } from "../../src/core/user-operation.ts";
import { CHAIN_ID } from "../../test/support/chain-id.ts";
import { sendBundle, signOperation } from "../../test/support/operations.ts";
import type { BenchNetwork } from "../support/network.ts";
import { printTable } from "../support/table.ts";

const BUNDLE = 100;
const FREE = { gasPrice: 0, type: 0 };
const require = createRequire(import.meta.url);
const target = new Interface(["function nothing() returns (bool)"]);
const NOTHING = target.encodeFunctionData("nothing");

/**
 * What an account costs per operation: bundles of 100 accounts, a fresh nonce key each, that call a function which
 * does nothing. BROP's side checks the deadline and charges quota.
 */
export async function compareAccounts(network: BenchNetwork): Promise<void> {
  const called = await deployTarget(network);
  const simple = await perOperation(network, await simpleAccounts(network, called));
  const brop = await perOperation(network, await bropAccounts(network, called));
  const line = (name: string, gas: number) => [name, Math.round(gas).toLocaleString("en"), (gas / simple).toFixed(3)];

  console.log(`Gas per operation in a bundle of ${BUNDLE} operations of ${BUNDLE} accounts, a fresh nonce key each.\n`);
  printTable(
    ["", "gas per operation", "of SimpleAccount"],
    [line("SimpleAccount 0.8, no quota", simple), line("BROP Account, quota included", brop)],
  );
  console.log(`\naccount overhead: ${(brop / simple).toFixed(3)} of SimpleAccount (limit 1.35)`);
}

/** Makes the operations of a bundle, each account's next one. */
type Operations = () => Promise<UserOperation[]>;

/** The first bundle brings every account's slots into use. */
async function perOperation({ relay }: BenchNetwork, operations: Operations): Promise<number> {
  await sendBundle(relay, await operations());
  return Number(await sendBundle(relay, await operations())) / BUNDLE;
}

/** A contract that does nothing and has a price, so that both sides call the same. */
async function deployTarget({ operator, contract }: BenchNetwork): Promise<string> {
  const { abi, bytecode } = readArtifact("testing/BenchTarget");
  const deployed = await new ContractFactory(abi, bytecode, operator).deploy(FREE);
  await deployed.waitForDeployment();
  const address = await deployed.getAddress();
  const directory = contract("Directory", "governance/Directory");
  await (await directory.getFunction("register")(encodeBytes32String("BenchTarget"), address, id("abi"), FREE)).wait();
  const quota = contract("Quota", "quota/Quota");
  await (await quota.getFunction("publishPrices")(address, [NOTHING], [1], FREE)).wait();
  return address;
}

async function bropAccounts({ createAccount, provider }: BenchNetwork, called: string): Promise<Operations> {
  const accounts: { account: string; owner: Wallet }[] = [];
  for (let i = 0; i < BUNDLE; i++) {
    const owner = Wallet.createRandom() as unknown as Wallet;
    accounts.push({ account: await createAccount(owner), owner });
  }
  return async () => {
    const deadlineBlock = (await provider.getBlockNumber()) + 100;
    const calls = [{ target: called, data: NOTHING }];
    return accounts.map(({ account, owner }) => signOperation({ account, owner, calls, deadlineBlock, ...LIMITS }));
  };
}

/** Room for both; a bundle of 100 has to stay under the gas cap of a transaction. */
const LIMITS = { callGasLimit: 60_000n, verificationGasLimit: 100_000n };

/** Accounts of the peer's factory, behind its proxies, as its documentation deploys them. */
async function simpleAccounts({ operator, rpc }: BenchNetwork, called: string): Promise<Operations> {
  const artifact = (name: string) =>
    require(`@account-abstraction/contracts/artifacts/${name}.json`) as { abi: []; bytecode: string };
  const { abi, bytecode } = artifact("SimpleAccountFactory");
  const deployed = await new ContractFactory(abi, bytecode, operator).deploy(ENTRY_POINT, FREE);
  await deployed.waitForDeployment();
  const factory = new Contract(await deployed.getAddress(), abi, operator);
  const face = new Interface(artifact("SimpleAccount").abi);
  // The factory answers EntryPoint's SenderCreator only.
  await rpc.call("anvil_impersonateAccount", [SYSTEM_ADDRESSES.SenderCreator]);
  const accounts: { sender: string; owner: Wallet }[] = [];
  for (let i = 0; i < BUNDLE; i++) {
    const owner = Wallet.createRandom() as unknown as Wallet;
    const sender: string = await factory.getFunction("getAddress(address,uint256)")(owner.address, 0);
    const data = factory.interface.encodeFunctionData("createAccount", [owner.address, 0]);
    const from = SYSTEM_ADDRESSES.SenderCreator;
    await rpc.call("eth_sendTransaction", [{ from, to: factory.target, data, gas: "0xffffff", gasPrice: "0x0" }]);
    accounts.push({ sender, owner });
  }
  return async () =>
    accounts.map(({ sender, owner }) => {
      const operation: UserOperation = {
        sender,
        nonce: toBigInt(randomBytes(24)) << 64n,
        callData: face.encodeFunctionData("execute", [called, 0, NOTHING]),
        ...LIMITS,
        preVerificationGas: 0n,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        signature: "0x",
      };
      const hash = userOperationHash(operation, ENTRY_POINT, CHAIN_ID);
      return { ...operation, signature: owner.signingKey.sign(getBytes(hash)).serialized };
    });
}
