import { join } from "node:path";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { type Document, readDocuments } from "../../../examples/food-traceability/documents.ts";
import { copyFolder, FORGERIES } from "../../../examples/food-traceability/forgeries.ts";
import { lookUpAlone, type Verdict, verifyAsStranger } from "../../../examples/food-traceability/stranger.ts";
import { type Account, objectId } from "../../../src/sdk/index.ts";
import { testAccessNode } from "../../support/access-node.ts";
import { type People, testPeople } from "../../support/people.ts";
import { rejectionCode } from "../../support/rejection.ts";
import { filledFolder, removeFolders, temporaryFolder } from "./folders.ts";

describe("a stranger", function () {
  this.timeout(60_000);
  let people: People;
  let url: string;
  let folder: string;
  let documents: Document[];

  before(async () => {
    [people, { url }, folder] = await Promise.all([testPeople(), testAccessNode(), filledFolder()]);
    documents = await readDocuments(folder);
  });

  after(removeFolders);

  /** Opens an object of the partner's and adds the documents to it, all by one account. @returns the object */
  async function recordAll(name: string, recorder: Account, recorded: readonly Document[] = documents) {
    const { brop, partner } = people;
    const { records } = brop.contracts;
    const opened = await records.connect(partner).openObject(id(name), [recorder.address]);
    await opened.wait();
    const object = objectId(partner.address, id(name));
    let previous = ZeroHash;
    const calls = recorded.map(({ input }) => {
      const data = records.interface.encodeFunctionData("append", [object, previous, input]);
      previous = input.digest;
      return { to: brop.addresses.records, data };
    });
    await (await recorder.sendCalls(calls)).wait();
    return object;
  }

  const codesOf = ({ faults }: Verdict) => faults.map(({ code, index }) => [code, index]);

  it("confirms the honest documents, and says who recorded which one and when", async () => {
    const object = await recordAll("honest", people.user);
    const verdict = await verifyAsStranger(url, object, folder);
    expect(verdict).to.include({ confirmed: true }).and.have.deep.property("faults", []);
    expect(verdict.stops.map(({ document }) => document?.name)).to.deep.equal(documents.map(({ name }) => name));
    for (const [index, stop] of verdict.stops.entries()) {
      expect(stop).to.include({ index, digest: documents[index]?.input.digest, confirmed: true });
      expect(stop).to.include({ recorder: people.user.address, partner: "Bank of Tests", level: "real-name" });
      const block = await people.brop.provider.getBlock(stop.block);
      expect(stop.recordedAt.getTime()).to.equal((block?.timestamp ?? 0) * 1000);
    }
  });

  it("finds each forgery on the chain's word alone", async () => {
    const object = await recordAll("forged", people.user);
    for (const { commit, expected } of FORGERIES) {
      const copy = join(await temporaryFolder(), "copy");
      await copyFolder(folder, copy);
      await commit(copy);
      const verdict = await verifyAsStranger(url, object, copy);
      const link = documents.findIndex(({ name }) => name === expected.victim);
      expect(codesOf(verdict)).to.deep.equal([[expected.code, link]]);
      const [fault] = verdict.faults;
      expect(fault?.explanation)
        .to.include(`link ${link + 1}`)
        .and.include("Bank of Tests");
      if (expected.code === "document.altered") expect(fault?.explanation).to.include(expected.victim);
      expect(verdict.stops.filter(({ confirmed }) => !confirmed).map(({ index }) => index)).to.deep.equal([link]);
    }
  });

  it("misses what was never recorded", async () => {
    const object = await recordAll("one link less", people.user, documents.slice(0, -1));
    const verdict = await verifyAsStranger(url, object, folder);
    expect(codesOf(verdict)).to.deep.equal([["document.unrecorded", undefined]]);
    expect(verdict.faults[0]?.explanation).to.include("supermarket: retail selling");
  });

  it("does not take a record that its owner revoked", async () => {
    const { brop, user } = people;
    const object = await recordAll("revoked", user);
    const { digest } = (documents[3] as Document).input;
    await (await brop.contracts.records.connect(user).revoke(digest, object, id("a mistake"))).wait();
    const verdict = await verifyAsStranger(url, object, folder);
    expect(codesOf(verdict)).to.deep.equal([["record.withdrawn", 3]]);
    expect(verdict.confirmed).to.equal(false);
  });

  it("is told that there is no such lot", async () => {
    expect(await rejectionCode(verifyAsStranger(url, id("no lot"), folder))).to.equal("evidence.not-found");
  });

  it("finds the record of a single file by its bytes, in its lot only", async () => {
    const object = await recordAll("alone", people.user);
    const path = join(folder, "certificate.pdf");
    expect(await lookUpAlone(url, path, object)).to.include({ partner: "Bank of Tests", status: "valid" });
    expect(await lookUpAlone(url, path, id("another lot"))).to.equal(undefined);
    expect(await lookUpAlone(url, join(folder, "cooperative.json"), object)).to.equal(undefined);
  });
});
