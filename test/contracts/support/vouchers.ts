import { encodeBytes32String } from "ethers";
import { digestOf } from "./actors.ts";
import { expectExecuted } from "./operations.ts";
import { LEVEL, type Participant, type Town } from "./participants.ts";
import { voucherAt } from "./platform.ts";

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

/** Lets a partner apply for a voucher and the operator create it. */
export async function makeVoucher(p: Town, issuer: Participant, changes: Partial<Application> = {}) {
  expectExecuted(await issuer.call(p.voucherFactory, "applyFor", [application(changes)]));
  const id = await p.voucherFactory.count();
  await p.voucherFactory.connect(p.operator).create(id);
  return voucherAt((await p.voucherFactory.application(id)).voucher);
}
