import { expect } from "chai";
import { encodeBytes32String, sha256, toUtf8Bytes, ZeroHash } from "ethers";
import { businessKeyDigest, createRecordInput } from "../../src/core/record-input.ts";
import { codeOf } from "./code-of.ts";

describe("createRecordInput", () => {
  const digest = `0x${"ab".repeat(32)}`;

  it("needs no more than a digest", () => {
    expect(createRecordInput({ digest })).to.deep.equal({
      ...{ digest, algorithm: 0x12, kind: 0, subject: ZeroHash, businessKey: ZeroHash, refersTo: ZeroHash },
    });
    expect(createRecordInput({ digest: new Uint8Array(32).fill(0xab) }).digest).to.equal(digest);
    expect(createRecordInput({ digest: digest.toUpperCase().replace("0X", "0x") }).digest).to.equal(digest);
  });

  it("takes algorithms by name", () => {
    expect(createRecordInput({ digest, algorithm: "sm3-256" }).algorithm).to.equal(0x534d);
    expect(codeOf(() => createRecordInput({ digest, algorithm: "md5" as never }))).to.equal("request.invalid");
  });

  it("takes a subject as an address, 32 bytes or a short text", () => {
    const subjectOf = (subject: string) => createRecordInput({ digest, subject }).subject;
    expect(subjectOf(`0x${"Cd".repeat(20)}`)).to.equal(`0x${"00".repeat(12)}${"cd".repeat(20)}`);
    expect(subjectOf(digest)).to.equal(digest);
    expect(subjectOf("batch 7")).to.equal(encodeBytes32String("batch 7"));
    for (const subject of ["", "0x12", "x".repeat(32)])
      expect(codeOf(() => subjectOf(subject))).to.equal("request.invalid");
  });

  it("puts the digest of the business key on chain, not the key", () => {
    const { businessKey } = createRecordInput({ digest, businessKey: "发票 2026-001" });
    expect(businessKey).to.equal(sha256(toUtf8Bytes("发票 2026-001")));
    expect(businessKeyDigest(digest)).to.equal(digest);
    expect(codeOf(() => businessKeyDigest(""))).to.equal("request.invalid");
  });

  it("refuses digests of another length and kinds that do not fit", () => {
    for (const bad of ["0x12", "ab".repeat(32), new Uint8Array(31)]) {
      expect(codeOf(() => createRecordInput({ digest: bad }))).to.equal("request.invalid");
    }
    for (const kind of [-1, 1.5, 2 ** 32]) {
      expect(codeOf(() => createRecordInput({ digest, kind }))).to.equal("request.invalid");
    }
    expect(createRecordInput({ digest, kind: 2 ** 32 - 1 }).kind).to.equal(2 ** 32 - 1);
  });
});
