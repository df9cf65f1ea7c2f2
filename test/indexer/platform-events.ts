import { AbiCoder, encodeBytes32String, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { address, type Contract, digest, type FakeEvent } from "./fake-chain.ts";

/** Where a fake platform's contracts stand. */
export const CONTRACTS = {
  ...SYSTEM_ADDRESSES,
  LegalDocuments: address(101),
  Partners: address(102),
  AccountFactory: address(103),
  Certifications: address(104),
  Records: address(105),
  VoucherFactory: address(106),
  AccountNames: address(107),
  KeyResets: address(108),
  Agreements: address(109),
  BatchAnchors: address(110),
  TimestampAuthorities: address(111),
  HostedFiles: address(112),
  Orders: address(113),
  Redemptions: address(114),
  Settlements: address(115),
  CustodyProofs: address(116),
};
export type Named = keyof typeof CONTRACTS & Contract;

/** An event of one of the platform's single contracts. */
export function from(contract: Named, event: string, ...values: unknown[]): FakeEvent {
  return { address: CONTRACTS[contract], contract, event, values };
}

/** An event of one of many. */
export function fromInstance(address: string, contract: "Account" | "Voucher", event: string, ...values: unknown[]) {
  return { address, contract, event, values } satisfies FakeEvent;
}

export function listed(contract: Named, target = CONTRACTS[contract], version = 1): FakeEvent {
  return from("Directory", "ContractRegistered", encodeBytes32String(contract), target, version, digest(contract));
}

/** The listings that a deployment makes. */
export const deployment: FakeEvent[][] = (Object.keys(CONTRACTS) as (keyof typeof CONTRACTS)[])
  .filter((contract) => !(contract in SYSTEM_ADDRESSES))
  .map((contract) => [listed(contract as Named)]);

export function accountCreated(account: string, number: number, creator = address(1)): FakeEvent {
  return from("AccountFactory", "AccountCreated", account, number, creator, account);
}

export function certified(account: string, certifier: string, level: number, previous = 0): FakeEvent {
  const identity = digest(`${account} ${level}`);
  return from("Certifications", "Certified", account, certifier, level, false, 1_900_000_000, identity, previous);
}

export interface FakeRecord {
  data: string;
  owner: string;
  subject?: string;
  kind?: number;
  businessKey?: string;
  refersTo?: string;
  responsible?: string;
}

export function recordIdOf({ data, owner, subject = ZeroHash }: FakeRecord): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(["address", "bytes32", "bytes32"], [owner, digest(data), subject]);
  return keccak256(encoded);
}

export function recorded(record: FakeRecord): FakeEvent {
  const { data, owner, subject = ZeroHash, kind = 0, businessKey = ZeroHash } = record;
  const { refersTo = ZeroHash, responsible = ZeroAddress } = record;
  const values = [0x12, kind, responsible, businessKey, refersTo];
  return from("Records", "Recorded", digest(data), owner, subject, ...values);
}

/** The two events of a link; `previous` is the data of the link before it. */
export function linked(object: string, index: number, data: string, owner: string, previous?: string): FakeEvent[] {
  const record = { data, owner, subject: object };
  const before = previous === undefined ? ZeroHash : digest(previous);
  return [recorded(record), from("Records", "Linked", object, recordIdOf(record), index, before, digest(data))];
}

export function operationIncluded(hash: string, sender: string, nonce: bigint, success = true): FakeEvent[] {
  const charged = from("Quota", "Charged", sender, sender, 1_100);
  const values = [hash, sender, ZeroAddress, nonce, success, 0, 90_000];
  const ended = from("EntryPoint", "UserOperationEvent", ...values);
  if (success) return [charged, ended];
  return [charged, from("EntryPoint", "UserOperationRevertReason", hash, sender, nonce, "0x08c379a0"), ended];
}

export function voucherApplied(id: number, issuer: string, name = "Tea coupon"): FakeEvent {
  const category = encodeBytes32String("goods-coupon");
  const application = [
    0,
    2,
    5,
    1_000_000n,
    digest("terms"),
    digest("declaration"),
    category,
    name,
    "TEA",
    "Tea",
    "https://tea.example",
    28_800,
    true,
    0,
    0,
    0,
    0n,
  ];
  return from("VoucherFactory", "VoucherApplied", id, issuer, application);
}

export function voucherCreated(id: number, issuer: string, voucher: string): FakeEvent {
  return from("VoucherFactory", "VoucherCreated", id, issuer, voucher);
}

export function transferred(voucher: string, sender: string, recipient: string, amount: bigint, lot = 0n): FakeEvent {
  return fromInstance(voucher, "Voucher", "TransferSingle", sender, sender, recipient, lot, amount);
}

export function allocated(
  voucher: string,
  issuer: string,
  to: string,
  amount: bigint,
  circulating: bigint,
): FakeEvent[] {
  return [
    fromInstance(voucher, "Voucher", "TransferSingle", issuer, ZeroAddress, to, 0n, amount),
    fromInstance(voucher, "Voucher", "Allocated", to, 0n, amount, circulating),
  ];
}
