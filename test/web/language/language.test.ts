import { expect } from "chai";
import { chooseLanguage, countText, cut, fill, TEXTS, type TextName } from "../../../src/web/language/language.ts";

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("web: languages", () => {
  it("has every text in both languages, with the same places", () => {
    expect(Object.keys(TEXTS.zh).sort()).to.deep.equal(Object.keys(TEXTS.en).sort());
    for (const name of Object.keys(TEXTS.en) as TextName[]) {
      expect(TEXTS.zh[name], name).to.match(/\S/);
      expect(places(TEXTS.zh[name]), name).to.deep.equal(places(TEXTS.en[name]));
    }
  });

  it("has Chinese in Chinese", () => {
    const alike = (Object.keys(TEXTS.en) as TextName[]).filter((name) => TEXTS.en[name] === TEXTS.zh[name]);
    expect(alike).to.deep.equal([]);
  });

  it("keeps what the reader chose", () => {
    expect(chooseLanguage("zh", ["en-GB", "en"])).to.equal("zh");
    expect(chooseLanguage("en", ["zh-CN"])).to.equal("en");
  });

  it("follows the browser where nothing was chosen, and falls back to English", () => {
    expect(chooseLanguage(null, ["fr-FR", "zh-Hant-TW", "en"])).to.equal("zh");
    expect(chooseLanguage(null, ["fr-FR"])).to.equal("en");
    expect(chooseLanguage("nonsense", [])).to.equal("en");
  });

  it("fills places and leaves one without a value to be seen", () => {
    expect(fill("{done} of {total}", { done: 1 })).to.equal("1 of {total}");
  });

  it("never takes what a value says for another place", () => {
    expect(fill("{name} {size}", { name: "{size}", size: "x" })).to.equal("{size} x");
  });

  it("cuts a text at its places, words first", () => {
    expect(cut("by {owner}.")).to.deep.equal(["by ", "owner", "."]);
  });

  it("chooses the form of a word by number", () => {
    expect(countText("en", "object.length", 1)).to.equal("1 link");
    expect(countText("en", "object.length", 1234)).to.equal("1,234 links");
    expect(countText("zh", "object.length", 1)).to.equal("1 环");
  });
});
