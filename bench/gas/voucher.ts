import { encodeBytes32String, id } from "ethers";
import { callOf, DIGITAL_CERTIFICATE, FREE, makePartner } from "../../test/support/partner.ts";
import type { BenchNetwork } from "../support/network.ts";

const REAL_NAME = 5;
const VOUCHERS = 4;

/**
 * A voucher of a partner that recognises the certifications of another one, which all accounts of a measurement have: the
 * dearer case, since an issuer's own users need no recognition.
 */
export async function makeBenchVoucher({ contract, certifier, relay }: BenchNetwork) {
  const { address: issuer, act } = await makePartner(contract, relay, "issuer", VOUCHERS);
  const partners = contract("Partners", "identity/Partners");
  const factory = contract("VoucherFactory", "voucher/VoucherFactory");
  const recognise = callOf(partners, "recognise", [certifier.address, DIGITAL_CERTIFICATE]);
  await act(recognise, callOf(factory, "applyFor", [application()]));
  await (await factory.getFunction("create")(1, { ...FREE, gasLimit: 3_000_000 })).wait();
  const voucher = contract((await factory.getFunction("application")(1)).voucher, "voucher/Voucher");
  const allocate = (to: string, amount: number) => act(callOf(voucher, "allocate", [to, amount]));
  return { voucher, issuer, allocate };
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
