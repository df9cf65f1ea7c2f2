import { expect } from "chai";
import { parseDigest, shorten } from "../../../src/web/format/hex.ts";

const DIGEST = `0x${"0123456789abcdef".repeat(4)}`;

describe("web: hexadecimal", () => {
  it("shortens long identifiers only", () => {
    expect(shorten(DIGEST)).to.equal("0x012345…abcdef");
    expect(shorten("0x1234")).to.equal("0x1234");
  });

  it("takes a digest in every spelling that people paste", () => {
    const digits = DIGEST.slice(2);
    const spaced = digits.replace(/(.{8})/g, "$1 ");
    for (const text of [DIGEST, digits, digits.toUpperCase(), `0X${digits}`, spaced, ` ${DIGEST}\n`]) {
      expect(parseDigest(text)).to.equal(DIGEST);
    }
  });

  it("takes nothing else for a digest", () => {
    for (const text of ["", "0x", DIGEST.slice(0, -1), `${DIGEST}0`, DIGEST.replace("a", "g"), "<b>"]) {
      expect(parseDigest(text)).to.equal(undefined);
    }
  });
});
