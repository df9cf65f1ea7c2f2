import { expect } from "chai";
import { encodeBytes32String, hexlify, id, randomBytes, type Wallet, ZeroHash } from "ethers";
import { voucherAt } from "../../src/chain/contracts.ts";
import { systemClock } from "../../src/core/clock.ts";
import { objectId } from "../../src/core/record-id.ts";
import { businessKeyDigest } from "../../src/core/record-input.ts";
import { interfaceOf } from "../../src/uplink/forms/contract-book.ts";
import { HostingFolder } from "../hosting/hosting-parts.ts";
import { inOneYear, newUser, newWallet } from "../support/people.ts";
import { type Body, Running } from "./running.ts";

const anyDigest = () => hexlify(randomBytes(32));

// Each form once on the real contracts: what it says is what the contract then holds.
describe("friendly forms", function () {
  this.timeout(120_000);
  const files = new HostingFolder(systemClock);
  let running: Running;
  let key: string;
  before(async () => {
    running = await Running.start({ files });
    key = await running.key();
  });
  after(async () => {
    await running?.stop();
    files.remove();
  });

  const post = (path: string, body: object) => running.ask("POST", `/v1${path}`, key, body);
  const contractsOf = () => running.people.brop.contracts;

  /** Prepares, signs, and waits for the end. */
  async function act(path: string, body: object, by: Wallet): Promise<Body> {
    const prepared = await post(path, body);
    expect(prepared.status, JSON.stringify(prepared.body)).to.equal(201);
    const signature = by.signingKey.sign(prepared.body.hash).serialized;
    const end = await post(`/submissions/${prepared.body.id}/signature?wait=included`, { signature });
    expect(end.body, JSON.stringify(end.body.reason)).to.include({ state: "included", success: true });
    await running.indexer.caughtUp(end.body.blockNumber);
    return end.body;
  }

  it("open an object with its first link, and add the next ones behind it", async () => {
    const { user, userWallet } = running.people;
    const account = user.address;
    const objectKey = `lot ${Math.random()}`;
    const digests = [anyDigest(), anyDigest(), anyDigest()];
    const object = objectId(account, businessKeyDigest(objectKey));
    for (const [place, digest] of digests.entries()) {
      const named = place === 2 ? { object } : { objectKey };
      const end = await act("/object-links", { account, ...named, digest, kind: place }, userWallet);
      expect(end.content).to.include({ object, previous: place === 0 ? ZeroHash : digests[place - 1] });
    }
    const state = (await contractsOf().records.objectOf(object)) as unknown as [string, bigint, string];
    expect([...state]).to.deep.equal([account, 3n, digests[2]]);

    const stale = await post("/object-links", { account, objectKey, digest: anyDigest(), previous: digests[0] });
    expect([stale.status, stale.body.code]).to.deep.equal([409, "evidence.head-mismatch"]);
    const refused: [object, number][] = [
      [{ object, objectKey, digest: anyDigest() }, 400],
      [{ digest: anyDigest() }, 400],
      [{ object: anyDigest(), digest: anyDigest() }, 404],
      [{ object, digest: anyDigest(), subject: "x" }, 400],
    ];
    for (const [body, status] of refused) {
      expect((await post("/object-links", { account, ...body })).status, JSON.stringify(body)).to.equal(status);
    }
  });

  it("propose, confirm, withdraw and cancel agreements", async () => {
    const { user, userWallet, partner, partnerWallet, brop } = running.people;
    const parties = [user.address, partner.address];
    const lastBlock = (await running.head()) + 5_000;
    const proposal = { account: partner.address, data: { contract: "tea" }, parties, lastBlock };
    const { content } = await act("/agreements", proposal, partnerWallet);
    const { agreement } = content;
    const address = await brop.contracts.directory.addressOf(encodeBytes32String("Agreements"));
    const read = async () => {
      const data = interfaceOf("Agreements").encodeFunctionData("agreementOf", [agreement]);
      const answer = await running.rpc.call<string>("eth_call", [{ to: address, data }, "latest"]);
      return interfaceOf("Agreements").decodeFunctionResult("agreementOf", answer)[0];
    };
    expect((await read()).status).to.equal(1n);
    await act(`/agreements/${agreement}/confirmations`, { account: user.address }, userWallet);
    await act(`/agreements/${agreement}/withdrawals`, { account: user.address }, userWallet);
    expect((await read()).confirmations).to.equal(0n);
    await act(`/agreements/${agreement}/confirmations`, { account: user.address }, userWallet);
    await act(`/agreements/${agreement}/confirmations`, { account: partner.address }, partnerWallet);
    expect((await read()).status).to.equal(2n);

    const other = await act("/agreements", { ...proposal, data: { contract: "more tea" } }, partnerWallet);
    await act(`/agreements/${other.content.agreement}/cancellations`, { account: partner.address }, partnerWallet);
    const twice = await post("/agreements", { ...proposal, parties: [user.address, user.address.toLowerCase()] });
    expect([twice.status, twice.body.field]).to.deep.equal([400, "parties"]);
    const unknown = await post(`/agreements/${anyDigest()}/confirmations`, { account: user.address });
    expect(unknown.status, JSON.stringify(unknown.body)).to.be.within(400, 422);
  });

  it("register a file that is kept here or by its owner, prolong its term and end it", async () => {
    const { partner, partnerWallet, brop } = running.people;
    const account = partner.address;
    const hosted = await brop.contracts.directory.addressOf(encodeBytes32String("HostedFiles"));
    const abi = interfaceOf("HostedFiles");
    const read = async (digest: string) => {
      const call = (data: string) => running.rpc.call<string>("eth_call", [{ to: hosted, data }, "latest"]);
      const [identifier] = abi.decodeFunctionResult(
        "fileId",
        await call(abi.encodeFunctionData("fileId", [account, digest])),
      );
      return abi.decodeFunctionResult("fileOf", await call(abi.encodeFunctionData("fileOf", [identifier])))[0];
    };
    const oneYear = inOneYear();
    const end = (years: number) => new Date((oneYear + (years - 1) * 31_536_000) * 1_000).toISOString();
    const second = (text: string) => BigInt(Math.floor(Date.parse(text) / 1_000));

    const own = { contentDigest: anyDigest(), addressDigest: anyDigest(), size: 5_000_000_000 };
    await act("/hosted-files", { account, ...own, until: end(1) }, partnerWallet);
    const { size, until, status } = await read(own.contentDigest);
    expect([size, until, status]).to.deep.equal([5_000_000_000n, second(end(1)), 1n]);
    const { contentDigest } = own;
    await act("/hosted-files/extensions", { account, contentDigest, until: end(2) }, partnerWallet);
    expect((await read(contentDigest)).until).to.equal(second(end(2)));
    await act("/hosted-files/ends", { account, contentDigest }, partnerWallet);
    expect((await read(contentDigest)).status).to.equal(2n);

    const keeper = await running.key("partner", ["submissions", "files"]);
    const bytes = { payload: Buffer.from(`contract ${Math.random()}`), url: `/v1/files?until=${end(1)}` };
    const kept = await running.server.inject({
      ...{ method: "POST", ...bytes, headers: { authorization: `Bearer ${keeper}` } },
    });
    const file = kept.json();
    const prepared = await running.ask("POST", "/v1/hosted-files", keeper, { account, file: file.id });
    expect(prepared.body.content).to.include({
      ...{ contentDigest: file.digest, addressDigest: file.addressDigest, size: bytes.payload.length },
    });
    // Whose file it is not learns nothing of it.
    const strange = await post("/hosted-files", { account, file: file.id });
    expect([strange.status, strange.body.code]).to.deep.equal([404, "resource.not-found"]);
    for (const wrong of [
      { file: file.id, size: 1 },
      { ...own },
      { ...own, until: "1999-01-01" },
      { ...own, until: "9999-12-31", size: 0 },
      { contentDigest, until: end(1) },
    ]) {
      const answer = await running.ask("POST", "/v1/hosted-files", keeper, { account, ...wrong });
      expect(answer.status, JSON.stringify(wrong)).to.be.within(400, 422);
    }
  });

  it("certify, suspend, resume and revoke", async () => {
    const { partner, partnerWallet, brop } = running.people;
    const wallet = newWallet();
    const { address: holder } = await newUser(brop, partner, wallet);
    const expiresAt = new Date(inOneYear() * 1_000).toISOString();
    const account = partner.address;
    const digest = anyDigest();
    await act("/certifications", { account, holder, level: "digital-certificate", expiresAt, digest }, partnerWallet);
    const read = () => contractsOf().certifications.certification(holder, account);
    expect((await read()).level).to.equal(6n);
    expect((await read()).digest).to.equal(digest);
    const ground = id("a stated ground");
    for (const [step, status] of [
      ["suspensions", 2n],
      ["resumptions", 1n],
      ["revocations", 3n],
    ] as const) {
      await act(`/certifications/${holder}/${step}`, { account, ground }, partnerWallet);
      expect((await read()).status, step).to.equal(status);
    }
    const level = { account, holder, expiresAt, digest };
    for (const wrong of [{ level: "king" }, { level: "0" }, { level: "5", expiresAt: "some day soon" }]) {
      expect((await post("/certifications", { ...level, ...wrong })).status, JSON.stringify(wrong)).to.equal(400);
    }
  });

  it("allocate vouchers and hand them on", async () => {
    const { user, userWallet, partner, partnerWallet, brop } = running.people;
    const voucher = await makeVoucher(running);
    const contract = voucherAt(voucher, brop.provider);
    const allocations = [{ to: user.address, amount: "100" }];
    await act("/voucher-allocations", { account: partner.address, voucher, allocations }, partnerWallet);
    expect(await contract.balanceOf(user.address, 0)).to.equal(100n);
    const receiver = await newUser(brop, partner, newWallet());
    const body = { account: user.address, voucher, to: receiver.address, amount: "40" };
    const { content } = await act("/voucher-transfers", body, userWallet);
    expect(content).to.include({ voucher, from: user.address, amount: "40" });
    expect(await contract.balanceOf(receiver.address, 0)).to.equal(40n);

    const tooMuch = await post("/voucher-transfers", { ...body, amount: "1000" });
    expect(tooMuch.status, JSON.stringify(tooMuch.body)).to.be.within(400, 422);
    const refused = [
      { amount: undefined },
      { lot: "1" },
      { voucher: user.address },
      { amount: "-1" },
      { amount: "1.5" },
    ];
    for (const wrong of refused) {
      expect((await post("/voucher-transfers", { ...body, ...wrong })).status, JSON.stringify(wrong)).to.equal(400);
    }
    const neither = await post("/voucher-allocations", { account: partner.address, voucher });
    expect(neither.status).to.equal(400);
  });
});

/** A divisible voucher of the partner's. */
async function makeVoucher({ people, indexer }: Running): Promise<string> {
  const { brop, partner, operator } = people;
  const { voucherFactory } = brop.contracts;
  const application = {
    ...{ voucherType: 0, decimals: 0, holderLevel: 5, cap: 1_000, redemptionBlocks: 100 },
    ...{ termsDigest: id("terms"), declarationDigest: id("declaration") },
    ...{ legalCategory: encodeBytes32String("goods"), name: "Coffee", symbol: "COF", product: "A cup of coffee" },
    ...{ uri: "https://example.org/coffee", secondary: true },
    ...{ hands: 0, holdingBlocks: 0, periodBlocks: 0, periodAmount: 0n },
  };
  const applied = await (await voucherFactory.connect(partner).applyFor(application)).wait();
  const number = await voucherFactory.count();
  const made = await voucherFactory.connect(operator).create(number, { gasPrice: 0, type: 0 });
  const receipt = await made.wait();
  expect(applied?.status).to.equal(1);
  await indexer.caughtUp(receipt?.blockNumber ?? 0);
  return (await voucherFactory.application(number)).voucher;
}
