import { expect } from "chai";
import fc from "fast-check";
import { CONFUSABLES } from "../../../src/core/unicode/confusables-data.ts";
import { skeleton } from "../../../src/core/unicode/skeleton.ts";

const alike: [what: string, one: string, other: string][] = [
  ["Cyrillic letters in a Latin word", "paypal", "p\u0430yp\u0430l"],
  ["a small L, a one and a capital i", "l1I|", "llll"],
  ["a zero and a capital o", "O0", "OO"],
  ["r and n for an m", "rn", "m"],
  ["mathematical letters", "ruby", "\u{1d563}\u{1d566}\u{1d553}\u{1d56a}"],
  ["a word all of another script", "\u0440\u043e\u0441\u0430", "poca"],
  ["composed and decomposed letters", "\u00e9", "e\u0301"],
  ["marks in another order", "a\u0323\u0307", "a\u0307\u0323"],
  ["a zero-width joiner", "paypal", "pay\u200dpal"],
  ["a soft hyphen and a variation selector", "paypal", "pay\u00adpal\ufe0f"],
  ["tortoise-shell brackets", "(a)", "\u3014a\u3015"],
  ["katakana and Han of the same strokes", "\u30ed", "\u53e3"],
  ["middle dots", "\u00b7", "\u2022"],
];

const apart: [what: string, one: string, other: string][] = [
  ["letters that only sound alike", "f", "v"],
  ["upper and lower case, which are folded elsewhere", "a", "A"],
  ["Han characters of nearly the same strokes", "\u5df1\u5df2\u5df3", "\u5df2\u5df3\u5df1"],
  ["the simplified and the traditional form", "\u56fd", "\u570b"],
  ["not yet and the end", "\u672a", "\u672b"],
  ["sun and say", "\u65e5", "\u66f0"],
  ["a letter with its mark and without", "\u00f1", "n"],
];

describe("skeleton", () => {
  for (const [what, one, other] of alike) {
    it(`is the same with ${what}`, () => expect(skeleton(one)).to.equal(skeleton(other)));
  }

  for (const [what, one, other] of apart) {
    it(`keeps apart ${what}`, () => expect(skeleton(one)).not.to.equal(skeleton(other)));
  }

  it("knows every character of the Unicode Consortium's file", () => {
    const steps = CONFUSABLES.trim()
      .split(/\s+/)
      .flatMap((entry) => (entry.split("=")[1] ?? "").split(","));
    expect(steps).to.have.length(6_565);
  });

  it("is stable: the skeleton of a skeleton is itself, for whatever text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // Some prototypes hold a character that another row replaces: UTS 39 asks for one pass, and a second ends it.
        const once = skeleton(skeleton(text));
        expect(skeleton(once)).to.equal(once);
      }),
    );
  });

  it("does not depend on the form in which a text is composed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(skeleton(text.normalize("NFD"))).to.equal(skeleton(text.normalize("NFC")));
      }),
    );
  });
});
