import { Contract, encodeBytes32String, type InterfaceAbi, id, type Signer, Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { encodeExecute } from "../../../src/core/execution.ts";
import { encodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";
import { pack, type UserOperation, userOperationHash } from "../../../src/core/user-operation.ts";

const APPLICANT = 1;
const DEADLINE_BLOCKS = 1_000;
const YEAR = 365 * 24 * 3600;
const AGREEMENT = encodeBytes32String("partner-agreement");
const FREE = { gasPrice: 0 };

/** An account with the small quota of an applicant, and what it needs to use it. */
export interface QuotaAccount {
  address: string;
  key: Wallet;
  chainId: number;
  legalDocuments: Contract;
}

/** Lets the operator, as admission party, create an account and certify it as applicant. */
export async function openAccount(operator: Signer, chainId: number): Promise<QuotaAccount> {
  const key = new Wallet(id("applicant"));
  const accountFactory = await contract("AccountFactory", abi.AccountFactory, operator);
  const certifications = await contract("Certifications", abi.Certifications, operator);
  const legalDocuments = await contract("LegalDocuments", abi.LegalDocuments, operator);
  const salt = encodeBytes32String("applicant");
  const address = await accountFactory.getFunction("addressOf")(await operator.getAddress(), key.address, salt);
  await done(accountFactory.getFunction("create")(key.address, salt, FREE));
  const expiry = Math.floor(Date.now() / 1000) + YEAR;
  await done(certifications.getFunction("certify")(address, APPLICANT, false, expiry, id("applies"), FREE));
  return { address, key, chainId, legalDocuments };
}

/** A bundle with an operation that costs more than the account can have: its bytes alone do. */
export async function exhaustingBundle(account: QuotaAccount, relay: Signer): Promise<string> {
  return bundle(account, relay, "a".repeat(30_000));
}

/** A bundle that the account can pay; whether its execution succeeds does not matter. */
export async function modestBundle(account: QuotaAccount, relay: Signer): Promise<string> {
  return bundle(account, relay, "https://example.org/copy");
}

async function bundle({ address, key, chainId, legalDocuments }: QuotaAccount, relay: Signer, location: string) {
  const data = legalDocuments.interface.encodeFunctionData("sign", [AGREEMENT, 1, id("copy"), location, "0x"]);
  const height = await operatorProvider(legalDocuments).getBlockNumber();
  const operation: UserOperation = {
    sender: address,
    nonce: encodeSerial({ deadlineBlock: height + DEADLINE_BLOCKS }),
    callData: encodeExecute([{ target: legalDocuments.target as string, data }]),
    callGasLimit: 1_000_000n,
    verificationGasLimit: 3_000_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: "0x",
  };
  const hash = userOperationHash(operation, SYSTEM_ADDRESSES.EntryPoint, chainId);
  const signed = { ...operation, signature: key.signingKey.sign(hash).serialized };
  return encodeHandleOps([pack(signed)], await relay.getAddress());
}

function operatorProvider(contract: Contract) {
  const provider = contract.runner?.provider;
  if (!provider) throw new Error("The operator is not connected");
  return provider;
}

async function contract(name: string, contractAbi: InterfaceAbi, operator: Signer): Promise<Contract> {
  const directory = new Contract(SYSTEM_ADDRESSES.Directory, abi.Directory, operator);
  const address = await directory.getFunction("addressOf")(encodeBytes32String(name));
  return new Contract(address, contractAbi, operator);
}

async function done(sent: Promise<{ wait: () => Promise<unknown> }>): Promise<void> {
  await (await sent).wait();
}
