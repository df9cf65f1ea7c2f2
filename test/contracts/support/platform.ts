import {
  Contract,
  ContractFactory,
  encodeBytes32String,
  getAddress,
  type InterfaceAbi,
  id,
  type Signer,
  toBeHex,
} from "ethers";
import { abi } from "../../../generated/abi.ts";
import type {
  Account,
  AccountFactory,
  AccountNames,
  Admission,
  Agreements,
  BatchAnchors,
  Certifications,
  Council,
  CustodyProofs,
  Directory,
  HostedFiles,
  KeyResets,
  LegalDocuments,
  Orders,
  Partners,
  Quota,
  Records,
  Redemptions,
  Settlements,
  TimestampAuthorities,
  ValidatorSet,
  Voucher,
  VoucherFactory,
  WeightedSigners,
} from "../../../generated/contracts/index.ts";
import { deploy } from "../../../scripts/deployment/deploy.ts";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { walletOf } from "./actors.ts";
import { applyGenesis, CHAIN_ID, ethers, signerAt } from "./chain.ts";
import { emptyChain, startFrom } from "./fixtures.ts";

/** Keys of the platform's parties. The relays' addresses are admitted in genesis. */
export const SEATS = ["seat 1", "seat 2", "seat 3", "seat 4"].map((name) => walletOf(name).address);
export const relayAddress = walletOf("relay").address;
export const otherRelayAddress = walletOf("other relay").address;
export const COUNCIL_DELAY = 5;
export const COUNCIL_LIFETIME = 1_000;
/** Where a proxy keeps the address of its code (ERC-1967). */
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);
export const AGREEMENT = encodeBytes32String("partner-agreement");

/** A network with everything deployed and nobody on it yet. */
export type Platform = Awaited<ReturnType<typeof deployPlatform>>;

/** The deployed platform; each call starts from the same snapshot. */
export async function platform(): Promise<Platform> {
  return startFrom(deployPlatform);
}

/** What the network of the tests was founded with. */
export const GENESIS = {
  chainId: CHAIN_ID,
  operator: walletOf("operator").address,
  seats: SEATS,
  relays: [relayAddress, otherRelayAddress],
  admissionParties: [walletOf("admission party").address],
  regulators: [walletOf("regulator").address],
  council: { delayBlocks: COUNCIL_DELAY, lifetimeBlocks: COUNCIL_LIFETIME },
};

/** A network in its first block: nothing is deployed yet. @returns its operator */
export async function foundedNetwork() {
  return startFrom(foundNetwork);
}

async function foundNetwork() {
  await startFrom(emptyChain);
  await applyGenesis(GENESIS);
  return signerAt(GENESIS.operator);
}

async function deployPlatform() {
  const operator = await foundedNetwork();
  await signerAt(relayAddress);
  await signerAt(otherRelayAddress);
  const { addresses } = await deploy(operator);
  const at = contractAt;
  return {
    genesis: GENESIS,
    addresses,
    operator,
    admissionParty: await signerAt(walletOf("admission party").address),
    regulator: await signerAt(walletOf("regulator").address),
    stranger: await signerAt(walletOf("stranger").address),
    seats: await Promise.all(SEATS.map(signerAt)),
    council: at<Council>("Council", SYSTEM_ADDRESSES.Council),
    directory: at<Directory>("Directory", SYSTEM_ADDRESSES.Directory),
    admission: at<Admission>("Admission", SYSTEM_ADDRESSES.Admission),
    quota: at<Quota>("Quota", SYSTEM_ADDRESSES.Quota),
    validatorSet: at<ValidatorSet>("ValidatorSet", SYSTEM_ADDRESSES.ValidatorSet),
    accessManager: at<Contract>("AccessManager", SYSTEM_ADDRESSES.AccessManager),
    entryPoint: at<Contract>("EntryPoint", SYSTEM_ADDRESSES.EntryPoint),
    legalDocuments: at<LegalDocuments>("LegalDocuments", addresses.LegalDocuments),
    orders: at<Orders>("Orders", addresses.Orders),
    partners: at<Partners>("Partners", addresses.Partners),
    accountFactory: at<AccountFactory>("AccountFactory", addresses.AccountFactory),
    certifications: at<Certifications>("Certifications", addresses.Certifications),
    keyResets: at<KeyResets>("KeyResets", addresses.KeyResets),
    weightedSigners: at<WeightedSigners>("WeightedSigners", addresses.WeightedSigners),
    accountNames: at<AccountNames>("AccountNames", addresses.AccountNames),
    records: at<Records>("Records", addresses.Records),
    batchAnchors: at<BatchAnchors>("BatchAnchors", addresses.BatchAnchors),
    agreements: at<Agreements>("Agreements", addresses.Agreements),
    hostedFiles: at<HostedFiles>("HostedFiles", addresses.HostedFiles),
    timestampAuthorities: at<TimestampAuthorities>("TimestampAuthorities", addresses.TimestampAuthorities),
    voucherFactory: at<VoucherFactory>("VoucherFactory", addresses.VoucherFactory),
    custodyProofs: at<CustodyProofs>("CustodyProofs", addresses.CustodyProofs),
    redemptions: at<Redemptions>("Redemptions", addresses.Redemptions),
    settlements: at<Settlements>("Settlements", addresses.Settlements),
  };
}

/** A contract of the platform at an address. */
export function contractAt<T>(name: keyof typeof abi, address: string | undefined): T {
  return new Contract(address ?? "", abi[name] as InterfaceAbi, ethers.provider) as unknown as T;
}

/** An account of the platform as a contract. */
export function accountAt(address: string): Account {
  return contractAt<Account>("Account", address);
}

/** A voucher of the platform as a contract. */
export function voucherAt(address: string): Voucher {
  return contractAt<Voucher>("Voucher", address);
}

/** The code behind a proxy; undefined for an address that is none. */
export async function implementationOf(proxy: string): Promise<string | undefined> {
  const word = await ethers.provider.getStorage(proxy, IMPLEMENTATION_SLOT);
  return BigInt(word) === 0n ? undefined : getAddress(`0x${word.slice(26)}`);
}

/** Lets the operator create a contract. @returns its address */
export async function deployed(operator: Signer, path: string, inputs: readonly unknown[]): Promise<string> {
  const { abi, bytecode } = readArtifact(path);
  const contract = await new ContractFactory(abi, bytecode, operator).deploy(...inputs, { gasLimit: 12_000_000 });
  return contract.getAddress();
}

/** Lets the operator list a contract in Directory. */
export async function listed({ directory, operator }: Platform, name: string, address: string): Promise<void> {
  await directory.connect(operator).register(encodeBytes32String(name), address, id(name));
}
