import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import type { BropError } from "../../src/core/errors.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import {
  bigintOf,
  bytesOf,
  decodeRlp,
  encodeRlp,
  listOf,
  numberBytes,
  numberOf,
  type RlpItem,
} from "../../src/core/rlp.ts";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect((error as BropError).code).to.equal("proof.invalid");
    return (error as BropError).message;
  }
  throw new Error("Nothing was refused");
}

const item: fc.Arbitrary<RlpItem> = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 5 },
    fc.uint8Array({ maxLength: 80 }),
    fc.array(tie("item"), { maxLength: 6 }) as fc.Arbitrary<RlpItem[]>,
  ),
})).item;

describe("RLP", () => {
  it("comes back as it went in", () => {
    fc.assert(
      fc.property(item, (value) => {
        expect(decodeRlp(encodeRlp(value), "test")).to.deep.equal(value);
      }),
    );
    const long = new Uint8Array(70_000).fill(7);
    expect(decodeRlp(encodeRlp([long]), "test")).to.deep.equal([long]);
  });

  it("accepts nothing that is not the one form of its value, and nothing that the library refuses", () => {
    const accepted = { count: 0 };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let value: RlpItem;
        try {
          value = decodeRlp(bytes, "test");
        } catch (error) {
          expect((error as BropError).code).to.equal("proof.invalid");
          return;
        }
        accepted.count++;
        expect(encodeRlp(value)).to.deep.equal(bytes);
        expect(RLP.decode(bytes)).to.deep.equal(value);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted.count).to.be.greaterThan(10);
  });

  it("is refused when it is cut off, goes on, or says a length in another way", () => {
    const bad =
      "0x 0x81 0x8100 0x817f 0xb800 0xb80101 0xb90000 0xb900380 0xf800 0xc1 0xc281 0xc180ff 0x8080 0xbf 0xffffffffffffffffff 0xfb7fffffff";
    for (const text of bad.split(" ")) refusal(() => decodeRlp(hexToBytes(text), "test"));
    refusal(() => decodeRlp(Uint8Array.from([0xb9, 0, 56, ...new Uint8Array(56)]), "test"));
    refusal(() => decodeRlp(Uint8Array.from([0xc2, 0xc2, 1]), "test"));
  });

  it("is refused where a list ends behind the list around it", () => {
    refusal(() => decodeRlp(Uint8Array.from([0xc2, 0xc3, 1, 2, 3]), "test"));
    refusal(() => decodeRlp(Uint8Array.from([0xc3, 0x83, 1, 2, 3]), "test"));
  });

  it("is refused at once where lists stand in lists without end", () => {
    const levels: number[][] = [];
    for (let length = 0; length < 300_000; ) {
      const bytes = Array.from(numberBytes(length));
      const head = length < 56 ? [0xc0 + length] : [0xf7 + bytes.length, ...bytes];
      levels.push(head);
      length += head.length;
    }
    const nested = Uint8Array.from(levels.reverse().flat());
    expect(refusal(() => decodeRlp(nested, "test"))).to.match(/too many levels/);
  });

  it("gives numbers without leading zeros, and no others", () => {
    for (const number of [0n, 1n, 127n, 128n, 256n, 2n ** 53n - 1n, 2n ** 256n - 1n]) {
      expect(bigintOf(numberBytes(number), "test")).to.equal(number);
    }
    expect(numberBytes(0)).to.have.length(0);
    expect(numberOf(numberBytes(2 ** 53 - 1), "test")).to.equal(2 ** 53 - 1);
    refusal(() => numberOf(numberBytes(2n ** 53n), "test"));
    refusal(() => bigintOf(Uint8Array.from([0]), "test"));
    refusal(() => bigintOf(Uint8Array.from([0, 1]), "test"));
    refusal(() => bigintOf(new Uint8Array(33).fill(1), "test"));
    refusal(() => bigintOf([], "test"));
  });

  it("tells lists from bytes, and their lengths", () => {
    expect(listOf([], "test")).to.deep.equal([]);
    refusal(() => listOf(new Uint8Array(0), "test"));
    refusal(() => listOf(undefined, "test"));
    refusal(() => listOf([[]], "test", 2));
    refusal(() => bytesOf([], "test"));
    refusal(() => bytesOf(undefined, "test"));
    refusal(() => bytesOf(new Uint8Array(31), "test", 32));
  });
});
