import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { type Account, createRecordInput, objectId, timeline, verifyTimeline } from "../../src/sdk/index.ts";
import { checkChain, type TimelineLink } from "../../src/sdk/timeline.ts";
import { newPartner, newWallet, type People, testPeople } from "../support/people.ts";
import { rejection, rejectionCode } from "../support/rejection.ts";

describe("timeline", () => {
  const names = ["production", "transport", "distribution", "retail"];
  const digests = names.map((name) => id(`lot 1: ${name}`));
  let people: People;
  let carrier: Account;
  let object: string;

  before("record an object's chain by two institutions", async function () {
    this.timeout(120_000);
    people = await testPeople();
    const { brop, operator, user } = people;
    carrier = await newPartner(brop, operator, newWallet(), "Carrier");
    const { records } = brop.contracts;
    const key = id("lot 1");
    object = objectId(user.address, key);
    await (await records.connect(user).openObject(key, [carrier.address])).wait();
    let previous = ZeroHash;
    for (const [index, digest] of digests.entries()) {
      const input = createRecordInput({ digest, kind: index, businessKey: names[index] });
      const writer = index % 2 === 0 ? user : carrier;
      await (await records.connect(writer).append(object, previous, input)).wait();
      previous = digest;
    }
  });

  it("gives the links in order with who recorded them, and finds the chain whole", async () => {
    const { brop, user } = people;
    const found = await timeline(brop, object);
    expect(found).to.include({ object, owner: user.address, length: 4 });
    expect(found.faults).to.deep.equal([]);
    expect(found.links.map(({ index, digest, previous }) => ({ index, digest, previous }))).to.deep.equal(
      digests.map((digest, index) => ({ index, digest, previous: digests[index - 1] })),
    );
    const [first, second] = found.links.map(({ record }) => record);
    expect(first).to.include({ owner: user.address, status: "valid", kind: 0 });
    expect(first?.certified).to.include({ level: "real-name", certifierName: "Bank of Tests", asOf: "record" });
    expect(second).to.include({ owner: carrier.address, ownerName: "Carrier", kind: 1 });
    expect(second?.certified).to.include({ level: "digital-certificate" });
  });

  it("confirms the documents that were recorded", async () => {
    const verified = await verifyTimeline(people.brop, object, digests);
    expect(verified.confirmed).to.equal(true);
    expect([...verified.documents]).to.deep.equal([0, 1, 2, 3].map((index) => [index, index]));
  });

  it("names a forged, a missing, a reordered and an extra document", async () => {
    const { brop } = people;
    const [production, transport, distribution, retail] = digests as [string, string, string, string];
    const faultsOf = async (documents: string[]) => {
      const { confirmed, faults } = await verifyTimeline(brop, object, documents);
      expect(confirmed).to.equal(false);
      return faults.map(({ code, index }) => `${code} ${index}`);
    };
    expect(await faultsOf([id("forged"), transport, distribution, retail])).to.deep.equal(["document.altered 0"]);
    expect(await faultsOf([production, distribution, retail])).to.deep.equal(["document.missing 1"]);
    expect(await faultsOf([production, distribution, retail, transport])).to.deep.equal(["document.reordered 1"]);
    expect(await faultsOf([...digests, id("extra")])).to.deep.equal(["document.unrecorded undefined"]);
  });

  it("refuses an object that does not exist, and what is no identifier", async () => {
    expect(await rejectionCode(timeline(people.brop, id("nothing")))).to.equal("evidence.not-found");
    expect(await rejectionCode(timeline(people.brop, "lot 1"))).to.equal("request.invalid");
  });

  it("says that a link with another predecessor than the head is refused", async () => {
    const { brop, user } = people;
    const input = createRecordInput({ digest: id("fork") });
    const error = await rejection(brop.contracts.records.connect(user).append(object, digests[0] as string, input));
    expect(error?.details).to.include({ cause: "evidence.head-mismatch" });
  });
});

describe("checkChain", () => {
  const digests = ["a", "b", "c"].map((name) => id(name));
  const record = {} as TimelineLink["record"];
  const chain = (): TimelineLink[] =>
    digests.map((digest, index) => ({
      ...{ index, digest, record },
      ...(index === 0 ? {} : { previous: digests[index - 1] as string }),
    }));
  const state = { length: 3, head: digests[2] as string };
  const codesOf = (links: TimelineLink[], of = state) =>
    checkChain(of, links).map(({ code, index }) => (index === undefined ? code : `${code} ${index}`));

  it("finds nothing wrong with a whole chain, and with an empty one", () => {
    expect(codesOf(chain())).to.deep.equal([]);
    expect(codesOf([], { length: 0, head: ZeroHash })).to.deep.equal([]);
  });

  it("finds a link that the node leaves out: in the middle, at the end, at the beginning", () => {
    const without = (place: number) => chain().filter(({ index }) => index !== place);
    expect(codesOf(without(1))).to.deep.equal(["link.missing 1", "object.length"]);
    expect(codesOf(without(2))).to.deep.equal(["object.length", "object.head"]);
    expect(codesOf(without(0))).to.deep.equal(["link.missing 0", "object.length"]);
  });

  it("finds a link that the node makes up", () => {
    const links = chain();
    links[1] = { ...(links[1] as TimelineLink), digest: id("forged") };
    expect(codesOf(links)).to.deep.equal(["link.previous 2"]);
    expect(
      codesOf([...chain(), { index: 3, digest: id("extra"), previous: digests[2] as string, record }]),
    ).to.deep.equal(["object.length", "object.head"]);
  });

  it("finds links in another order, or twice", () => {
    const [first, second, third] = chain() as [TimelineLink, TimelineLink, TimelineLink];
    expect(codesOf([second, first, third])).to.include("link.position 0");
    expect(codesOf([first, first, second, third])).to.deep.equal(["link.position 0", "object.length"]);
  });
});
