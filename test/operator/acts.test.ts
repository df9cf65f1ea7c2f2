import { expect } from "chai";
import { type Block, type Contract, encodeBytes32String, id, keccak256, Wallet } from "ethers";
import type { Call } from "../../src/core/execution.ts";
import { sendBundle, signOperation } from "../support/operations.ts";
import { callOf, signCall } from "../support/partner.ts";
import { type Body, GROUND, IN_A_YEAR, Office, type OperatorNetwork, startNetwork } from "./office.ts";

const FREE = { gasPrice: 0, type: 0, gasLimit: 3_000_000 };
const [ADMITTED, SUSPENDED, TERMINATED] = [1n, 2n, 3n];

describe("Acts of the operator, on a chain", function () {
  this.timeout(120_000);
  let network: OperatorNetwork;
  let office: Office;
  const owner = new Wallet(Wallet.createRandom().privateKey);
  let account = "";

  before(async () => {
    network = await startNetwork();
    office = await Office.open(network);
  });
  after(async () => {
    await office?.close();
    await network?.stop();
  });

  /** Calls of the institution's account. */
  async function institution(...calls: Call[]): Promise<void> {
    const deadlineBlock = (await network.provider.getBlockNumber()) + 100;
    const limits = { callGasLimit: 6_000_000n, verificationGasLimit: 1_000_000n };
    await sendBundle(network.relay, [signOperation({ account, owner, calls, deadlineBlock, ...limits })]);
  }

  const statusOf = async () => (await network.contract("Partners")).getFunction("statusOf")(account);

  it("publish legal documents, version by version", async () => {
    const body = { document: "partner-agreement", digest: id("agreement"), location: "https://example.org/agreement" };
    const act = await office.done("/documents", body);
    expect(act).to.deep.include({ act: "document.publish", input: body, planned: 1, error: null, waiting: null });
    expect(act.result).to.deep.equal({ version: 1 });
    expect(act.requestedBy).to.equal(office.keyId);
    const [transaction] = act.transactions;
    expect(transaction).to.deep.include({ sender: network.operator.address, state: "included", success: true });
    const receipt = await network.provider.getTransactionReceipt(transaction.hash);
    expect(receipt?.blockNumber).to.equal(transaction.block);
    expect(Date.parse(act.endedAt)).to.be.at.least(Date.parse(act.requestedAt));
    const other = await office.done("/documents", { ...body, document: "privacy", digest: id("privacy") });
    expect(other.result).to.deep.equal({ version: 1 });
  });

  it("take an institution from nothing to a partner, with its signature between", async () => {
    const terms = { digest: id("identity"), expiresAt: IN_A_YEAR };
    const applicant = { signer: owner.address, salt: encodeBytes32String("first"), ...terms };
    const created = await office.done("/applicants", applicant);
    account = created.result.account;
    expect(created.transactions).to.have.length(2);

    const admission = { account, name: "Bank of Acts", permissions: ["identity", "evidence", "vouchers"], ...terms };
    const unsigned = await office.ask("POST", "/partners", { body: admission });
    expect([unsigned.status, unsigned.body.code]).to.deep.equal([403, "partner.unsigned"]);
    await institution(await signCall(await network.contract("LegalDocuments"), owner, account));

    const admitted = await office.done("/partners", admission);
    expect(admitted.planned).to.equal(3);
    expect(admitted.transactions.map(({ what }: Body) => what)).to.deep.equal([
      "Bank of Acts is admitted",
      "Bank of Acts is certified",
      "Bank of Acts gets quota class 16",
    ]);
    expect(await statusOf()).to.equal(ADMITTED);
    const repeated = await office.done("/partners", admission);
    expect(repeated.transactions).to.deep.equal([]);
    const renamed = await office.ask("POST", "/partners", { body: { ...admission, name: "Bank of Others" } });
    expect(renamed.body).to.deep.include({ code: "contract.reverted", error: "PartnerKnown" });
  });

  it("change what a partner may do, and its quota class", async () => {
    await office.done(`/partners/${account}/permissions`, { permissions: ["evidence", "vouchers"] });
    const partner = await (await network.contract("Partners")).getFunction("partner")(account);
    expect(partner.permissions).to.equal(6n);
    await office.done(`/accounts/${account}/quota-class`, { quotaClass: 17 });
    expect(await (await network.contract("Quota")).getFunction("classOf")(account)).to.equal(17n);
    const unknown = await office.ask("POST", `/accounts/${account}/quota-class`, { body: { quotaClass: 200 } });
    expect(unknown.body).to.deep.include({ code: "contract.reverted", error: "QuotaInvalidClass" });
  });

  it("suspend and reinstate a partner, on a ground that is kept", async () => {
    const missing = await office.ask("POST", `/partners/${account}/suspension`, { body: {} });
    expect(missing.body).to.deep.include({ code: "request.invalid", field: "ground" });
    const empty = await office.ask("POST", `/partners/${account}/suspension`, {
      body: { ground: `0x${"00".repeat(32)}` },
    });
    expect(empty.body).to.deep.include({ code: "contract.reverted", error: "PartnerGroundMissing" });
    await office.done(`/partners/${account}/suspension`, { ground: GROUND });
    expect(await statusOf()).to.equal(SUSPENDED);
    expect(await (await network.contract("Partners")).getFunction("groundOf")(account)).to.equal(GROUND);
    const again = await office.ask("POST", `/partners/${account}/suspension`, { body: { ground: GROUND } });
    expect(again.body).to.deep.include({ code: "contract.reverted", error: "PartnerWrongStatus" });
    await office.done(`/partners/${account}/reinstatement`, { ground: GROUND });
    expect(await statusOf()).to.equal(ADMITTED);
  });

  it("approve and refuse applications for vouchers", async () => {
    const factory = await network.contract("VoucherFactory");
    const application = {
      ...{
        voucherType: 0,
        decimals: 0,
        holderLevel: 5,
        cap: 1_000,
        name: "Tea",
        symbol: "TEA",
        product: "a tin of tea",
      },
      ...{ termsDigest: id("terms"), declarationDigest: id("declaration"), uri: "https://example.org/tea" },
      ...{ legalCategory: encodeBytes32String("goods-coupon"), redemptionBlocks: 1_000 },
      ...{ secondary: true, hands: 0, holdingBlocks: 0, periodBlocks: 0, periodAmount: 0 },
    };
    await institution(callOf(factory, "applyFor", [application]), callOf(factory, "applyFor", [application]));
    const approved = await office.done("/voucher-applications/1/approval");
    expect(await factory.getFunction("isVoucher")(approved.result.voucher)).to.equal(true);
    expect(approved.result.issuer).to.equal(account);
    await office.done("/voucher-applications/2/refusal", { ground: GROUND });
    for (const path of ["/voucher-applications/1/approval", "/voucher-applications/2/approval"]) {
      const { status, body } = await office.ask("POST", path);
      expect([status, body.error]).to.deep.equal([422, "VoucherApplicationWrongStatus"]);
    }
    const unknown = await office.ask("POST", "/voucher-applications/9/refusal", { body: { ground: GROUND } });
    expect(unknown.status).to.equal(422);
  });

  it("register and retire time-stamping authorities", async () => {
    const authority = {
      ...{ certificateDigest: id("certificate"), policy: "1.2.3.4.1", location: "https://example.org/tsa.crt" },
      ...{ notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" },
    };
    const registered = await office.done("/timestamp-authorities", authority);
    expect(registered.result).to.deep.equal({ authority: 1 });
    const twice = await office.ask("POST", "/timestamp-authorities", { body: authority });
    expect(twice.body.error).to.equal("AuthorityKnown");
    // A block's hash can be read in the blocks after it.
    const blockNumber = (await network.provider.getBlockNumber()) - 1;
    const { timestamp } = (await network.provider.getBlock(blockNumber)) as Block;
    const token = {
      blockNumber,
      authority: 1,
      tokenDigest: id("token"),
      time: new Date(timestamp * 1_000).toISOString(),
    };
    await office.done("/block-timestamps", token);
    const far = await office.ask("POST", "/block-timestamps", { body: { ...token, blockNumber: 9_999_999 } });
    expect(far.body.error).to.equal("TokenBlockOutOfReach");
    await office.done("/timestamp-authorities/1/retirement", { ground: GROUND });
    const kept = await (await network.contract("TimestampAuthorities")).getFunction("authorityOf")(1);
    expect(kept.ground).to.equal(GROUND);
    const unknown = await office.ask("POST", "/timestamp-authorities/2/retirement", { body: { ground: GROUND } });
    expect(unknown.body.error).to.equal("AuthorityUnknown");
  });

  describe("on regulators' orders", () => {
    let partners: Contract;
    let data = "";

    before(async () => {
      partners = await network.contract("Partners");
      data = partners.interface.encodeFunctionData("suspendOnOrder", [account]);
      const orders = await network.contract("Orders", network.regulator);
      const lastBlock = (await network.provider.getBlockNumber()) + 1_000;
      const filing = {
        ...{ executor: `0x${"00".repeat(20)}`, subject: account, document: id("order"), lastBlock },
        ...{ target: partners.target, callDigest: keccak256(data) },
      };
      const file = async (changes: object) =>
        (await orders.getFunction("file")({ ...filing, ...changes }, "https://example.org/order", FREE)).wait();
      await file({});
      await file({
        target: `0x${"00".repeat(20)}`,
        callDigest: `0x${"00".repeat(32)}`,
        subject: network.relay.address,
      });
    });

    it("list what waits for the operator, a page at a time", async () => {
      const { body } = await office.ask("GET", "/orders");
      expect(body.items.map(({ order }: Body) => order)).to.deep.equal([2, 1]);
      expect(body.next).to.equal(null);
      expect(body.items[1]).to.deep.include({
        ...{ authority: network.regulator.address, subject: account, document: id("order") },
        call: { target: partners.target, digest: keccak256(data) },
      });
      expect(body.items[0].call).to.equal(null);
      const first = await office.ask("GET", "/orders?limit=1");
      expect(first.body.items.map(({ order }: Body) => order)).to.deep.equal([2]);
      const second = await office.ask("GET", `/orders?limit=1&cursor=${first.body.next}`);
      expect(second.body.items.map(({ order }: Body) => order)).to.deep.equal([1]);
      expect(second.body.next).to.equal(null);
    });

    it("make exactly the ordered call, once", async () => {
      const other = partners.interface.encodeFunctionData("terminateOnOrder", [account]);
      const differs = await office.ask("POST", "/orders/1/execution", { body: { data: other } });
      expect(differs.body.error).to.equal("OrderCallDiffers");
      await office.done("/orders/1/execution", { data });
      expect(await statusOf()).to.equal(SUSPENDED);
      expect((await office.ask("POST", "/orders/1/execution", { body: { data } })).body.error).to.equal("OrderNotLive");
      const lifted = await office.ask("POST", `/partners/${account}/reinstatement`, { body: { ground: GROUND } });
      expect([lifted.status, lifted.body.code]).to.deep.equal([403, "access.denied"]);
    });

    it("report what was done where no call was ordered", async () => {
      await office.done("/orders/2/report", { result: id("report") });
      expect((await office.ask("GET", "/orders")).body.items).to.deep.equal([]);
      const unknown = await office.ask("POST", "/orders/99/report", { body: { result: id("report") } });
      expect(unknown.body.error).to.equal("OrderUnknown");
    });
  });

  describe("at the end", () => {
    it("terminate a partner for good", async () => {
      await office.done(`/partners/${account}/termination`, { ground: GROUND });
      expect(await statusOf()).to.equal(TERMINATED);
    });

    it("are all listed with who asked, by act, state and requester, a page at a time", async () => {
      const { body } = await office.ask("GET", "/acts?limit=200");
      expect(
        body.items.every(({ state, requestedBy }: Body) => state === "done" && requestedBy === office.keyId),
      ).to.equal(true);
      const admissions = await office.ask("GET", `/acts?act=partner.admit&state=done&requestedBy=${office.keyId}`);
      expect(admissions.body.items).to.have.length(2);
      const pages: number[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const { body: page }: Body = await office.ask(
          "GET",
          `/acts?limit=4${cursor === "" ? "" : `&cursor=${cursor}`}`,
        );
        pages.push(...page.items.map(({ id: number }: Body) => number));
        cursor = page.next;
      }
      expect(pages).to.deep.equal(body.items.map(({ id: number }: Body) => number));
      expect((await office.ask("GET", "/acts?state=failed")).body.items).to.deep.equal([]);
      expect((await office.ask("GET", "/acts?requestedBy=nobody")).body.items).to.deep.equal([]);
      const { body: one } = await office.ask("GET", `/acts/${pages[0]}`);
      expect(one).to.deep.equal(body.items[0]);
      expect((await office.ask("GET", "/acts/999999")).status).to.equal(404);
      expect((await office.ask("GET", "/acts?act=king.crown")).body.code).to.equal("request.invalid");
    });
  });
});
