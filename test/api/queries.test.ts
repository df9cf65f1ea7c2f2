import { expect } from "chai";
import { digest } from "../indexer/fake-chain.ts";
import { recordIdOf } from "../indexer/platform-events.ts";
import { FARM, OBJECT, OPERATOR, RECORD, REPLACEMENT, SHOP, tellStory, USER, VOUCHER } from "../indexer/story.ts";
import { type ApiServer, type Body, startApi } from "./api-server.ts";

const RELAYS = [new Uint8Array(20), new Uint8Array(20).fill(7)];

describe("queries of one kind of data", function () {
  this.timeout(60_000);
  const story = tellStory();
  let api: ApiServer;
  before(async () => {
    api = await startApi(story);
  });
  after(() => api.close());

  describe("status", () => {
    it("tells chain, progress, counts and contracts", async () => {
      const { body } = await api.get("/v1/status");
      expect(body).to.include({ chainId: 8420, head: story.head, indexedHead: story.head, lag: 0, problem: null });
      expect(body.indexedAt).to.equal(new Date(story.timeOf(story.head) * 1_000).toISOString());
      expect(body.counts).to.deep.equal({
        records: 4,
        objects: 1,
        accounts: 3,
        partners: 2,
        vouchers: 1,
        operations: 2,
      });
      expect(body.contracts.map((contract: { name: string }) => contract.name)).to.include("Records");
    });
  });

  describe("accounts", () => {
    it("are found by address in any letter case and by printed account ID", async () => {
      const { body } = await api.get(`/v1/accounts/${FARM}`);
      expect(body).to.include({ accountId: "0000-0013", level: 5, quotaClass: 16, sponsor: null, blockNumber: 4 });
      expect(body.partner).to.deep.equal({ name: "绿野农场 Green Farm", status: "admitted" });
      expect(body.signer).to.equal(FARM.toLowerCase());
      expect((await api.get(`/v1/accounts/${FARM.toUpperCase().replace("0X", "0x")}`)).body).to.deep.equal(body);
      expect((await api.get("/v1/accounts/0000-0013")).body).to.deep.equal(body);
      expect((await api.get("/v1/accounts/13")).body).to.deep.equal(body);
    });

    it("show the level that their live certifications give, and another one in the past", async () => {
      expect((await api.get(`/v1/accounts/${USER}`)).body).to.include({ level: 6 });
      expect((await api.get(`/v1/accounts/${USER}?at=8`)).body).to.include({ level: 5 });
      expect((await api.get(`/v1/accounts/${SHOP}`)).body).to.include({ level: 0 });
    });

    it("keep what a certification went through in its history", async () => {
      const { body } = await api.get(`/v1/accounts/${USER}/certifications?history=true`);
      const steps = body.items.map(({ status, level, blockNumber, endedBlock }: Record<string, unknown>) => [
        ...[status, level, blockNumber, endedBlock],
      ]);
      expect(steps).to.deep.equal([
        ["active", 6, 12, null],
        ["active", 5, 9, 12],
        ["suspended", 5, 9, 9],
        ["active", 5, 7, 9],
      ]);
    });

    it("list who was created by whom", async () => {
      const { body } = await api.get(`/v1/accounts?creator=${FARM}`);
      expect(body.items.map((account: { accountId: string }) => account.accountId)).to.deep.equal(["0000-0037"]);
    });
  });

  describe("records", () => {
    it("answer every filter with what it asks for and nothing else", async () => {
      const ids = async (query: string) => {
        const { body } = await api.get(`/v1/records?${query}`);
        return body.items.map((record: { id: string }) => record.id);
      };
      const record = recordIdOf(RECORD);
      const replacement = recordIdOf(REPLACEMENT);
      const sown = recordIdOf({ data: "sown", owner: FARM, subject: OBJECT });
      const harvested = recordIdOf({ data: "harvested", owner: SHOP, subject: OBJECT });
      const recordedAt = new Date(story.timeOf(8) * 1_000).toISOString();
      expect(await ids("")).to.deep.equal([replacement, harvested, sown, record]);
      expect(await ids(`digest=${digest("harvest report")}`)).to.deep.equal([record]);
      expect(await ids(`digest=${digest("forged report")}`)).to.deep.equal([]);
      expect(await ids(`owner=${FARM}`)).to.deep.equal([replacement, sown, record]);
      expect(await ids("owner=0000-0021")).to.deep.equal([harvested]);
      expect(await ids(`object=${OBJECT}`)).to.deep.equal([harvested, sown]);
      expect(await ids(`subject=${OBJECT}&owner=${FARM}`)).to.deep.equal([sown]);
      expect(await ids("kind=3")).to.deep.equal([record]);
      expect(await ids(`businessKey=${digest("batch 7")}`)).to.deep.equal([record]);
      expect(await ids(`from=${recordedAt}&to=${recordedAt}`)).to.deep.equal([harvested, sown, record]);
      expect(await ids(`from=${recordedAt.replace(".000Z", ".001Z")}`)).to.deep.equal([replacement]);
      expect(await ids(`to=${recordedAt.replace("Z", "%2B00:00")}`)).to.deep.equal([harvested, sown, record]);
      expect(await ids("from=2999-01-01")).to.deep.equal([]);
      expect(await ids("to=1999-01-01")).to.deep.equal([]);
      expect(await ids("at=8")).to.deep.equal([harvested, sown, record]);
    });

    it("show status, reason, successor and the operation that made them", async () => {
      const { body } = await api.get(`/v1/records/${recordIdOf(RECORD)}`);
      expect(body).to.include({
        owner: "0xA00000000000000000000000000000000000000B",
        algorithm: "sha2-256",
        kind: 3,
        subject: null,
        blockNumber: 8,
        status: "superseded",
        supersededBy: recordIdOf(REPLACEMENT),
        reason: digest("why"),
        statusBlock: 9,
        operation: digest("op 1"),
      });
      expect((await api.get(`/v1/records/${recordIdOf(REPLACEMENT)}`)).body).to.include({
        status: "valid",
        operation: null,
      });
    });

    it("form an object's timeline from the first link on, a revoked link in its place", async () => {
      const { body } = await api.get(`/v1/objects/${OBJECT}/timeline`);
      const links = body.items.map(({ position, previous, record }: Body) => [
        position,
        previous,
        record.digest,
        record.status,
      ]);
      expect(links).to.deep.equal([
        [0, null, digest("sown"), "valid"],
        [1, digest("sown"), digest("harvested"), "revoked"],
      ]);
    });

    it("belong to objects with head, length and writers", async () => {
      const past = (await api.get(`/v1/objects/${OBJECT}?at=10`)).body;
      expect(past).to.include({ length: 2, head: digest("harvested"), blockNumber: 7 });
      expect(past.writers).to.deep.equal(["0xa00000000000000000000000000000000000000c"]);
      expect((await api.get(`/v1/objects/${OBJECT}`)).body.writers).to.deep.equal([]);
    });
  });

  describe("partners", () => {
    it("show what they signed, may do and recognise", async () => {
      const farm = (await api.get(`/v1/partners/${FARM}`)).body;
      expect(farm).to.include({
        name: "绿野农场 Green Farm",
        status: "admitted",
        document: "partner-agreement",
        admittedBlock: 6,
      });
      expect(farm.permissions).to.deep.equal(["identity", "evidence", "vouchers"]);
      expect(farm.signatures).to.have.lengthOf(1);
      expect(farm.signatures[0]).to.include({
        version: 1,
        signedDigest: digest("scan"),
        signature: "0x1234",
        blockNumber: 6,
      });
      const shopAt12 = (await api.get(`/v1/partners/${SHOP}?at=12`)).body;
      expect(shopAt12.recognises).to.have.lengthOf(1);
      expect(shopAt12.recognises[0]).to.include({ fromLevel: 5, blockNumber: 6 });
      expect(shopAt12).to.include({ status: "admitted" });
      expect((await api.get(`/v1/partners/${SHOP}`)).body).to.include({
        status: "terminated",
        ground: digest("order 3"),
      });
    });
  });

  describe("vouchers", () => {
    it("show terms, cap and what circulates after allocation, transfers and redemption", async () => {
      const { body } = await api.get(`/v1/vouchers/${VOUCHER}`);
      expect(body).to.include({
        name: "Tea coupon",
        symbol: "TEA",
        cap: "1000000",
        circulating: "425",
        holders: 2,
        legalCategory: "goods-coupon",
        termsDigest: digest("terms"),
        type: "splittable",
      });
      expect((await api.get(`/v1/vouchers/${VOUCHER}?at=10`)).body).to.include({ circulating: "500", holders: 1 });
    });

    it("list holders by size and movements by time", async () => {
      const holders = (await api.get(`/v1/vouchers/${VOUCHER}/holders`)).body.items;
      expect(holders.map(({ amount }: { amount: string }) => amount)).to.deep.equal(["325", "100"]);
      const moves = (await api.get(`/v1/vouchers/${VOUCHER}/transfers`)).body.items;
      expect(moves.map(({ amount }: { amount: string }) => amount)).to.deep.equal([
        "75",
        "0",
        "25",
        "50",
        "200",
        "500",
      ]);
      expect(moves.at(-1)).to.include({ sender: null });
      expect(moves[0]).to.include({ recipient: null });
      const ofFarm = (await api.get(`/v1/vouchers/${VOUCHER}/transfers?account=${OPERATOR}`)).body.items;
      expect(ofFarm).to.deep.equal([]);
    });

    it("come from applications with their end", async () => {
      const { body } = await api.get("/v1/voucher-applications");
      const ends = body.items.map(({ id, status, ground, voucher }: Body) => [
        id,
        status,
        ground,
        voucher?.toLowerCase() ?? null,
      ]);
      expect(ends).to.deep.equal([
        [3, "refused", digest("no licence"), null],
        [2, "withdrawn", null, null],
        [1, "created", null, VOUCHER],
      ]);
      const refused = (await api.get("/v1/voucher-applications?status=refused")).body.items;
      expect(refused.map(({ id }: { id: number }) => id)).to.deep.equal([3]);
    });
  });

  describe("operations", () => {
    const hash = digest("waiting operation");
    beforeEach(() =>
      api.db.query(
        `insert into operation_pool (hash, relay, sender, nonce, deadline, operation, state, received_at, received_block, reason)
         values (decode($1, 'hex'), $2, $2, 5, 99, '{}', 'expired', 0, 1, $4),
           (decode($1, 'hex'), $3, $2, 5, 99, '{}', 'received', 0, 1, null)`,
        [hash.slice(2), RELAYS[0], RELAYS[1], { code: "operation.expired", message: "too late" }],
      ),
    );
    afterEach(() => api.db.query("delete from operation_pool; delete from relay_bundles"));

    it("show what became of them on the chain", async () => {
      const { body } = await api.get(`/v1/operations/${digest("op 1")}`);
      expect(body).to.include({ state: "included", success: true, blockNumber: 8, gasUsed: 90_000, reason: null });
      const failed = (await api.get(`/v1/operations/${digest("op 2")}`)).body;
      expect(failed).to.include({ state: "included", success: false, revertData: "0x08c379a0" });
    });

    it("show those that only the access node knows, by the relay that got furthest", async () => {
      const { body } = await api.get(`/v1/operations/${hash}`);
      expect(body).to.include({ state: "received", deadline: 99, success: null, blockNumber: null, reason: null });
    });

    it("are submitted while a bundle carries them", async () => {
      await api.db.query(
        "insert into relay_bundles (transaction_hash, relay, nonce, operations) values ($1, $2, 0, decode($3, 'hex'))",
        [new Uint8Array(32), RELAYS[1], digest("another").slice(2) + hash.slice(2)],
      );
      expect((await api.get(`/v1/operations/${hash}`)).body).to.include({ state: "submitted" });
    });

    it("say why they ended without being included", async () => {
      await api.db.query("delete from operation_pool where state = 'received'", []);
      expect((await api.get(`/v1/operations/${hash}`)).body).to.include({ state: "expired", reason: "too late" });
    });

    it("are listed by account", async () => {
      const { body } = await api.get(`/v1/operations?account=${FARM}`);
      expect(body.items.map((operation: { hash: string }) => operation.hash)).to.deep.equal([digest("op 1")]);
    });
  });

  describe("blocks", () => {
    it("are found by number and by hash, with their transactions", async () => {
      const { body } = await api.get("/v1/blocks/6");
      expect(body).to.include({
        number: 6,
        hash: story.blockHash(6),
        parentHash: story.blockHash(5),
        transactionCount: 6,
      });
      expect(body.transactions).to.have.lengthOf(6);
      expect((await api.get(`/v1/blocks/${story.blockHash(6)}`)).body).to.deep.equal(body);
    });
  });
});
