import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { createRecordInput, digestBytes, recordId, verifyDigest } from "../../src/sdk/index.ts";
import { type People, testPeople } from "../support/people.ts";
import { rejectionCode } from "../support/rejection.ts";

describe("verifyDigest", () => {
  let people: People;

  before("certify a user", async function () {
    this.timeout(120_000);
    people = await testPeople();
  });

  it("finds every record of a digest: owner, time, status, certifier", async () => {
    const { brop, user, partner } = people;
    const digest = digestBytes(new TextEncoder().encode("a certificate"));
    const { records } = brop.contracts;
    const description = { digest, kind: 7, subject: user.address, businessKey: "certificate 1" };
    const before = Math.floor(Date.now() / 1000) - 60;
    await (await records.connect(user).record(createRecordInput(description))).wait();
    await (await records.connect(partner).record(createRecordInput({ digest }))).wait();

    const { valid, records: found } = await verifyDigest(brop, digest);
    expect(valid).to.equal(true);
    expect(found.map(({ owner }) => owner)).to.deep.equal([user.address, partner.address]);
    const [first, second] = found;
    expect(first).to.include({ kind: 7, status: "valid", algorithm: "sha2-256" });
    expect(first?.subject).to.equal(`0x${"0".repeat(24)}${user.address.slice(2).toLowerCase()}`);
    expect(first?.id).to.equal(recordId(user.address, first?.digest as string, first?.subject as string));
    expect(first?.recordedAt.getTime()).to.be.greaterThan(before * 1000);
    expect(first?.certified).to.deep.equal({
      ...{ level: "real-name", certifier: partner.address, certifierName: "Bank of Tests", asOf: "record" },
    });
    expect(second?.ownerName).to.equal("Bank of Tests");
    expect(second?.subject).to.equal(undefined);
  });

  it("says that a record was revoked or superseded", async () => {
    const { brop, user } = people;
    const records = brop.contracts.records.connect(user);
    const [wrong, old, better] = ["wrong", "old", "better"].map((text) => id(text)) as [string, string, string];
    const calls = [wrong, old, better].map((digest) => createRecordInput({ digest }));
    await (await records.recordMany(calls)).wait();
    await (await records.revoke(wrong, ZeroHash, id("a mistake"))).wait();
    await (await records.supersede(old, ZeroHash, better, ZeroHash, id("a correction"))).wait();
    const statusOf = async (digest: string) => {
      const { valid, records: found } = await verifyDigest(brop, digest);
      return { valid, status: found.map(({ status }) => status) };
    };
    expect(await statusOf(wrong)).to.deep.equal({ valid: false, status: ["revoked"] });
    expect(await statusOf(old)).to.deep.equal({ valid: false, status: ["superseded"] });
    expect(await statusOf(better)).to.deep.equal({ valid: true, status: ["valid"] });
  });

  it("finds nothing for data that is not on record", async () => {
    const digest = id("never recorded");
    expect(await verifyDigest(people.brop, digest)).to.deep.equal({ digest, records: [], valid: false });
  });

  it("refuses what is no digest", async () => {
    expect(await rejectionCode(verifyDigest(people.brop, "0x1234"))).to.equal("request.invalid");
    expect(await rejectionCode(verifyDigest(people.brop, new Uint8Array(20)))).to.equal("request.invalid");
  });
});
