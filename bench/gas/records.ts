import { createRequire } from "node:module";
import { Contract, ContractFactory, Interface, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import type { Call } from "../../src/core/execution.ts";
import { sendBundle, signOperation } from "../../test/support/operations.ts";
import type { BenchNetwork } from "../support/network.ts";
import { printTable } from "../support/table.ts";

const DIGEST = id("the same digest for everybody");
const BUNDLE = 50;
const MANY = 400;
/** As many as fit under the gas cap of a transaction (EIP-7825). */
const BARE_MANY = 300;
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

/** What a record costs beside EAS and the least that a contract could do; the same digest for everybody. */
export async function compareRecords(network: BenchNetwork): Promise<void> {
  const recordsAddress = network.addresses.Records ?? "";
  const single = (): Call => ({ target: recordsAddress, data: records.encodeFunctionData("record", [input()]) });
  const many = (count: number): Call => ({
    target: recordsAddress,
    data: records.encodeFunctionData("recordMany", [Array.from({ length: count }, input)]),
  });

  const eas = await deployEas(network);
  const attest = await easAttest(eas);
  const multiAttest = await easMultiAttest(eas);
  const timestamp = await easTimestamp(eas);
  const { direct, forwarder, bareMany } = await bareRecords(network);
  const oneAccount = await bundles(network, 1, single);
  const manyAccounts = await bundles(network, BUNDLE, single);
  const inOperation = await recordMany(network, many);

  console.log("Gas per record; a fresh record each, storage slots of the parties in use already.\n");
  printTable(
    ["", "gas per record", "of EAS attest", "of EAS multiAttest"],
    [
      row("EAS attest, direct, 32 bytes of data", attest, attest, multiAttest),
      row(`EAS multiAttest, ${BUNDLE} a call`, multiAttest, attest, multiAttest),
      row("EAS timestamp (digest and time only)", timestamp, attest, multiAttest),
      row("OpenZeppelin ERC-2771 forwarder to a bare record", forwarder, attest, multiAttest),
      row("bare record, direct call", direct, attest, multiAttest),
      row(`bare records, ${BARE_MANY} in one call`, bareMany, attest, multiAttest),
      row(`BROP record, bundle of ${BUNDLE}, ${BUNDLE} accounts`, manyAccounts, attest, multiAttest),
      row(`BROP record, bundle of ${BUNDLE}, one account`, oneAccount, attest, multiAttest),
      row(`BROP recordMany, ${MANY} in one operation`, inOperation, attest, multiAttest),
    ],
  );
  console.log(`\nsingle record in a bundle of ${BUNDLE}: ${ratio(manyAccounts, attest)} of EAS attest (limit 0.55)`);
  console.log(`recordMany: ${ratio(inOperation, multiAttest)} of EAS multiAttest (limit 0.20)`);
  console.log(`recordMany: ${ratio(inOperation, bareMany)} of a bare two-slot record (limit 1.15)`);
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

async function easTimestamp({ eas }: Eas): Promise<number> {
  const send = async () => (await (await eas.getFunction("timestamp")(nextDigest(), FREE)).wait()).gasUsed;
  await send();
  return Number(await send());
}

/** Bare records of digest, owner, time and kind in two slots: called directly, through a forwarder, many at once. */
async function bareRecords({ operator, provider }: BenchNetwork) {
  const deployOne = async (path: string, ...values: unknown[]) => {
    const { abi, bytecode } = readArtifact(path);
    const contract = await new ContractFactory(abi, bytecode, operator).deploy(...values, FREE);
    await contract.waitForDeployment();
    return new Contract(await contract.getAddress(), abi, operator);
  };
  const forwarder = await deployOne("testing/BenchForwarder", "bench");
  const bare = await deployOne("testing/BareRecords", await forwarder.getAddress());
  const send = async (contract: Contract, name: string, ...values: unknown[]) =>
    Number((await (await contract.getFunction(name)(...values, { ...FREE, gasLimit: 16_700_000 })).wait()).gasUsed);
  const request = () => signRequest(forwarder, bare, nextDigest(), operator, provider);

  await send(bare, "register", nextDigest(), 1);
  const direct = await send(bare, "register", nextDigest(), 1);
  await send(forwarder, "execute", await request());
  const through = await send(forwarder, "execute", await request());
  const bareMany = (await send(bare, "registerMany", Array.from({ length: BARE_MANY }, nextDigest), 1)) / BARE_MANY;
  return { direct, forwarder: through, bareMany };
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
