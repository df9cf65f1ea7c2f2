import { expect } from "chai";
import fc from "fast-check";
import { formatAmount, shareOf } from "../../../src/web/format/amount.ts";

describe("web: amounts", () => {
  it("places the decimal point and leaves out zeros at the end", () => {
    expect(formatAmount("1234500", 2, "en")).to.equal("12,345");
    expect(formatAmount("1234567", 2, "en")).to.equal("12,345.67");
    expect(formatAmount("5", 2, "en")).to.equal("0.05");
    expect(formatAmount("0", 18, "en")).to.equal("0");
  });

  it("loses no digit of any amount", () => {
    const amounts = fc.tuple(fc.bigInt({ min: 0n, max: 1n << 128n }), fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(amounts, ([amount, decimals]) => {
        const [whole = "", fraction = ""] = formatAmount(amount, decimals, "en").replaceAll(",", "").split(".");
        expect(BigInt(whole + fraction.padEnd(decimals, "0"))).to.equal(amount);
      }),
    );
  });

  it("gives the share of a whole between 0 and 1", () => {
    expect(shareOf("1250", "5000")).to.equal(0.25);
    expect(shareOf(10n ** 60n, 4n * 10n ** 60n)).to.equal(0.25);
    expect(shareOf("7", "5")).to.equal(1);
    expect(shareOf("7", "0")).to.equal(0);
  });
});
