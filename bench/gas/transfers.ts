import { type Contract, ContractFactory, Interface, Wallet } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { sendBundle, signOperation } from "../../test/support/operations.ts";
import type { BenchNetwork } from "../support/network.ts";
import { printTable } from "../support/table.ts";
import { deployTrex } from "./trex.ts";
import { makeBenchVoucher } from "./voucher.ts";

const FREE = { gasPrice: 0, type: 0 };
const BUNDLE = 50;
const MANY = 50;

/** What a transfer to an existing holder costs, and an allocation among many. */
export async function compareTransfers(network: BenchNetwork): Promise<void> {
  const trex = await trexTransfer(network);
  const openZeppelin = await plainToken(network, "BenchToken");
  const solady = await plainToken(network, "BenchSoladyToken");
  const voucher = await voucherCosts(network);
  const line = (name: string, gas: number) => [name, Math.round(gas).toLocaleString("en"), (gas / trex).toFixed(3)];

  console.log("Gas of a transfer between holders, as a transaction of the holder's own.\n");
  printTable(
    ["", "gas", "of T-REX transfer"],
    [
      line("ERC-3643 T-REX transfer, one claim, no compliance module", trex),
      line("OpenZeppelin ERC-1155 transfer, no rules", openZeppelin.transfer),
      line("Solady ERC-1155 transfer, no rules", solady.transfer),
      line("BROP voucher transfer, all rules", voucher.transfer),
      line(`BROP voucher transfer as an operation, bundle of ${BUNDLE}`, voucher.operation),
    ],
  );
  console.log(`\nGas per unit of ${MANY} allocations to new holders in one call.\n`);
  printTable(
    ["", "gas", "of OpenZeppelin"],
    [
      ["OpenZeppelin ERC-1155, mints", openZeppelin.mint],
      ["Solady ERC-1155, mints", solady.mint],
      ["BROP allocateMany, all rules", voucher.allocate],
    ].map(([name, gas]) => [
      String(name),
      Math.round(Number(gas)).toLocaleString("en"),
      (Number(gas) / openZeppelin.mint).toFixed(3),
    ]),
  );
  console.log(`\nvoucher transfer: ${(voucher.transfer / trex).toFixed(3)} of a T-REX transfer (limit 0.55)`);
}

async function trexTransfer(network: BenchNetwork): Promise<number> {
  const { token, holders } = await deployTrex(network);
  const [from, to] = holders as [Wallet, Wallet];
  const send = async () => {
    const contract = token.connect(from) as typeof token;
    return Number((await (await contract.getFunction("transfer")(to.address, 5, FREE)).wait()).gasUsed);
  };
  await send();
  return send();
}

async function plainToken({ operator, provider }: BenchNetwork, name: string) {
  const { abi, bytecode } = readArtifact(`testing/${name}`);
  const deployed = await new ContractFactory(abi, bytecode, operator).deploy(FREE);
  await deployed.waitForDeployment();
  const face = new Interface(abi);
  const to = await deployed.getAddress();
  const [from, other] = [Wallet.createRandom(), Wallet.createRandom()];
  const send = async (who: Wallet, fn: string, values: unknown[]) => {
    const data = face.encodeFunctionData(fn, values);
    const response = await who.sendTransaction({ to, data, ...FREE, gasLimit: 16_000_000 });
    return Number((await response.wait())?.gasUsed ?? 0);
  };
  for (const { address } of [from, other]) await send(operator, "mint", [address, 1_000]);
  const holder = new Wallet(from.privateKey, provider);
  const transfer = () => send(holder, "safeTransferFrom", [from.address, other.address, 0, 5, "0x"]);
  await transfer();
  const holders = Array.from({ length: MANY }, () => Wallet.createRandom().address);
  const mint = (await send(operator, "mintMany", [holders, holders.map(() => 5)])) / MANY;
  return { transfer: await transfer(), mint };
}

async function voucherCosts(network: BenchNetwork) {
  const { relay, provider, createAccount } = network;
  const { voucher, issuer, allocate } = await makeBenchVoucher(network);
  const owners = Array.from({ length: BUNDLE }, () => new Wallet(Wallet.createRandom().privateKey));
  const accounts: string[] = [];
  for (const owner of owners) accounts.push(await createAccount(owner));
  for (const account of accounts) await allocate(account, 1_000);
  const transferData = (from: string, to: string) =>
    voucher.interface.encodeFunctionData("safeTransferFrom", [from, to, 0, 5, "0x"]);
  const other = (at: number) => accounts[(at + 1) % accounts.length] as string;

  const direct = () => sendAs(network, accounts[0] as string, voucher, transferData(accounts[0] as string, other(0)));
  await direct();
  const transfer = await direct();

  const bundle = async () => {
    const deadlineBlock = (await provider.getBlockNumber()) + 100;
    const operations = accounts.map((account, at) =>
      signOperation({
        account,
        owner: owners[at] as Wallet,
        calls: [{ target: voucher.target as string, data: transferData(account, other(at)) }],
        deadlineBlock,
      }),
    );
    return Number(await sendBundle(relay, operations)) / BUNDLE;
  };
  await bundle();
  const operation = await bundle();

  const holders: string[] = [];
  for (let i = 0; i < MANY; i++) holders.push(await createAccount(new Wallet(Wallet.createRandom().privateKey)));
  const data = voucher.interface.encodeFunctionData("allocateMany", [holders, holders.map(() => 5)]);
  const allocations = await sendAs(network, issuer, voucher, data);
  return { transfer, operation, allocate: allocations / MANY };
}

/** Gas of an account's call as a transaction of its own, which only a development chain lets an account send. */
async function sendAs({ rpc, provider }: BenchNetwork, from: string, to: Contract, data: string): Promise<number> {
  await rpc.call("anvil_impersonateAccount", [from]);
  const transaction = { from, to: to.target, data, gas: "0xf42400", gasPrice: "0x0" };
  const receipt = await provider.waitForTransaction(await rpc.call("eth_sendTransaction", [transaction]));
  if (receipt?.status !== 1) throw new Error("A call of an account failed");
  return Number(receipt.gasUsed);
}
