import { expect } from "chai";
import { isHighlyRestrictive, isIdentifierCharacter, isOnlyIn } from "../../../src/core/unicode/scripts.ts";

describe("identifier characters", () => {
  it("are letters, digits and marks in everyday use, whatever the script", () => {
    for (const character of "azAZ09_-·éßñжЯλΩאبनกあア漢한") {
      expect(isIdentifierCharacter(character), character).to.equal(true);
    }
  });

  it("are no invisible, control, direction, full-width, decorative or historic ones", () => {
    const refused = ["\u0000", "\n", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u202e", "\u2066", "\ufeff"];
    const strange = [
      "\u3164",
      "\ufe0f",
      "\uff21",
      "\u{1d49c}",
      "\u{1f600}",
      "\u16a0",
      "\u13a0",
      "\ue000",
      "\ud800",
      "ſ",
    ];
    for (const character of [...refused, ...strange]) {
      expect(isIdentifierCharacter(character), `U+${character.codePointAt(0)?.toString(16)}`).to.equal(false);
    }
  });

  it("number what IdentifierStatus.txt says", () => {
    let count = 0;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      if (isIdentifierCharacter(String.fromCodePoint(codePoint))) count++;
    }
    expect(count).to.equal(33_791);
  });

  it("have a script of their own, or several", () => {
    expect(isOnlyIn("א", ["Hebr"])).to.equal(true);
    expect(isOnlyIn("א", ["Arab"])).to.equal(false);
    expect(isOnlyIn("a", ["Hebr", "Arab"])).to.equal(false);
    expect(isOnlyIn("\u200d", ["Hebr"])).to.equal(false);
  });
});

describe("a text", () => {
  for (const text of [
    "",
    "123",
    "paypal",
    "Союз",
    "上海集团",
    "腾讯QQ2",
    "ソニーグループSony",
    "株式会社たかはし",
    "삼성電子Samsung",
    "王䶮\u{2b5ae}",
    "阿卜杜拉·买买提",
    "नमस्ते",
    "(上海)",
  ]) {
    it(`keeps to one writing system: ${text || "nothing"}`, () => expect(isHighlyRestrictive(text)).to.equal(true));
  }

  for (const text of ["pаypal", "СССP", "Ωmega", "abcא", "上海а", "한국ソニー", "ไทยa", "\u{2b5ae}а", "नম"]) {
    it(`mixes writing systems: ${text}`, () => expect(isHighlyRestrictive(text)).to.equal(false));
  }
});
