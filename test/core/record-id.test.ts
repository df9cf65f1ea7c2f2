import { expect } from "chai";
import { solidityPackedKeccak256 } from "ethers";
import fc from "fast-check";
import { objectId, recordId } from "../../src/core/record-id.ts";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${Buffer.from(value).toString("hex")}`);

describe("identifiers of records and objects", () => {
  it("are what Solidity's keccak256(abi.encode(...)) gives", () => {
    fc.assert(
      fc.property(hex(20), hex(32), hex(32), (owner, digest, subject) => {
        const padded = `0x${owner.slice(2).padStart(64, "0")}`;
        const types = ["bytes32", "bytes32", "bytes32"];
        expect(recordId(owner, digest, subject)).to.equal(solidityPackedKeccak256(types, [padded, digest, subject]));
        expect(objectId(owner, digest)).to.equal(solidityPackedKeccak256(types.slice(1), [padded, digest]));
      }),
    );
  });

  it("do not depend on the letter case of what they are made from", () => {
    const owner = "0xAbCdEf0123456789aBcDeF0123456789abcdef01";
    const digest = `0x${"aB".repeat(32)}`;
    expect(objectId(owner, digest)).to.equal(objectId(owner.toLowerCase(), digest.toLowerCase()));
  });
});
