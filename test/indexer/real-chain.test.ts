import { expect } from "chai";
import { Contract, encodeBytes32String, getAddress, id, ZeroAddress, ZeroHash } from "ethers";
import { abi } from "../../generated/abi.ts";
import { voucherAt } from "../../src/chain/contracts.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import type { Indexer } from "../../src/indexer/indexer-options.ts";
import { createRecordInput, objectId } from "../../src/sdk/index.ts";
import type { Database } from "../../src/store/database.ts";
import { levelOf } from "../../src/store/queries/certifications.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { testChain } from "../support/chain.ts";
import { newPartner, newWallet, type People, testPeople } from "../support/people.ts";
import { indexAll, makeIndexer } from "./indexing.ts";
import { readTables, type Tables } from "./tables.ts";

const YEAR = 365 * 24 * 3600;

// What the tables say is compared with what the contracts themselves answer at the same block.
describe("indexer on a chain with the real contracts", function () {
  this.timeout(180_000);
  let people: People;
  let rpc: RpcClient;
  let db: Database;
  let indexer: Indexer;
  let head: number;
  let tables: Tables;

  before("let everything happen that the contracts offer", async () => {
    people = await testPeople();
    rpc = new RpcClient((await testChain()).url);
    db = await openMigrated();
    indexer = makeIndexer(db, rpc, { pollInterval: 50 });
    await indexer.start();
    await actAll(people);
    head = await people.brop.provider.getBlockNumber();
    await indexer.caughtUp(head);
    await indexer.stop();
    head = indexer.status().indexed;
    tables = await readTables(db);
  });
  after(async () => {
    await indexer?.stop();
    await db?.close();
    rpc?.close();
  });

  const rowsOf = (table: string) =>
    (tables[table] ?? []).filter((row) => row.to_block === null || !("to_block" in row));

  it("knows every contract that Directory lists, the genesis contracts included", async () => {
    const { directory } = people.brop.contracts;
    const names = await directory.names(0, 100, { blockTag: head });
    expect(rowsOf("contracts").map(({ name }) => encodeBytes32String(String(name)))).to.have.members([...names]);
    for (const row of rowsOf("contracts")) {
      const entry = await directory.entryOf(encodeBytes32String(String(row.name)), { blockTag: head });
      expect([getAddress(String(row.address)), row.version, row.abi_digest]).to.deep.equal([
        entry.target,
        Number(entry.version),
        entry.abiDigest,
      ]);
    }
  });

  it("has each block and transaction as the node has it", async () => {
    expect(rowsOf("blocks")).to.have.lengthOf(head + 1);
    const busy = rowsOf("blocks").filter(({ transaction_count }) => Number(transaction_count) > 0);
    expect(busy.length).to.be.at.least(5);
    for (const { number, hash, transaction_count } of [...busy.slice(-5), ...rowsOf("blocks").slice(-5)]) {
      const block = await people.brop.provider.getBlock(Number(number));
      expect([hash, transaction_count]).to.deep.equal([block?.hash, block?.transactions.length]);
    }
  });

  it("has accounts, their numbers and signers", async () => {
    const { accountFactory } = people.brop.contracts;
    expect(rowsOf("accounts")).to.have.lengthOf(Number(await accountFactory.count({ blockTag: head })));
    for (const { address, number } of rowsOf("accounts")) {
      expect(await accountFactory.accountOf(Number(number))).to.equal(getAddress(String(address)));
    }
    const signer = rowsOf("account_signers").find(({ account }) => account === people.user.address.toLowerCase());
    expect(signer?.signer).to.equal(people.userWallet.address.toLowerCase());
  });

  it("has certifications, their levels and the level table", async () => {
    const { certifications } = people.brop.contracts;
    expect(rowsOf("certifications").map(({ status }) => status)).to.include.members([1, 2, 3]);
    for (const row of rowsOf("certifications")) {
      const account = String(row.account);
      const real = await certifications.certification(account, String(row.certifier), { blockTag: head });
      const values = [row.level, row.status, row.responsible, row.issued_at, row.expires_at, row.digest];
      expect(values.map(String)).to.deep.equal([...real].map(String));
      const [level] = await certifications.levelOf(account, { blockTag: head });
      expect(await levelOf(db, Buffer.from(account.slice(2), "hex"))).to.equal(Number(level));
    }
    expect(rowsOf("levels")).to.have.lengthOf(6);
    for (const row of rowsOf("levels")) {
      const rule = await certifications.level(Number(row.level), { blockTag: head });
      expect([row.rank, row.permissions]).to.deep.equal([Number(rule.rank), Number(rule.permissions)]);
    }
  });

  it("has partners, recognitions, documents and signatures", async () => {
    const { partners, legalDocuments } = people.brop.contracts;
    for (const row of rowsOf("partners")) {
      const real = await partners.partner(String(row.partner), { blockTag: head });
      const values = [row.status, row.permissions, row.admitted_block, getAddress(String(row.admission_party))];
      expect(values.map(String)).to.deep.equal([...real].slice(0, 4).map(String));
      expect([encodeBytes32String(String(row.document)), row.name]).to.deep.equal([real.document, real.name]);
    }
    expect(rowsOf("recognitions")).to.not.be.empty;
    for (const row of rowsOf("recognitions")) {
      const level = await partners.recognition(String(row.partner), String(row.recognised), { blockTag: head });
      expect(row.from_level).to.equal(Number(level));
    }
    for (const row of rowsOf("signatures")) {
      const name = encodeBytes32String(String(row.document));
      const real = await legalDocuments.signatureOf(name, String(row.account), { blockTag: head });
      expect([row.version, row.signed_digest]).to.deep.equal([Number(real.version), real.signedDigest]);
    }
    expect(rowsOf("signatures").length).to.be.at.least(2);
  });

  it("has records with their status, and objects with their links", async () => {
    const { records } = people.brop.contracts;
    const statuses = new Map(rowsOf("record_statuses").map((row) => [row.record, row.status]));
    expect([...statuses.values()]).to.include.members([2, 3]);
    // Other tests of the run may have recorded on the same chain before.
    expect(rowsOf("records").length).to.be.at.least(6);
    for (const row of rowsOf("records")) {
      const real = await records.recordOf(String(row.id), { blockTag: head });
      const values = [row.recorded_at, row.kind, row.algorithm, statuses.get(row.id) ?? 1];
      expect(values.map(String)).to.deep.equal([...real].slice(0, 4).map(String));
      expect(row.responsible).to.equal(real.responsible === ZeroAddress ? null : real.responsible.toLowerCase());
    }
    for (const { id, owner } of rowsOf("objects")) {
      // By place: a member named `length` hides behind the array's own.
      const real = (await records.objectOf(String(id), { blockTag: head })) as unknown as [string, bigint, string];
      const links = rowsOf("object_links").filter(({ object }) => object === id);
      const last = links.find(({ position }) => position === links.length - 1);
      expect(real).to.deep.equal([getAddress(String(owner)), BigInt(links.length), last?.digest ?? ZeroHash]);
    }
    for (const { object, writer, admitted } of rowsOf("object_writers")) {
      expect(await records.isWriter(String(object), String(writer), { blockTag: head })).to.equal(admitted);
    }
    expect(rowsOf("object_writers")).to.not.be.empty;
  });

  it("has vouchers, what circulates and who holds it", async () => {
    const { voucherFactory } = people.brop.contracts;
    for (const row of rowsOf("voucher_applications")) {
      const [value, issuer, status, voucher] = await voucherFactory.application(Number(row.id), { blockTag: head });
      expect([row.name, row.symbol, row.product, row.uri]).to.deep.equal([...value].slice(7, 11));
      expect([row.cap, row.terms_digest]).to.deep.equal([String(value.cap), value.termsDigest]);
      expect([row.issuer, row.status]).to.deep.equal([issuer.toLowerCase(), Number(status)]);
      expect(row.voucher).to.equal(voucher === ZeroAddress ? null : voucher.toLowerCase());
    }
    expect(rowsOf("voucher_balances").length).to.be.at.least(2);
    for (const { voucher, lot, holder, amount } of rowsOf("voucher_balances")) {
      const contract = voucherAt(String(voucher), people.brop.provider);
      expect(amount).to.equal(String(await contract.balanceOf(String(holder), String(lot), { blockTag: head })));
    }
    for (const { voucher, circulating } of rowsOf("voucher_supplies")) {
      const contract = voucherAt(String(voucher), people.brop.provider);
      expect(circulating).to.equal(String(await contract.circulating({ blockTag: head })));
    }
  });

  it("has quota classes, prices and charges", async () => {
    const { quota } = people.brop.contracts;
    expect(rowsOf("quota_classes").length).to.be.at.least(8);
    for (const row of rowsOf("quota_classes")) {
      const real = await quota.class(Number(row.class), { blockTag: head });
      const values = [row.ceiling, row.grant_points, row.initial, row.period_blocks];
      expect(values.map(String)).to.deep.equal([...real].map(String));
    }
    expect(rowsOf("quota_prices").length).to.be.at.least(20);
    for (const { price_group, selector, points } of rowsOf("quota_prices")) {
      expect(points).to.equal(Number(await quota.price(String(price_group), String(selector), { blockTag: head })));
    }
    const count = (
      await db.query<{ operations: number }>("select sum(operations)::int8 as operations from quota_charges", [])
    )[0];
    expect(count?.operations).to.equal(rowsOf("operations").length);
    for (const { account, class: id } of rowsOf("account_classes")) {
      expect(Number((await quota.allowanceOf(String(account), { blockTag: head })).assignedClass)).to.equal(id);
    }
    for (const { account, sponsor } of rowsOf("account_sponsors")) {
      const real = await quota.sponsorOf(String(account), { blockTag: head });
      expect(sponsor).to.equal(real === ZeroAddress ? null : real.toLowerCase());
    }
    expect(rowsOf("account_sponsors")).to.not.be.empty;
  });

  it("has Council's seats and terms and the senders that it knows of", async () => {
    const { council, admission } = people.brop.contracts;
    const seats = await council.seats({ blockTag: head });
    expect(rowsOf("seats").map(({ seat }) => getAddress(String(seat)))).to.have.members([...seats]);
    const listed = rowsOf("contracts").find(({ name }) => name === "KeyResets");
    const keyResets = new Contract(String(listed?.address), abi.KeyResets, people.brop.provider);
    const parameters = Object.fromEntries(rowsOf("parameters").map(({ name, value }) => [name, value]));
    const [delay, lifetime] = await council.terms({ blockTag: head });
    expect(parameters).to.deep.equal({
      "admission.periodBlocks": String(await admission.periodBlocks({ blockTag: head })),
      "council.delayBlocks": String(delay),
      "council.lifetimeBlocks": String(lifetime),
      "keyResets.minimumAge": String(await keyResets.getFunction("minimumAge")({ blockTag: head })),
      "keyResets.waitingBlocks": String(await keyResets.getFunction("waitingBlocks")({ blockTag: head })),
      "quota.bytePrice": String(await people.brop.contracts.quota.bytePrice({ blockTag: head })),
    });
    for (const row of rowsOf("senders")) {
      const real = await admission.senderOf(String(row.sender), { blockTag: head });
      expect([row.kind, row.valid_from, row.allowance]).to.deep.equal([
        Number(real.kind),
        Number(real.validFrom),
        Number(real.allowance),
      ]);
    }
  });

  it("gives the same tables when it indexes the chain anew", async () => {
    const again = await openMigrated();
    const upToHead = {
      head,
      call: async <Result>(method: string, params?: readonly unknown[]) =>
        (method === "eth_blockNumber" ? `0x${head.toString(16)}` : await rpc.call<Result>(method, params)) as Result,
      all: (requests: Parameters<RpcClient["all"]>[0]) => rpc.all(requests),
    };
    await indexAll(again, upToHead);
    const anew = await readTables(again);
    await again.close();
    expect(anew).to.deep.equal(tables);
  });
});

async function actAll({ brop, operator, partner, user }: People): Promise<void> {
  const { records, partners, certifications, quota, voucherFactory, admission, accountFactory } = brop.contracts;
  const done = async (response: Promise<{ wait(): Promise<unknown> }>) => void (await (await response).wait());
  const input = (text: string) => createRecordInput({ digest: id(text), kind: 7 });
  const direct = { gasPrice: 0, gasLimit: 3_000_000 };
  // A new partner's points come with the next period.
  while ((await quota.pointsOf(partner.address)).own < 1_000_000n)
    await new Promise((resolve) => setTimeout(resolve, 500));

  const mine = records.connect(partner);
  await Promise.all([done(mine.record(input("one"))), done(mine.recordMany([input("two"), input("three")]))]);
  await done(mine.revoke(id("one"), ZeroHash, id("mistake")));
  await done(mine.supersede(id("two"), ZeroHash, id("three"), ZeroHash, id("newer")));
  await done(mine.openObject(id("batch"), [user.address]));
  const object = objectId(partner.address, id("batch"));
  await done(mine.append(object, ZeroHash, input("sown")));
  await done(records.connect(user).append(object, id("sown"), input("harvested")));
  await done(mine.append(object, id("harvested"), input("sold")));
  await done(mine.setWriter(object, user.address, false));

  const other = await newPartner(brop, operator, newWallet(), "绿野农场 Green Farm");
  await done(partners.connect(partner).recognise(other.address, 4));
  await done(partners.connect(partner).recognise(operator.address, 5));
  await done(partners.connect(operator).suspend(other.address, id("order"), direct));
  await done(partners.connect(operator).reinstate(other.address, id("lifted"), direct));
  await done(
    certifications.connect(partner).certify(other.address, 5, false, Math.floor(Date.now() / 1000) + YEAR, id("other")),
  );
  await done(certifications.connect(partner).suspend(other.address, id("ground")));
  const stranger = newWallet();
  const salt = encodeBytes32String("stranger");
  await done(accountFactory.connect(partner).create(stranger.address, salt));
  const address = await accountFactory.addressOf(partner.address, stranger.address, salt);
  await done(
    certifications.connect(partner).certify(address, 4, false, Math.floor(Date.now() / 1000) + YEAR, id("stranger")),
  );
  await done(certifications.connect(partner).revoke(address, id("fraud")));
  await done(quota.connect(partner).sponsor(user.address, 1_000_000));
  await done(admission.connect(partner).registerRelay(newWallet().address));

  const application = {
    voucherType: 0,
    decimals: 2,
    holderLevel: 5,
    cap: 1_000_000n,
    termsDigest: id("terms"),
    declarationDigest: id("declaration"),
    legalCategory: encodeBytes32String("goods-coupon"),
    name: "茶券 Tea coupon",
    symbol: "TEA",
    product: "A cup of tea",
    uri: "https://tea.example/terms",
    redemptionBlocks: 28_800,
    secondary: true,
    ...{ hands: 0, holdingBlocks: 0, periodBlocks: 0, periodAmount: 0n },
  };
  await done(voucherFactory.connect(partner).applyFor(application));
  await done(voucherFactory.connect(partner).applyFor({ ...application, name: "Never made" }));
  const [last, first] = [await voucherFactory.count(), (await voucherFactory.count()) - 1n];
  await done(voucherFactory.connect(partner).withdraw(last));
  await done(voucherFactory.connect(operator).create(first, direct));
  const voucher = voucherAt((await voucherFactory.application(first)).voucher, brop.provider);
  await done(voucher.connect(partner).allocateMany([user.address, partner.address], [500, 70]));
  await done(voucher.connect(user).safeTransferFrom(user.address, partner.address, 0, 120, "0x"));
}
