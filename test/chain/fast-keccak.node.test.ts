import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import fc from "fast-check";
import { installFastKeccak } from "../../src/chain/fast-keccak.node.ts";
import { keccak256, setKeccak256 } from "../../src/core/keccak.ts";

describe("fast Keccak-256", () => {
  after(() => installFastKeccak());

  it("equals the one in JavaScript, and gives results that later calls leave alone", async () => {
    await installFastKeccak();
    const earlier = keccak256(Uint8Array.of(1));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => {
        expect(keccak256(bytes)).to.deep.equal(keccak_256(bytes));
      }),
    );
    expect(earlier).to.deep.equal(keccak_256(Uint8Array.of(1)));
  });

  it("is not replaced by another function", () => {
    expect(() => setKeccak256((bytes) => bytes)).to.throw(/fault/);
  });
});
