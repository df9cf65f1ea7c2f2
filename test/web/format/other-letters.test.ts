import { expect } from "chai";
import { otherLetters } from "../../../src/web/format/other-letters.ts";

describe("web: letters that tell a look-alike", () => {
  it("are named with their code points", () => {
    expect(otherLetters("pаypal", "paypal")).to.deep.equal(["а (U+0430)"]);
    expect(otherLetters("paypal", "pаypаl")).to.deep.equal(["a (U+0061)"]);
    expect(otherLetters("PayPa1", "paypal")).to.deep.equal(["1 (U+0031)"]);
  });

  it("are none where only case, width or spaces differ", () => {
    expect(otherLetters("Ｐａｙ Pal", "paypal")).to.deep.equal([]);
  });

  it("are not more than can be read", () => {
    expect(otherLetters("абвгдежзик", "latin")).to.have.length(6);
  });
});
