import { type Contract, encodeBytes32String, id, Wallet } from "ethers";
import type { Call } from "../../src/core/execution.ts";
import { signNestedTypedData } from "../../src/sdk/nested-signature.ts";
import { CHAIN_ID } from "./chain-id.ts";
import { sendBundle, signOperation } from "./operations.ts";

/** Contracts by name, connected to the operator's key. */
export type ContractAt = (name: string, path: string) => Contract;

/** A partner of the network. */
export interface BenchPartner {
  address: string;
  /** Sends calls of its account as one operation. */
  act(...calls: Call[]): Promise<void>;
}

export const FREE = { gasPrice: 0, type: 0 };
export const DIGITAL_CERTIFICATE = 6;
const APPLICANT = 1;
const VOLUME_CLASS = 17;
const YEAR = 31_536_000;
const AGREEMENT = encodeBytes32String("partner-agreement");
const SALT = encodeBytes32String("bench");

/** Creates an account, for which nobody answers yet. */
export async function createBareAccount(contract: ContractAt, owner: Wallet): Promise<string> {
  const factory = contract("AccountFactory", "account/AccountFactory");
  const creator = await (factory.runner as Wallet).getAddress();
  await (await factory.getFunction("create")(owner.address, SALT, FREE)).wait();
  return factory.getFunction("addressOf")(creator, owner.address, SALT);
}

/** Gives an account the quota class of a large partner. */
export async function assignQuota(contract: ContractAt, account: string): Promise<void> {
  const quota = contract("Quota", "quota/Quota");
  await (await quota.getFunction("assignClass")(account, VOLUME_CLASS, FREE)).wait();
}

/** The call that certifies an account for a year at the highest level. */
export function certifyCall(contract: ContractAt, account: string): Call {
  const values = [account, DIGITAL_CERTIFICATE, false, Math.floor(Date.now() / 1000) + YEAR, id(account)];
  return callOf(contract("Certifications", "identity/Certifications"), "certify", values);
}

export function callOf(target: Contract, name: string, values: readonly unknown[]): Call {
  return { target: target.target as string, data: target.interface.encodeFunctionData(name, values) };
}

/** Takes an institution all the way to an admitted partner (GO-1). The agreement has to be published before. */
export async function makePartner(
  contract: ContractAt,
  relay: Wallet,
  name: string,
  permissions: number,
): Promise<BenchPartner> {
  const owner = new Wallet(Wallet.createRandom().privateKey);
  const address = await createBareAccount(contract, owner);
  const send = async (target: Contract, fn: string, ...values: unknown[]) =>
    (await target.getFunction(fn)(...values, { ...FREE, gasLimit: 3_000_000 })).wait();
  const act = async (...calls: Call[]) => {
    const deadlineBlock = ((await relay.provider?.getBlockNumber()) ?? 0) + 100;
    const limits = { callGasLimit: 6_000_000n, verificationGasLimit: 1_000_000n };
    await sendBundle(relay, [signOperation({ account: address, owner, calls, deadlineBlock, ...limits })]);
  };
  const certifications = contract("Certifications", "identity/Certifications");
  const documents = contract("LegalDocuments", "governance/LegalDocuments");
  const expiry = Math.floor(Date.now() / 1000) + YEAR;
  await send(certifications, "certify", address, APPLICANT, false, expiry, id(name));
  await assignQuota(contract, address);
  await act(await signCall(documents, owner, address));
  await send(contract("Partners", "identity/Partners"), "admit", address, permissions, AGREEMENT, name);
  await send(certifications, "certify", address, DIGITAL_CERTIFICATE, false, expiry, id(name));
  return { address, act };
}

export async function publishAgreement(contract: ContractAt): Promise<void> {
  const documents = contract("LegalDocuments", "governance/LegalDocuments");
  const values = [AGREEMENT, id("agreement"), "https://example.org/agreement"];
  await (await documents.getFunction("publish")(...values, FREE)).wait();
}

/** The call with which an institution's account signs the agreement's first version. */
export async function signCall(documents: Contract, owner: Wallet, account: string): Promise<Call> {
  const signature = await signAgreement(owner, account, documents.target as string);
  return callOf(documents, "sign", [AGREEMENT, 1, id("copy"), "https://example.org/copy", signature]);
}

function signAgreement(owner: Wallet, account: string, verifyingContract: string): Promise<string> {
  const chainId = BigInt(CHAIN_ID);
  const domain = { name: "BROP LegalDocuments", version: "1", chainId, verifyingContract };
  const fields = [
    { name: "document", type: "bytes32" },
    { name: "version", type: "uint32" },
    { name: "digest", type: "bytes32" },
    { name: "signedDigest", type: "bytes32" },
    { name: "account", type: "address" },
  ];
  const content = { document: AGREEMENT, version: 1, digest: id("agreement"), signedDigest: id("copy"), account };
  return signNestedTypedData(owner, { account, chainId }, domain, { LegalDocument: fields }, content);
}
