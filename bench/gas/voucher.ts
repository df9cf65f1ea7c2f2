import { type Contract, encodeBytes32String, id, Wallet } from "ethers";
import type { Call } from "../../src/core/execution.ts";
import { signNestedTypedData } from "../../src/sdk/nested-signature.ts";
import { type BenchNetwork, CHAIN_ID } from "../support/network.ts";
import { sendBundle, signOperation } from "../support/operations.ts";

const FREE = { gasPrice: 0, type: 0 };
const AGREEMENT = encodeBytes32String("partner-agreement");
const DIGITAL_CERTIFICATE = 6;
const REAL_NAME = 5;
const VOUCHERS = 4;

/**
 * A voucher of a partner that recognises the operator's certifications, which all accounts of a measurement have: the
 * dearer case, since an issuer's own users need no recognition.
 */
export async function makeBenchVoucher(network: BenchNetwork) {
  const { contract, createAccount, provider, relay } = network;
  const owner = new Wallet(Wallet.createRandom().privateKey);
  const issuer = await createAccount(owner);
  const act = async (...calls: Call[]) => {
    const deadlineBlock = (await provider.getBlockNumber()) + 100;
    const limits = { callGasLimit: 6_000_000n, verificationGasLimit: 1_000_000n };
    await sendBundle(relay, [signOperation({ account: issuer, owner, calls, deadlineBlock, ...limits })]);
  };
  const call = (target: Contract, name: string, values: readonly unknown[]): Call => ({
    target: target.target as string,
    data: target.interface.encodeFunctionData(name, values),
  });
  const send = async (target: Contract, name: string, ...values: unknown[]) =>
    (await target.getFunction(name)(...values, { ...FREE, gasLimit: 3_000_000 })).wait();

  const documents = contract("LegalDocuments", "governance/LegalDocuments");
  await send(documents, "publish", AGREEMENT, id("agreement"), "https://example.org/agreement");
  const signature = await signAgreement(owner, issuer, documents.target as string);
  await act(call(documents, "sign", [AGREEMENT, 1, id("copy"), "https://example.org/copy", signature]));
  const partners = contract("Partners", "identity/Partners");
  await send(partners, "admit", issuer, VOUCHERS, AGREEMENT, "bench");

  const factory = contract("VoucherFactory", "voucher/VoucherFactory");
  const operator = await (factory.runner as Wallet).getAddress();
  await act(call(partners, "recognise", [operator, DIGITAL_CERTIFICATE]), call(factory, "applyFor", [application()]));
  await send(factory, "create", 1);
  const voucher = contract((await factory.getFunction("application")(1)).voucher, "voucher/Voucher");
  const allocate = (to: string, amount: number) => act(call(voucher, "allocate", [to, amount]));
  return { voucher, issuer, allocate };
}

/** The institution's account signs the document in force (GO-1). */
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

function application() {
  return {
    voucherType: 0,
    decimals: 0,
    holderLevel: REAL_NAME,
    cap: 1_000_000_000n,
    termsDigest: id("terms"),
    declarationDigest: id("declaration"),
    legalCategory: encodeBytes32String("goods-coupon"),
    name: "Bench",
    symbol: "BENCH",
    product: "bench",
    uri: "https://example.org/bench.json",
    redemptionBlocks: 201_600,
    secondary: true,
    hands: 0,
    holdingBlocks: 0,
    periodBlocks: 0,
    periodAmount: 0,
  };
}
