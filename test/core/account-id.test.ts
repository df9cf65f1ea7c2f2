import { expect } from "chai";
import fc from "fast-check";
import { formatAccountId, parseAccountId } from "../../src/core/account-id.ts";
import { codeOf } from "./code-of.ts";

const numbers = fc.oneof(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 1n, max: 20_000_000n }));

describe("account ID", () => {
  it("has Damm's check digit", () => {
    // Damm's own example: 572 has the check digit 4.
    expect(formatAccountId(572)).to.equal("0000-5724");
    expect(parseAccountId("5724")).to.equal(572n);
  });

  it("has at least eight digits in groups of four", () => {
    expect(formatAccountId(1)).to.equal("0000-0013");
    expect(formatAccountId(9_999_999n)).to.match(/^9999-999\d$/);
    expect(formatAccountId(10_000_000n)).to.match(/^1-0000-000\d$/);
    expect(formatAccountId(2n ** 64n - 1n)).to.match(/^1-8446-7440-7370-9551-615\d$/);
  });

  it("comes back from its printed form, whatever spaces, hyphens and digit forms it was typed with", () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom("", " ", "-", "\u00a0", "\u2013", " - "), (number, separator) => {
        const printed = formatAccountId(number);
        expect(parseAccountId(printed)).to.equal(number);
        expect(parseAccountId(` ${printed.replaceAll("-", separator)}\n`)).to.equal(number);
        expect(parseAccountId(printed.replace(/^[0-]+/, ""))).to.equal(number);
        const fullWidth = printed.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
        expect(parseAccountId(fullWidth)).to.equal(number);
      }),
    );
  });

  it("detects every wrong digit", () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const id = formatAccountId(number);
        for (const [index, digit] of [...id].entries()) {
          for (const wrong of "0123456789") {
            if (digit === "-" || wrong === digit) continue;
            const mistyped = id.slice(0, index) + wrong + id.slice(index + 1);
            expect(
              codeOf(() => parseAccountId(mistyped)),
              mistyped,
            ).to.equal("identifier.invalid");
          }
        }
      }),
    );
  });

  it("detects every swap of two neighbouring digits", () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const digits = [...formatAccountId(number).replaceAll("-", "")];
        for (let index = 1; index < digits.length; index++) {
          if (digits[index - 1] === digits[index]) continue;
          const swapped = digits.toSpliced(index - 1, 2, digits[index] as string, digits[index - 1] as string).join("");
          expect(
            codeOf(() => parseAccountId(swapped)),
            swapped,
          ).to.equal("identifier.invalid");
        }
      }),
    );
  });

  it("refuses what is no account ID", () => {
    const wrong = [
      "",
      "0",
      "00",
      "0000-0000",
      "abc",
      "0x13",
      "0000-0013a",
      "-",
      "1".repeat(40),
      "18446744073709551616x",
    ];
    for (const text of wrong)
      expect(
        codeOf(() => parseAccountId(text)),
        text,
      ).to.equal("identifier.invalid");
  });

  it("refuses a number beyond 64 bits even with the right check digit", () => {
    const beyond = [..."0123456789"].map((digit) => `${2n ** 64n}${digit}`);
    for (const text of beyond)
      expect(
        codeOf(() => parseAccountId(text)),
        text,
      ).to.equal("identifier.invalid");
  });

  it("refuses numbers that no account has", () => {
    for (const number of [0, 0n, -1, -1n, 1.5, Number.NaN, 2 ** 53, 2n ** 64n]) {
      expect(
        codeOf(() => formatAccountId(number)),
        String(number),
      ).to.equal("identifier.invalid");
    }
  });
});
