import { readFile } from "node:fs/promises";
import { encodeBytes32String, type Interface, type TransactionReceipt } from "ethers";
import { type Account, bytesToHex, digestBytes, LEVELS } from "../../src/sdk/index.ts";
import { paidStep, type Stage } from "./stage.ts";

const INPUT = new URL("./input/", import.meta.url);
const SPLITTABLE = 0;
/** Token of a splittable voucher. */
const TOKEN = 0;

/** What became of the coupons. */
export interface CouponResult {
  voucher: string;
  name: string;
  allocated: number;
  transferred: number;
  balances: { ming: number; lan: number };
}

/**
 * A coupon on the product: the supermarket applies, the operator creates the contract, the supermarket allocates
 * five coupons to one consumer, who gives two of them to another one (VO-1, VO-3, VO-4).
 *
 * @param issuer the supermarket
 * @param recognised partner whose certifications the issuer accepts too: the one that certified the second consumer
 */
export async function issueCoupons(
  stage: Stage,
  issuer: Account,
  recognised: Account,
  { ming, lan }: { ming: Account; lan: Account },
): Promise<CouponResult> {
  const { brop } = stage;
  const name = "Mist Valley spring tea coupon";
  const [voucher] = await Promise.all([
    paidStep(stage, "Lantern Market applies for a coupon, the operator creates it", () =>
      createVoucher(stage, issuer, name),
    ),
    recognise(stage, issuer, recognised),
  ]);
  const contract = brop.voucher(voucher);
  await paidStep(stage, "Lantern Market allocates 5 coupons to Zhou Ming", async () => {
    const response = await contract.connect(issuer).allocate(ming.address, 5);
    await response.wait();
  });
  await paidStep(stage, "Zhou Ming gives 2 coupons to Xu Lan", async () => {
    const response = await contract.connect(ming).safeTransferFrom(ming.address, lan.address, TOKEN, 2, "0x");
    await response.wait();
  });
  const balanceOf = async (account: Account) => Number(await contract.balanceOf(account.address, TOKEN));
  const balances = { ming: await balanceOf(ming), lan: await balanceOf(lan) };
  return { voucher, name, allocated: 5, transferred: 2, balances };
}

/** @returns address of the voucher's contract */
async function createVoucher({ brop, operator }: Stage, issuer: Account, name: string): Promise<string> {
  const { voucherFactory } = brop.contracts;
  const application = await voucherFactory.connect(issuer).applyFor({
    voucherType: SPLITTABLE,
    decimals: 0,
    holderLevel: LEVELS["real-name"],
    cap: 1_000,
    termsDigest: await digestOf("coupon-terms.txt"),
    declarationDigest: await digestOf("coupon-declaration.txt"),
    legalCategory: encodeBytes32String("goods-coupon"),
    name,
    symbol: "MISTTEA",
    product: "20 yuan off one tin of Mist Valley spring green tea, 250 g",
    uri: "https://supermarket.example/coupons/misttea/{id}.json",
    redemptionBlocks: 28_800,
    // Holders may pass the coupon on, without further limits.
    secondary: true,
    ...{ hands: 0, holdingBlocks: 0, periodBlocks: 0, periodAmount: 0 },
  });
  const applied = eventOf(await application.wait(), voucherFactory.interface, "VoucherApplied");
  const creation = await voucherFactory.connect(operator).create(applied.id);
  return eventOf(await creation.wait(), voucherFactory.interface, "VoucherCreated").voucher;
}

/** The issuer accepts holders that another partner certified by name (ID-6), unless it does so already. */
async function recognise(stage: Stage, issuer: Account, other: Account): Promise<void> {
  const { partners } = stage.brop.contracts;
  const level = LEVELS["real-name"];
  const known = await partners.recognition(issuer.address, other.address);
  if (known !== 0n && known <= BigInt(level)) return;
  await paidStep(stage, "Lantern Market recognises whom the cooperative certifies", async () => {
    const response = await partners.connect(issuer).recognise(other.address, level);
    await response.wait();
  });
}

/** The arguments of the first event of that name in a receipt. */
function eventOf(receipt: TransactionReceipt | null, contract: Interface, name: string) {
  for (const log of receipt?.logs ?? []) {
    const event = contract.parseLog(log);
    if (event?.name === name) return event.args;
  }
  throw new Error(`the receipt has no event ${name}`);
}

async function digestOf(file: string): Promise<string> {
  return bytesToHex(digestBytes(await readFile(new URL(file, INPUT))));
}
