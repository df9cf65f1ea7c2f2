import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import fc from "fast-check";
import { accountName, NAME_KINDS, type NameKind, nameSkeletons } from "../../src/core/account-name.ts";
import { codeOf } from "./code-of.ts";

const certified = (text: string) => accountName(text, "certified");
const custom = (text: string) => accountName(text, "custom");

/** Whether AccountNames would take one of two names for the other. */
function clash(one: { lookSkeleton: string; letterSkeleton: string }, other: typeof one): boolean {
  const skeletons = [other.lookSkeleton, other.letterSkeleton];
  return skeletons.includes(one.lookSkeleton) || skeletons.includes(one.letterSkeleton);
}

describe("account name", () => {
  it("has the contract's numbers for its kinds", () => {
    expect(NAME_KINDS).to.deep.equal({ certified: 1, custom: 2 });
  });

  describe("normalised", () => {
    const forms: [kind: NameKind, typed: string, name: string][] = [
      ["certified", "上海（集团）有限公司", "上海（集团）有限公司"],
      ["certified", " 上海(集团)  有限公司\u3000", "上海(集团) 有限公司"],
      ["certified", "Ａｃｍｅ\u00a0\u2003Ｌｔｄ．", "Acme Ltd."],
      ["certified", "阿卜杜拉•买买提", "阿卜杜拉·买买提"],
      ["certified", "阿卜杜拉・买买提", "阿卜杜拉·买买提"],
      ["certified", "ｿﾆｰ･ミュージック", "ソニー・ミュージック"],
      ["certified", "Jean–Luc O’Neil", "Jean-Luc O’Neil"],
      ["certified", "Cafe\u0301 & Co.", "Café & Co."],
      ["certified", "AT&T", "AT&T"],
      ["certified", "7-Eleven, Inc.", "7-Eleven, Inc."],
      ["certified", "腾讯QQ", "腾讯QQ"],
      ["certified", "王䶮\u{2b5ae}", "王䶮\u{2b5ae}"],
      ["custom", "PayPal", "paypal"],
      ["custom", "ＭＩＬＫ＿Bar", "milk_bar"],
      ["custom", "Straße", "strasse"],
      ["custom", "İstanbul", "istanbul"],
      ["custom", "İ\u0301a", "ía"],
      ["custom", "ΟΔΟΣ", "οδοσ"],
      ["custom", "老王.1号", "老王.1号"],
      ["custom", " alice ", "alice"],
    ];
    for (const [kind, typed, name] of forms) {
      it(`${kind}: ${JSON.stringify(typed)} is ${name}`, () => {
        expect(accountName(typed, kind)).to.include({ name, kind });
      });
    }

    it("stays as it is when it is normalised again", () => {
      const unit = fc.constantFrom(..."aIlİßéΣжЯ漢（）(・·•- .,&１号あソ", "\u0301", "\u3000");
      fc.assert(
        fc.property(
          fc.string({ unit, minLength: 1, maxLength: 12 }),
          fc.constantFrom("certified", "custom"),
          (text, kind) => {
            const once = attempt(text, kind as NameKind);
            if (once !== undefined) expect(accountName(once.name, kind as NameKind)).to.deep.equal(once);
          },
        ),
        { numRuns: 2_000 },
      );
    });
  });

  describe("is refused", () => {
    const refusals: [why: string, kind: NameKind, text: string, code: string][] = [
      ["Cyrillic in a Latin word", "certified", "p\u0430ypal", "name.scripts-mixed"],
      ["Latin in a Cyrillic word", "custom", "ССС\u0050", "name.scripts-mixed"],
      ["Korean beside Japanese", "certified", "한국ソニー", "name.scripts-mixed"],
      ["digits of two systems", "certified", "\u0661\u06612", "name.scripts-mixed"],
      ["a zero-width joiner", "certified", "pay\u200dpal", "name.character-refused"],
      ["a zero-width space", "custom", "pay\u200bpal", "name.character-refused"],
      ["a direction override", "certified", "\u202elap yap", "name.character-refused"],
      ["an isolate", "certified", "\u2066abc\u2069", "name.character-refused"],
      ["a line feed", "certified", "Acme\nLtd", "name.character-refused"],
      ["a tab", "certified", "Acme\tLtd", "name.character-refused"],
      ["a Hangul filler", "certified", "\u3164\u3164", "name.character-refused"],
      ["a soft hyphen", "certified", "pay\u00adpal", "name.character-refused"],
      ["an emoji", "certified", "Acme \u{1f680}", "name.character-refused"],
      ["a letter of a historic script", "certified", "\u16a0\u16b1", "name.character-refused"],
      ["half a surrogate pair", "certified", "a\ud83d", "name.character-refused"],
      ["an unassigned character", "certified", "a\u0378", "name.character-refused"],
      ["a rare Han character in a custom name", "custom", "王\u{2b5ae}", "name.character-refused"],
      ["a space in a custom name", "custom", "paypal inc", "name.character-refused"],
      ["brackets in a custom name", "custom", "上海（集团）", "name.character-refused"],
      ["a middle dot in a custom name", "custom", "买·买", "name.character-refused"],
      ["nothing", "certified", "  ", "name.length"],
      ["129 characters", "certified", "汉".repeat(129), "name.length"],
      ["one character", "custom", "a", "name.length"],
      ["33 characters", "custom", "a".repeat(33), "name.length"],
      ["a mark in front", "certified", "\u0301abc", "name.arrangement-refused"],
      ["a mark on a space", "certified", "a \u0301b", "name.arrangement-refused"],
      ["a doubled mark", "certified", "x\u0301\u0301", "name.arrangement-refused"],
      ["a heap of marks", "certified", "x\u0300\u0301\u0302\u0303\u0304", "name.arrangement-refused"],
      ["a second dot above an i", "certified", "i\u0307bm", "name.arrangement-refused"],
      ["a dot above a dotless i", "certified", "\u0131\u0307bm", "name.arrangement-refused"],
      ["a dot above an l", "custom", "l\u0307inux", "name.arrangement-refused"],
      ["a digit before Hebrew letters", "certified", "12אב", "name.arrangement-refused"],
      ["a bracket left open", "certified", "上海（集团", "name.arrangement-refused"],
      ["brackets of two kinds", "certified", "上海（集团)", "name.arrangement-refused"],
      ["brackets the wrong way round", "certified", "上海)集团(", "name.arrangement-refused"],
      ["empty brackets", "certified", "上海()", "name.arrangement-refused"],
      ["punctuation alone", "certified", "&!", "name.arrangement-refused"],
      ["digits alone in a custom name", "custom", "12345", "name.arrangement-refused"],
      ["two separators in a row", "custom", "pay--pal", "name.arrangement-refused"],
      ["a separator at the start", "custom", "_paypal", "name.arrangement-refused"],
      ["a separator at the end", "custom", "paypal.", "name.arrangement-refused"],
    ];
    for (const [why, kind, text, code] of refusals) {
      it(`with ${why}`, () => expect(codeOf(() => accountName(text, kind))).to.equal(code));
    }

    it("with the character that is at fault, and its number", () => {
      try {
        certified("pay\u200dpal");
        expect.fail("not refused");
      } catch (error) {
        expect(error).to.have.deep.property("details", { kind: "certified", codePoint: "U+200D", character: "\u200d" });
      }
    });
  });

  describe("skeletons", () => {
    it("are keccak256 of the skeleton in UTF-8", () => {
      const expected = keccak256(toUtf8Bytes("paypal"));
      expect(custom("paypal")).to.include({ lookSkeleton: expected, letterSkeleton: expected });
      // Written on chain: these digests have to stay what they are.
      expect(nameSkeletons("上海（集团）").lookSkeleton).to.equal(keccak256(toUtf8Bytes("上海(集团)")));
    });

    const clashes: [why: string, one: string, other: string][] = [
      ["case", "PAYPAL", "PayPal"],
      ["case where the letters look different", "СБЕРБАНК", "Сбербанк"],
      ["case of Greek letters", "ΝΙΚΗ", "Νίκη".normalize("NFD").replace(/\u0301/g, "")],
      ["a capital i for an l", "PayPaI", "PayPal"],
      ["a capital i in both", "IBM", "ibm"],
      ["a one for an l", "PayPa1", "PayPal"],
      ["a zero for an o", "G00GLE", "Google"],
      ["rn for m", "rnilk", "Milk"],
      ["a word all of Cyrillic letters", "РОСА", "POCA"],
      ["capitals all of Greek letters", "ΝΙΚΗ", "NIKH"],
      ["brackets of another width", "上海（集团）", "上海(集团)"],
      ["tortoise-shell brackets", "上海〔集团〕", "上海（集团）"],
      ["spaces between Han characters", "中 国 银 行", "中国银行"],
      ["spaces between words", "Acme  Holding", "AcmeHolding"],
      ["a dot at the end", "Acme Inc.", "ACME Inc"],
      ["hyphens, commas and apostrophes", "O'Neil-Smith, Ltd", "ONeil Smith Ltd"],
      ["another middle dot", "阿卜杜拉·买买提", "阿卜杜拉•买买提"],
      ["full width", "ＡＣＭＥ", "Acme"],
      ["composed and decomposed letters", "Café", "Cafe\u0301"],
      ["katakana beside Han of the same strokes", "ロ", "口"],
    ];
    for (const [why, one, other] of clashes) {
      it(`clash over ${why}: ${one}, ${other}`, () => {
        expect(clash(certified(one), certified(other))).to.equal(true);
      });
    }

    const different: [string, string][] = [
      ["上海（集团）", "上海集团"],
      ["己", "已"],
      ["已", "巳"],
      ["中国", "中國"],
      ["未来", "末来"],
      ["日光", "曰光"],
      ["Ivan", "Inan"],
      ["Ian", "Jan"],
      ["Müller", "Muller"],
      ["AT&T", "ATT"],
      ["Acme 1", "Acme 2"],
    ];
    for (const [one, other] of different) {
      it(`keep ${one} and ${other} apart`, () => expect(clash(certified(one), certified(other))).to.equal(false));
    }

    it("clash between a certified and a custom name", () => {
      for (const [name, imitation] of [
        ["PayPal", "paypal"],
        ["PayPal", "paypa1"],
        ["PayPaI", "paypal"],
        ["СБЕРБАНК", "сбербанк"],
        ["Acme Inc.", "acme-inc"],
        ["中国银行", "中.国.银.行"],
      ] as const) {
        expect(clash(certified(name), custom(imitation)), `${name} ${imitation}`).to.equal(true);
      }
    });

    it("clash with every other spelling of the same letters", () => {
      const letters = fc.string({ unit: fc.constantFrom(..."abcdeghijklmnopqrstuvwxyz"), minLength: 2, maxLength: 20 });
      const spellings = [
        (name: string) => name.toUpperCase(),
        (name: string) => [...name].join(" "),
        (name: string) => name.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
        (name: string) => `${name}.`,
      ];
      fc.assert(
        fc.property(letters, fc.constantFrom(...spellings), (name, spelling) => {
          expect(clash(certified(spelling(name)), custom(name))).to.equal(true);
        }),
      );
    });
  });
});

function attempt(text: string, kind: NameKind) {
  try {
    return accountName(text, kind);
  } catch {
    return undefined;
  }
}
