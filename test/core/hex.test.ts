import { expect } from "chai";
import { getBytes, hexlify, toBeHex } from "ethers";
import fc from "fast-check";
import { bytesToHex, hexLength, hexToBytes, isHexBytes, word, writeHex } from "../../src/core/hex.ts";

describe("hex", () => {
  it("converts bytes as ethers does, in either case", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const hex = bytesToHex(bytes);
        expect(hex).to.equal(hexlify(bytes));
        expect(hexLength(hex)).to.equal(bytes.length);
        expect(hexToBytes(hex)).to.deep.equal(getBytes(hex));
        expect(hexToBytes(`0x${hex.slice(2).toUpperCase()}`)).to.deep.equal(Uint8Array.from(bytes));
      }),
    );
  });

  it("writes bytes at an offset and touches nothing else", () => {
    const target = new Uint8Array(4).fill(9);
    writeHex(target, 1, "0xabCD");
    expect([...target]).to.deep.equal([9, 0xab, 0xcd, 9]);
  });

  it("writes numbers as 32-byte words", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(`0x${word(value)}`).to.equal(toBeHex(value, 32));
      }),
    );
    expect(word(32)).to.equal(word(32n));
  });

  it("knows bytes from everything else", () => {
    for (const good of ["0x", "0x00", "0xAbcD"]) expect(isHexBytes(good), good).to.equal(true);
    for (const bad of ["", "00", "0x0", "0xgg", "0X00", "0x00 ", "0x00\n", 1, null, undefined, ["0x00"]]) {
      expect(isHexBytes(bad), String(bad)).to.equal(false);
    }
    expect(isHexBytes("0xabcd", 2)).to.equal(true);
    expect(isHexBytes("0xabcd", 3)).to.equal(false);
  });
});
