/**
 * What a record costs in gas, beside the peers that can be had from npm; all run in this process on the same chain
 * with the same digest: `npm run bench -- gas`.
 */

import { createRequire } from "node:module";
import { Contract, ContractFactory, Interface, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { readArtifact } from "../src/chain/artifacts.node.ts";
import type { Call } from "../src/core/execution.ts";
import { type BenchNetwork, startBenchNetwork } from "./support/network.ts";
import { sendBundle, signOperation } from "./support/operations.ts";
import { printTable } from "./support/table.ts";

const DIGEST = id("the same digest for everybody");
const BUNDLE = 50;
const MANY = 400;
const FREE = { gasPrice: 0, type: 0 };

const records = new Interface(readArtifact("evidence/Records").abi);
const require = createRequire(import.meta.url);

const attestation = (data: string) => ({
  recipient: ZeroAddress,
  expirationTime: 0,
  revocable: true,
  refUID: ZeroHash,
  data,
  value: 0,
});

/** A fresh digest of the same size and the same count of zero bytes. */
let counter = 0;
const nextDigest = () => id(`${DIGEST}${counter++}`);
const input = () => [nextDigest(), 0x12, 1, ZeroHash, ZeroHash, ZeroHash];

const network = await startBenchNetwork();
try {
  const recordsAddress = network.addresses.Records ?? "";
  const single = (): Call => ({ target: recordsAddress, data: records.encodeFunctionData("record", [input()]) });
  const many = (count: number): Call => ({
    target: recordsAddress,
    data: records.encodeFunctionData("recordMany", [Array.from({ length: count }, input)]),
  });

  const eas = await deployEas(network);
  const attest = await easAttest(eas);
  const multiAttest = await easMultiAttest(eas);
  const direct = await forwarded(network, false);
  const forwarder = await forwarded(network, true);
  const oneAccount = await bundles(network, 1, single);
  const manyAccounts = await bundles(network, BUNDLE, single);
  const inOperation = await recordMany(network, many);

  console.log("Gas per record; a fresh record each, storage slots of the parties in use already.");
  console.log("BROP: solc 0.8.37, optimiser 20,000 runs, via IR, evm osaka. EAS: bytecode of its npm package.\n");
  printTable(
    ["", "gas per record", "of EAS attest", "of EAS multiAttest"],
    [
      row("EAS attest, direct, 32 bytes of data", attest, attest, multiAttest),
      row(`EAS multiAttest, ${BUNDLE} a call`, multiAttest, attest, multiAttest),
      row("OpenZeppelin ERC-2771 forwarder to a bare record", forwarder, attest, multiAttest),
      row("bare record, direct call", direct, attest, multiAttest),
      row(`BROP record, bundle of ${BUNDLE}, ${BUNDLE} accounts`, manyAccounts, attest, multiAttest),
      row(`BROP record, bundle of ${BUNDLE}, one account`, oneAccount, attest, multiAttest),
      row(`BROP recordMany, ${MANY} in one operation`, inOperation, attest, multiAttest),
    ],
  );
  console.log(
    `\nsingle record in a bundle of ${BUNDLE}: ${ratio(manyAccounts, attest)} of EAS attest (limit 0.55, aim 0.45)`,
  );
  console.log(`many records in one operation: ${ratio(inOperation, multiAttest)} of EAS multiAttest (limit 0.20)`);
} finally {
  await network.stop();
}

function row(name: string, gas: number, attest: number, multiAttest: number): string[] {
  return [name, Math.round(gas).toLocaleString("en"), ratio(gas, attest), ratio(gas, multiAttest)];
}

function ratio(gas: number, peer: number): string {
  return (gas / peer).toFixed(3);
}

/** Each account's first operations warm its slots up before the bundle that counts. */
async function bundles({ relay, createAccount, provider }: BenchNetwork, accounts: number, call: () => Call) {
  const owners = Array.from({ length: accounts }, () => Wallet.createRandom() as unknown as Wallet);
  const addresses: string[] = [];
  for (const owner of owners) addresses.push(await createAccount(owner));
  const bundle = async () => {
    const deadlineBlock = (await provider.getBlockNumber()) + 100;
    return Array.from({ length: BUNDLE }, (_, index) =>
      signOperation({
        account: addresses[index % accounts]!,
        owner: owners[index % accounts]!,
        calls: [call()],
        deadlineBlock,
      }),
    );
  };
  await sendBundle(relay, await bundle());
  return Number(await sendBundle(relay, await bundle())) / BUNDLE;
}

async function recordMany({ relay, createAccount, provider }: BenchNetwork, call: (count: number) => Call) {
  const owner = Wallet.createRandom() as unknown as Wallet;
  const account = await createAccount(owner);
  const send = async (count: number) => {
    const deadlineBlock = (await provider.getBlockNumber()) + 100;
    const operation = signOperation({
      account,
      owner,
      calls: [call(count)],
      deadlineBlock,
      callGasLimit: 13_500_000n,
      verificationGasLimit: 1_000_000n,
    });
    return sendBundle(relay, [operation]);
  };
  await send(1);
  return Number(await send(MANY)) / MANY;
}

async function deployEas({ operator }: BenchNetwork) {
  const artifact = (name: string) =>
    require(`@ethereum-attestation-service/eas-contracts/artifacts/contracts/${name}.sol/${name}.json`) as {
      abi: [];
      bytecode: string;
    };
  const create = async (name: string, ...values: unknown[]) => {
    const { abi, bytecode } = artifact(name);
    const contract = await new ContractFactory(abi, bytecode, operator).deploy(...values, {
      ...FREE,
      gasLimit: 12_000_000,
    });
    await contract.waitForDeployment();
    return new Contract(await contract.getAddress(), abi, operator);
  };
  const registry = await create("SchemaRegistry");
  const eas = await create("EAS", await registry.getAddress());
  const schema = "bytes32 digest";
  const receipt = await (await registry.getFunction("register")(schema, ZeroAddress, true, FREE)).wait();
  const uid = receipt.logs[0].topics[1] as string;
  return { eas, uid };
}

type Eas = Awaited<ReturnType<typeof deployEas>>;

async function easAttest({ eas, uid }: Eas): Promise<number> {
  const send = async () =>
    (await (await eas.getFunction("attest")({ schema: uid, data: attestation(nextDigest()) }, FREE)).wait()).gasUsed;
  await send();
  return Number(await send());
}

async function easMultiAttest({ eas, uid }: Eas): Promise<number> {
  const send = async () => {
    const data = Array.from({ length: BUNDLE }, () => attestation(nextDigest()));
    const options = { ...FREE, gasLimit: 16_700_000 };
    return (await (await eas.getFunction("multiAttest")([{ schema: uid, data }], options)).wait()).gasUsed;
  };
  await send();
  return Number(await send()) / BUNDLE;
}

/** A bare record of digest, owner, time and kind in two slots, called directly or through OpenZeppelin's forwarder. */
async function forwarded({ operator, provider }: BenchNetwork, through: boolean): Promise<number> {
  const deployOne = async (path: string, ...values: unknown[]) => {
    const { abi, bytecode } = readArtifact(path);
    const contract = await new ContractFactory(abi, bytecode, operator).deploy(...values, FREE);
    await contract.waitForDeployment();
    return new Contract(await contract.getAddress(), abi, operator);
  };
  const forwarder = await deployOne("testing/BenchForwarder", "bench");
  const bare = await deployOne("testing/BareRecords", await forwarder.getAddress());
  const send = async () => {
    const digest = nextDigest();
    if (!through) return (await (await bare.getFunction("register")(digest, 1, FREE)).wait()).gasUsed as bigint;
    const request = await signRequest(forwarder, bare, digest, operator, provider);
    return (await (await forwarder.getFunction("execute")(request, FREE)).wait()).gasUsed as bigint;
  };
  await send();
  return Number(await send());
}

async function signRequest(
  forwarder: Contract,
  bare: Contract,
  digest: string,
  owner: Wallet,
  provider: BenchNetwork["provider"],
) {
  const message = {
    from: owner.address,
    to: await bare.getAddress(),
    value: 0,
    gas: 200_000,
    nonce: await forwarder.getFunction("nonces")(owner.address),
    deadline: 4_000_000_000,
    data: bare.interface.encodeFunctionData("register", [digest, 1]),
  };
  const { chainId } = await provider.getNetwork();
  const domain = { name: "bench", version: "1", chainId, verifyingContract: await forwarder.getAddress() };
  const fields = [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "gas", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
    { name: "data", type: "bytes" },
  ];
  return { ...message, signature: await owner.signTypedData(domain, { ForwardRequest: fields }, message) };
}
