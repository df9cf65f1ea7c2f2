import { expect } from "chai";
import fc from "fast-check";
import { wrap } from "../../../examples/food-traceability/wrap.ts";

describe("wrap", () => {
  it("breaks between words and loses none", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (text, width) => {
        const lines = wrap(text.join(" "), width);
        expect(lines.join(" ")).to.equal(text.join(" "));
        for (const line of lines) expect(line.length).to.be.at.most(width);
      }),
    );
  });

  it("leaves a word whole that is longer than a line", () => {
    expect(wrap("a 0123456789 b", 5)).to.deep.equal(["a", "0123456789", "b"]);
  });
});
