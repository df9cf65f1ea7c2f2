import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import type { Voucher } from "../../../generated/contracts/index.ts";
import { digestOf } from "./actors.ts";
import { signerAt } from "./chain.ts";
import { eventsOf } from "./events.ts";
import { callOf, expectExecuted } from "./operations.ts";
import { enforce } from "./orders.ts";
import { LEVEL, type Participant, type Town } from "./participants.ts";
import { deployed, type Platform, voucherAt } from "./platform.ts";

/** What `VoucherFactory.applyFor` takes. */
export interface Application {
  voucherType: number;
  decimals: number;
  holderLevel: number;
  cap: bigint;
  termsDigest: string;
  declarationDigest: string;
  legalCategory: string;
  name: string;
  symbol: string;
  product: string;
  uri: string;
  redemptionBlocks: number;
  secondary: boolean;
  hands: number;
  holdingBlocks: number;
  periodBlocks: number;
  periodAmount: bigint;
}

/** A complete application for a coupon. */
export function application(changes: Partial<Application> = {}): Application {
  return {
    voucherType: 0,
    decimals: 2,
    holderLevel: LEVEL.realName,
    cap: 1_000n,
    termsDigest: digestOf("terms"),
    declarationDigest: digestOf("declaration"),
    legalCategory: encodeBytes32String("goods-coupon"),
    name: "Milk coupon 牛奶券",
    symbol: "MILK",
    product: "A litre of milk",
    uri: "https://example.org/milk.json",
    redemptionBlocks: 100,
    secondary: true,
    hands: 0,
    holdingBlocks: 0,
    periodBlocks: 0,
    periodAmount: 0n,
    ...changes,
  };
}

/** What `Voucher.setPolicy` takes. */
export interface Policy {
  holderLevel: number;
  secondary: boolean;
  issueMode: number;
  hands: number;
  holdingBlocks: number;
  periodBlocks: number;
  periodAmount: bigint;
}

export const ISSUE_MODE = { open: 0, issuerOnly: 1, halted: 2 } as const;

/** The policy that a voucher of `application()` begins with, and changes of it. */
export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    holderLevel: LEVEL.realName,
    secondary: true,
    issueMode: ISSUE_MODE.open,
    hands: 0,
    holdingBlocks: 0,
    periodBlocks: 0,
    periodAmount: 0n,
    ...changes,
  };
}

/** Units of one side of a settlement. */
export function leg(voucher: Voucher, amount: bigint | number, id = 0) {
  return { voucher: voucher.target as string, id, amount };
}

/** Lets a partner apply for a voucher and the operator create it. */
export async function makeVoucher(p: Town, issuer: Participant, changes: Partial<Application> = {}) {
  expectExecuted(await issuer.call(p.voucherFactory, "applyFor", [application(changes)]));
  const id = await p.voucherFactory.count();
  await p.voucherFactory.connect(p.operator).create(id);
  return voucherAt((await p.voucherFactory.application(id)).voucher);
}

/** Values of `IVoucherSupervision.Measure`. */
export const MEASURE = { cap: 0, policy: 1, freeze: 2, assessment: 3, frozenAmount: 4, forcedTransfer: 5 } as const;

/** Measures that are about a holder, the first argument. */
const ABOUT_HOLDER = ["setFrozenTokens", "forcedTransfer"];

/** Has a regulator order a measure and whom it goes to take it. @returns the number of the order and the events */
export async function ordered(p: Platform, voucher: Voucher, name: string, args: readonly unknown[]) {
  const subject = ABOUT_HOLDER.includes(name) ? args[0] : voucher.target;
  const events = await eventsOf(enforce(p, callOf(voucher, name, args), subject as string));
  return { order: await p.orders.count(), events };
}

/** The voucher, called by whoever Directory names as Redemptions; where nobody is yet, by a contract of the test's. */
export async function asRedemptions(p: Platform, voucher: Voucher): Promise<Voucher> {
  const name = encodeBytes32String("Redemptions");
  if ((await p.directory.addressOf(name)) === ZeroAddress) {
    const contract = await deployed(p.operator, "testing/Probe", []);
    await p.directory.connect(p.operator).register(name, contract, ZeroHash);
  }
  return voucher.connect(await signerAt(await p.directory.addressOf(name)));
}

/** Lets a holder transfer units of a token. */
export function transfer(
  voucher: Voucher,
  from: Participant,
  to: Participant,
  amount: number | bigint,
  id = 0,
  by = from,
) {
  return by.call(voucher, "safeTransferFrom", [from.address, to.address, id, amount, "0x"]);
}

/** Lets a holder transfer several tokens at once. */
export function transferMany(voucher: Voucher, from: Participant, to: Participant, ids: number[], amounts: number[]) {
  return from.call(voucher, "safeBatchTransferFrom", [from.address, to.address, ids, amounts, "0x"]);
}
