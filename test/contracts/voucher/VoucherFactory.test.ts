import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, PARTNER, town } from "../support/participants.ts";
import { voucherAt } from "../support/platform.ts";
import { application, makeVoucher } from "../support/vouchers.ts";

const STATUS = { none: 0n, applied: 1n, withdrawn: 2n, refused: 3n, created: 4n } as const;
const GROUND = digestOf("ground");

/** The town and an application of the dairy's. */
async function withApplication() {
  const p = await town();
  expectExecuted(await p.dairy.call(p.voucherFactory, "applyFor", [application()]));
  return p;
}

describe("VoucherFactory", () => {
  describe("an application", () => {
    it("is kept as it was filed, under the next number", async () => {
      const { voucherFactory, dairy } = await town();
      const filed = application();
      const events = expectExecuted(await dairy.call(voucherFactory, "applyFor", [filed]));
      expectEvent(events, "VoucherApplied", [1, dairy.address, Object.values(filed)]);
      const found = await voucherFactory.application(1);
      expect([...found.value]).to.deep.equal(
        Object.values(filed).map((value) => (typeof value === "number" ? BigInt(value) : value)),
      );
      expect(found.issuer).to.equal(dairy.address);
      expect(found.status).to.equal(STATUS.applied);
      expect(found.voucher).to.equal(ZeroAddress);
      expect(await voucherFactory.count()).to.equal(1n);
    });

    it("is for partners with the voucher permission", async () => {
      const { voucherFactory, alice, school, dairy, partners, operator } = await town();
      const byUser = await alice.call(voucherFactory, "applyFor", [application()]);
      expectReverted(byUser, "PartnerNotAdmitted", [alice.address]);
      const bySchool = await school.call(voucherFactory, "applyFor", [application()]);
      expectReverted(bySchool, "PartnerPermissionMissing", [school.address, PARTNER.vouchers]);
      await partners.connect(operator).suspend(dairy.address, GROUND);
      const suspended = await dairy.call(voucherFactory, "applyFor", [application()]);
      expectReverted(suspended, "PartnerNotAdmitted", [dairy.address]);
    });

    const missing: [string, object][] = [
      ["name", { name: "" }],
      ["symbol", { symbol: "" }],
      ["product", { product: "" }],
      ["cap", { cap: 0n }],
      ["termsDigest", { termsDigest: ZeroHash }],
      ["declarationDigest", { declarationDigest: ZeroHash }],
      ["legalCategory", { legalCategory: ZeroHash }],
      ["redemptionBlocks", { redemptionBlocks: 0 }],
      ["periodAmount", { periodBlocks: 10 }],
      ["periodAmount", { periodAmount: 10n }],
      ["hands", { hands: 1 }],
      ["holderLevel", { holderLevel: LEVEL.phone }],
      ["holderLevel", { holderLevel: LEVEL.applicant }],
      ["holderLevel", { holderLevel: 0 }],
      ["holderLevel", { holderLevel: 99 }],
    ];
    for (const [field, change] of missing) {
      it(`is incomplete with ${Object.entries(change).map(([key, value]) => `${key} ${value || "empty"}`)}`, async () => {
        const { voucherFactory, dairy } = await town();
        const attempt = await dairy.call(voucherFactory, "applyFor", [application(change)]);
        expectReverted(attempt, "VoucherApplicationIncomplete", [field]);
        expect(await voucherFactory.count()).to.equal(0n);
      });
    }

    it("is withdrawn by its partner, suspended or not, and by nobody else", async () => {
      const { voucherFactory, bank, dairy, operator, partners } = await withApplication();
      const byBank = await bank.call(voucherFactory, "withdraw", [1]);
      expectReverted(byBank, "VoucherApplicationNotIssuer", [1, bank.address]);
      const direct = voucherFactory.connect(operator).withdraw(1);
      await expectRevert(direct, "VoucherApplicationNotIssuer", [1, operator.address]);
      await partners.connect(operator).suspend(dairy.address, GROUND);
      const events = expectExecuted(await dairy.call(voucherFactory, "withdraw", [1]));
      expectEvent(events, "VoucherWithdrawn", [1]);
      expect((await voucherFactory.application(1)).status).to.equal(STATUS.withdrawn);
    });

    it("is refused by the operator on a ground", async () => {
      const { voucherFactory, operator } = await withApplication();
      const acting = voucherFactory.connect(operator);
      await expectRevert(acting.refuse(1, ZeroHash), "VoucherGroundMissing", []);
      expectEvent(await eventsOf(acting.refuse(1, GROUND)), "VoucherRefused", [1, GROUND]);
      expect((await voucherFactory.application(1)).status).to.equal(STATUS.refused);
    });

    it("ends once: nothing follows on withdrawal, refusal or creation", async () => {
      const { voucherFactory, dairy, operator } = await withApplication();
      const acting = voucherFactory.connect(operator);
      for (let at = 0; at < 2; at++) expectExecuted(await dairy.call(voucherFactory, "applyFor", [application()]));
      expectExecuted(await dairy.call(voucherFactory, "withdraw", [1]));
      await acting.refuse(2, GROUND);
      await acting.create(3);
      for (const [id, status] of [
        [1, STATUS.withdrawn],
        [2, STATUS.refused],
        [3, STATUS.created],
      ] as const) {
        const withdrawn = await dairy.call(voucherFactory, "withdraw", [id]);
        expectReverted(withdrawn, "VoucherApplicationWrongStatus", [id, status]);
        await expectRevert(acting.refuse(id, GROUND), "VoucherApplicationWrongStatus", [id, status]);
        await expectRevert(acting.create(id), "VoucherApplicationWrongStatus", [id, status]);
      }
    });

    it("has to exist", async () => {
      const { voucherFactory, dairy, operator } = await withApplication();
      for (const id of [0, 2]) {
        const withdrawn = await dairy.call(voucherFactory, "withdraw", [id]);
        expectReverted(withdrawn, "VoucherApplicationWrongStatus", [id, STATUS.none]);
        const created = voucherFactory.connect(operator).create(id);
        await expectRevert(created, "VoucherApplicationWrongStatus", [id, STATUS.none]);
        const found = await voucherFactory.application(id);
        expect([found.issuer, found.status, found.voucher]).to.deep.equal([ZeroAddress, STATUS.none, ZeroAddress]);
      }
    });
  });

  describe("creation", () => {
    it("makes the voucher's contract as applied for, and lists it as an instance", async () => {
      const { voucherFactory, directory, dairy, operator, addresses } = await withApplication();
      const events = await eventsOf(voucherFactory.connect(operator).create(1));
      const { voucher: address, status } = await voucherFactory.application(1);
      expect(status).to.equal(STATUS.created);
      expectEvent(events, "VoucherCreated", [1, dairy.address, address]);
      expectEvent(events, "InstanceRegistered", [addresses.VoucherFactory, address]);
      expect(await voucherFactory.isVoucher(address)).to.equal(true);
      expect(await directory.groupOf(address)).to.equal(addresses.VoucherFactory);
      const voucher = voucherAt(address);
      const { name, symbol, cap, termsDigest, uri } = application();
      expect(await voucher.getFunction("name")()).to.equal(name);
      expect(await voucher.symbol()).to.equal(symbol);
      expect(await voucher.decimals()).to.equal(2n);
      expect(await voucher.issuer()).to.equal(dairy.address);
      expect(await voucher.cap()).to.equal(cap);
      expect(await voucher.circulating()).to.equal(0n);
      expect(await voucher.holderLevel()).to.equal(BigInt(LEVEL.realName));
      expect(await voucher.termsDigest()).to.equal(termsDigest);
      expect(await voucher.uri(0)).to.equal(uri);
    });

    it("gives a voucher of lots the policy that its partner chose", async () => {
      const p = await town();
      const chosen = { secondary: false, hands: 3, holdingBlocks: 4, periodBlocks: 5, periodAmount: 6n };
      const voucher = await makeVoucher(p, p.bank, { voucherType: 1, redemptionBlocks: 7, ...chosen });
      expect(await voucher.policy()).to.deep.equal([BigInt(LEVEL.realName), false, 0n, 3n, 4n, 5n, 6n]);
      expect([await voucher.isLots(), await voucher.redemptionBlocks()]).to.deep.equal([true, 7n]);
      expect(await voucher.issuer()).to.equal(p.bank.address);
    });

    it("is not the partner's, nor anybody's but the operator's", async () => {
      const { voucherFactory, dairy, regulator, admissionParty, seats } = await withApplication();
      const byPartner = await dairy.call(voucherFactory, "create", [1]);
      expect(byPartner.refused?.failure?.name).to.equal("QuotaUnpriced");
      for (const outsider of [regulator, admissionParty, seats[0]]) {
        const attempt = voucherFactory.connect(outsider).create(1);
        await expectRevert(attempt, "Unauthorised", [outsider?.address, 1]);
      }
    });

    it("does not happen for a partner that was suspended or lost its permission meanwhile", async () => {
      const { voucherFactory, partners, dairy, operator } = await withApplication();
      await partners.connect(operator).suspend(dairy.address, GROUND);
      const acting = voucherFactory.connect(operator);
      await expectRevert(acting.create(1), "PartnerNotAdmitted", [dairy.address]);
      await partners.connect(operator).reinstate(dairy.address, GROUND);
      await partners.connect(operator).setPermissions(dairy.address, PARTNER.identity);
      await expectRevert(acting.create(1), "PartnerPermissionMissing", [dairy.address, PARTNER.vouchers]);
      await partners.connect(operator).setPermissions(dairy.address, PARTNER.vouchers);
      await acting.create(1);
    });

    it("makes each voucher at an address of its own, and knows no others", async () => {
      const { voucherFactory, dairy, operator, addresses } = await withApplication();
      expectExecuted(await dairy.call(voucherFactory, "applyFor", [application()]));
      await voucherFactory.connect(operator).create(2);
      await voucherFactory.connect(operator).create(1);
      const [one, two] = [await voucherFactory.application(1), await voucherFactory.application(2)];
      expect(one.voucher).not.to.equal(two.voucher);
      expect(await voucherFactory.isVoucher(addresses.Voucher ?? "")).to.equal(false);
      expect(await voucherFactory.isVoucher(ZeroAddress)).to.equal(false);
    });

    it("takes the level table of the day of the application", async () => {
      const p = await town();
      await decide(p, [p.certifications, "setLevel", [LEVEL.realName, 50, 0]]);
      const attempt = await p.dairy.call(p.voucherFactory, "applyFor", [application()]);
      expectReverted(attempt, "VoucherApplicationIncomplete", ["holderLevel"]);
    });
  });
});
