import { expect } from "chai";
import fc from "fast-check";
import { decodeSerial, encodeSerial, MAX_DEADLINE_DISTANCE, SERIAL_TAG } from "../../src/core/serial.ts";
import { codeOf } from "./code-of.ts";

const randoms = fc.bigInt({ min: 0n, max: 2n ** 112n - 1n });
const heights = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe("serial", () => {
  it("is laid out as tag, random part, deadline and sequence", () => {
    const nonce = encodeSerial({ random: 0x0102030405060708090a0b0c0d0en, deadlineBlock: 0xaabbcc });
    expect(nonce.toString(16)).to.equal(
      ["42524f50", "0102030405060708090a0b0c0d0e", "000000aabbcc", "0000000000000000"].join(""),
    );
    expect(Buffer.from(SERIAL_TAG.toString(16), "hex").toString()).to.equal("BROP");
    expect(MAX_DEADLINE_DISTANCE * 3).to.equal(24 * 60 * 60);
  });

  it("comes back from its nonce", () => {
    fc.assert(
      fc.property(randoms, heights, (random, deadlineBlock) => {
        const decoded = decodeSerial(encodeSerial({ random, deadlineBlock }));
        expect(decoded).to.deep.equal({ tagged: true, random, deadlineBlock, sequence: 0n });
      }),
    );
  });

  it("draws a new 112-bit random part each time", () => {
    const drawn = Array.from({ length: 200 }, () => decodeSerial(encodeSerial({ deadlineBlock: 1 })));
    const parts = drawn.map((serial) => (serial.tagged ? serial.random : -1n));
    expect(new Set(parts).size).to.equal(200);
    // With 200 draws every bit is set and unset at least once, but for a chance of 2^-192.
    expect(parts.reduce((all, part) => all | part, 0n)).to.equal(2n ** 112n - 1n);
    expect(parts.reduce((all, part) => all & part, 2n ** 112n - 1n)).to.equal(0n);
  });

  it("takes every nonce without the tag as an ordinary key and sequence", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 192n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (key, seq) => {
          fc.pre(key >> 160n !== SERIAL_TAG);
          expect(decodeSerial((key << 64n) | seq)).to.deep.equal({ tagged: false, key, sequence: seq });
        },
      ),
    );
    expect(decodeSerial(0n)).to.deep.equal({ tagged: false, key: 0n, sequence: 0n });
  });

  it("shows the sequence of a tagged nonce, so that one other than 0 can be refused", () => {
    const nonce = encodeSerial({ random: 5n, deadlineBlock: 9 }) + 3n;
    expect(decodeSerial(nonce)).to.deep.equal({ tagged: true, random: 5n, deadlineBlock: 9, sequence: 3n });
  });

  it("refuses a random part or a deadline that does not fit", () => {
    for (const random of [-1n, 2n ** 112n]) {
      expect(codeOf(() => encodeSerial({ random, deadlineBlock: 1 }))).to.equal("request.invalid");
    }
    for (const deadlineBlock of [-1, 1.5, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => encodeSerial({ random: 1n, deadlineBlock }))).to.equal("request.invalid");
    }
  });

  it("refuses a nonce beyond 256 bits", () => {
    expect(codeOf(() => decodeSerial(2n ** 256n))).to.equal("request.invalid");
    expect(codeOf(() => decodeSerial(-1n))).to.equal("request.invalid");
  });
});
