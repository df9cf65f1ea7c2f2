import { id, TypedDataEncoder, type Wallet } from "ethers";
import {
  custodyProofId,
  leafKey,
  STATEMENT_TYPES,
  type Statement,
  statementDigest,
  statementDomain,
} from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import type { SumCommitment, SumLeafProof } from "../../../src/core/merkle-sum-proof.ts";
import { blockNumber, CHAIN_ID, networkHelpers } from "./chain.ts";
import { startFrom } from "./fixtures.ts";
import { expectExecuted } from "./operations.ts";
import { certify, LEVEL, type Participant, town } from "./participants.ts";
import { nestedSignature } from "./personal-signature.ts";
import { makeVoucher } from "./vouchers.ts";

/** What the exchange owes its users, by name. The total is its balance. */
export const OWED = { ann: 500n, ben: 300n, cai: 0n, dan: 150n, eve: 50n } as const;
export type Name = keyof typeof OWED;
export const TOTAL = 1_000n;

const saltOf = (name: string) => id(`salt of ${name}`);
/** Key of a user's leaf. Only that it contains an account matters here, not which one. */
export const keyOf = (name: string) => leafKey(id(name).slice(0, 42), saltOf(name));
export const leafOf = (name: string, amount: bigint) => ({ key: keyOf(name), amount });
export const honestLeaves = () => Object.entries(OWED).map(([name, amount]) => leafOf(name, amount));

/** As the contract takes a tree and a leaf. */
export const treeOf = ({ root, total, count }: SumCommitment) => [root, total, count] as const;
export const proofOf = ({ index, key, amount, siblings }: SumLeafProof) =>
  [index, key, amount, siblings.map(({ hash, sum }) => [hash, sum])] as const;

/** A town in which dairy is an exchange and holds a thousand of the bank's vouchers. */
async function settle() {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank);
  const exchange = p.dairy;
  expectExecuted(await certify(p, p.bank, exchange, LEVEL.realName));
  expectExecuted(await exchange.call(voucher, "openCustody", []));
  expectExecuted(await p.bank.call(voucher, "allocate", [exchange.address, TOTAL]));
  await networkHelpers.mine(1);
  const addresses = { custody: await p.custodyProofs.getAddress(), units: await voucher.getAddress() };
  return { ...p, voucher, exchange, ...addresses };
}

export type Exchange = Awaited<ReturnType<typeof settle>>;
export const exchangeTown = (): Promise<Exchange> => startFrom(settle);

/** Lets the exchange publish a tree for the last block. */
export async function publish(p: Exchange, tree: SumCommitment = new MerkleSumTree(honestLeaves())) {
  const block = await blockNumber();
  const events = expectExecuted(await p.exchange.call(p.custodyProofs, "publish", [p.units, block, treeOf(tree)]));
  const proof = custodyProofId(p.exchange.address, p.units, block);
  return { id: proof, block, tree, events };
}

export type Published = Awaited<ReturnType<typeof publish>>;

/** The statement of the exchange for a user, and its digest. */
export async function stated(p: Exchange, { block }: Published, name: string, amount: bigint, changes: object = {}) {
  const statement: Statement = {
    exchange: p.exchange.address,
    voucher: p.units,
    blockNumber: block,
    leafKey: keyOf(name),
    amount,
    ...changes,
  };
  return { statement, digest: statementDigest(statement, p.custody, CHAIN_ID) };
}

/** Signature of an account over a statement, in the form that wallets show in full (ERC-7739). */
export function sign(p: Exchange, statement: Statement, account: string, wallet: Wallet, chainId = CHAIN_ID): string {
  const name = "record" in statement ? "DeclaredStatement" : "CustodyStatement";
  const encoder = TypedDataEncoder.from({ [name]: STATEMENT_TYPES[name] });
  const domain = { ...statementDomain(p.custody, chainId), chainId };
  const data = { domain, type: encoder.encodeType(name), contentsHash: encoder.hashStruct(name, statement) };
  return nestedSignature(account, data, wallet, chainId);
}

/** What a user holds in hand: the exchange's signed word. */
export async function signedStatement(
  p: Exchange,
  published: Published,
  name: string,
  amount: bigint,
  changes: object = {},
  signer: Participant = p.exchange,
) {
  const { statement, digest } = await stated(p, published, name, amount, changes);
  return { statement, digest, signature: sign(p, statement, signer.address, signer.wallet) };
}
