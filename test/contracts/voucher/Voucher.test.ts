import { expect } from "chai";
import { dataLength, ZeroAddress } from "ethers";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { MEASURES_COVERAGE, networkHelpers, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL, makeUser, PARTNER, type Participant, town } from "../support/participants.ts";
import { deployed, voucherAt } from "../support/platform.ts";
import { application, makeVoucher } from "../support/vouchers.ts";

const ANSWER = { notCertified: 1, notLive: 2, notRecognised: 3, levelTooLow: 4 } as const;
const GROUND = digestOf("ground");
const CAP = application().cap;

/** The town, a voucher of the bank's, and 100 units of it with Alice. Alice and Bob are the bank's own users. */
async function withVoucher() {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  const balance = async (who: Participant) => Number(await voucher.balanceOf(who.address, 0));
  const transfer = (from: Participant, to: Participant, amount: number, by = from) =>
    by.call(voucher, "safeTransferFrom", [from.address, to.address, 0, amount, "0x"]);
  return { ...p, voucher, balance, transfer };
}

describe("Voucher", () => {
  describe("allocation", () => {
    it("gives new units to a certified account and counts them", async () => {
      const { voucher, bank, bob, balance } = await withVoucher();
      const events = expectExecuted(await bank.call(voucher, "allocate", [bob.address, 50]));
      expectEvent(events, "Allocated", [bob.address, 0, 50, 150]);
      expectEvent(events, "TransferSingle", [bank.address, ZeroAddress, bob.address, 0, 50]);
      expect(await balance(bob)).to.equal(50);
      expect(await voucher.circulating()).to.equal(150n);
    });

    it("reaches the cap exactly and never goes over it", async () => {
      const { voucher, bank, bob } = await withVoucher();
      const left = CAP - 100n;
      const over = await bank.call(voucher, "allocate", [bob.address, left + 1n]);
      expectReverted(over, "VoucherCapExceeded", [CAP, 100, left + 1n]);
      const huge = await bank.call(voucher, "allocate", [bob.address, 2n ** 256n - 1n]);
      expectReverted(huge, "VoucherCapExceeded", [CAP, 100, 2n ** 256n - 1n]);
      expectExecuted(await bank.call(voucher, "allocate", [bob.address, left]));
      expect(await voucher.circulating()).to.equal(CAP);
      expectReverted(await bank.call(voucher, "allocate", [bob.address, 1]), "VoucherCapExceeded", [CAP, CAP, 1]);
    });

    it("gives to many, all or none", async () => {
      const { voucher, bank, alice, bob, carol, balance } = await withVoucher();
      const both = [alice.address, bob.address];
      expectExecuted(await bank.call(voucher, "allocateMany", [both, [1, 2]]));
      expect([await balance(alice), await balance(bob)]).to.deep.equal([101, 2]);
      const withCarol = await bank.call(voucher, "allocateMany", [
        [bob.address, carol.address],
        [1, 1],
      ]);
      expectReverted(withCarol, "VoucherHolderNotEligible", [carol.address, ANSWER.notRecognised]);
      const over = await bank.call(voucher, "allocateMany", [both, [800, 98]]);
      expectReverted(over, "VoucherCapExceeded", [CAP, 903, 98]);
      expect([await balance(alice), await balance(bob)]).to.deep.equal([101, 2]);
      expect(await voucher.circulating()).to.equal(103n);
    });

    it("takes lists of one length that are not empty, and amounts above 0", async () => {
      const { voucher, bank, alice } = await withVoucher();
      const attempt = (to: string[], amounts: number[]) => bank.call(voucher, "allocateMany", [to, amounts]);
      expectReverted(await attempt([alice.address], []), "VoucherLengthsDiffer", []);
      expectReverted(await attempt([], [1]), "VoucherLengthsDiffer", []);
      expectReverted(await attempt([], []), "VoucherAmountMissing", []);
      expectReverted(await attempt([alice.address], [0]), "VoucherAmountMissing", []);
      expectReverted(await bank.call(voucher, "allocate", [alice.address, 0]), "VoucherAmountMissing", []);
    });

    it("is the issuer's alone", async () => {
      const { voucher, dairy, alice, operator, regulator } = await withVoucher();
      for (const other of [dairy, alice]) {
        const single = await other.call(voucher, "allocate", [alice.address, 1]);
        expectReverted(single, "VoucherNotIssuer", [other.address]);
        const many = await other.call(voucher, "allocateMany", [[alice.address], [1]]);
        expectReverted(many, "VoucherNotIssuer", [other.address]);
      }
      for (const caller of [operator, regulator]) {
        const direct = voucher.connect(caller).allocate(alice.address, 1);
        await expectRevert(direct, "VoucherNotIssuer", [caller.address]);
      }
    });

    it("stops while the issuer is suspended or has lost its permission; holders can still transfer", async () => {
      const { voucher, bank, alice, bob, partners, operator, transfer } = await withVoucher();
      await partners.connect(operator).suspend(bank.address, GROUND);
      const suspended = await bank.call(voucher, "allocate", [alice.address, 1]);
      expectReverted(suspended, "VoucherIssuerNotPermitted", [bank.address]);
      expectExecuted(await transfer(alice, bob, 1));
      await partners.connect(operator).reinstate(bank.address, GROUND);
      await partners.connect(operator).setPermissions(bank.address, PARTNER.identity);
      const stripped = await bank.call(voucher, "allocateMany", [[alice.address], [1]]);
      expectReverted(stripped, "VoucherIssuerNotPermitted", [bank.address]);
    });

    it("reaches nobody who is not an account: no key, no contract, not even one that would take it", async () => {
      const { voucher, bank, operator } = await withVoucher();
      const probe = await deployed(operator, "testing/Probe", []);
      for (const target of [walletOf("alice").address, probe, voucher.target, ZeroAddress]) {
        const attempt = await bank.call(voucher, "allocate", [target, 1]);
        if (target === ZeroAddress) expectReverted(attempt, "ERC1155InvalidReceiver", [ZeroAddress]);
        else expectReverted(attempt, "VoucherHolderNotEligible", [target, ANSWER.notCertified]);
      }
    });
  });

  describe("transfer", () => {
    it("moves units between accounts that the issuer accepts", async () => {
      const { voucher, alice, bob, balance, transfer } = await withVoucher();
      const events = expectExecuted(await transfer(alice, bob, 30));
      expectEvent(events, "TransferSingle", [alice.address, alice.address, bob.address, 0, 30]);
      expect([await balance(alice), await balance(bob)]).to.deep.equal([70, 30]);
      expect(await voucher.circulating()).to.equal(100n);
    });

    it("moves no more than there is", async () => {
      const { alice, bob, transfer, balance } = await withVoucher();
      const attempt = await transfer(alice, bob, 101);
      expectReverted(attempt, "ERC1155InsufficientBalance", [alice.address, 100, 101, 0]);
      expect(await balance(alice)).to.equal(100);
    });

    it("of everything to oneself, of nothing, or of a token that does not exist changes no balance", async () => {
      const { voucher, alice, bob, balance, transfer } = await withVoucher();
      expectExecuted(await transfer(alice, alice, 100));
      expectExecuted(await transfer(alice, bob, 0));
      expectExecuted(await alice.call(voucher, "safeTransferFrom", [alice.address, bob.address, 7, 0, "0x"]));
      const other = await alice.call(voucher, "safeTransferFrom", [alice.address, bob.address, 7, 1, "0x"]);
      expectReverted(other, "ERC1155InsufficientBalance", [alice.address, 0, 1, 7]);
      expect([await balance(alice), await balance(bob)]).to.deep.equal([100, 0]);
    });

    it("in a batch moves all or nothing", async () => {
      const { voucher, alice, bob, balance } = await withVoucher();
      const batch = (amounts: number[], ids = amounts.map(() => 0)) =>
        alice.call(voucher, "safeBatchTransferFrom", [alice.address, bob.address, ids, amounts, "0x"]);
      const events = expectExecuted(await batch([10, 20]));
      expectEvent(events, "TransferBatch", [alice.address, alice.address, bob.address, [0n, 0n], [10n, 20n]]);
      const tooMuch = await batch([60, 20]);
      expectReverted(tooMuch, "ERC1155InsufficientBalance", [alice.address, 10, 20, 0]);
      expectReverted(await batch([1], [0, 0]), "ERC1155InvalidArrayLength", [2, 1]);
      expect([await balance(alice), await balance(bob)]).to.deep.equal([70, 30]);
    });

    it("is the holder's: not the issuer's, not another's, not the operator's", async () => {
      const { voucher, alice, bob, bank, operator, transfer } = await withVoucher();
      for (const thief of [bob, bank]) {
        const attempt = await transfer(alice, bob, 1, thief);
        expectReverted(attempt, "ERC1155MissingApprovalForAll", [thief.address, alice.address]);
      }
      const direct = voucher.connect(operator).safeTransferFrom(alice.address, bob.address, 0, 1, "0x");
      await expectRevert(direct, "ERC1155MissingApprovalForAll", [operator.address, alice.address]);
    });

    it("can be left to another by approval, until that is taken back", async () => {
      const { voucher, alice, bob, dairy, balance, transfer } = await withVoucher();
      const events = expectExecuted(await alice.call(voucher, "setApprovalForAll", [dairy.address, true]));
      expectEvent(events, "ApprovalForAll", [alice.address, dairy.address, true]);
      expect(await voucher.isApprovedForAll(alice.address, dairy.address)).to.equal(true);
      expectExecuted(await transfer(alice, bob, 5, dairy));
      expect(await balance(bob)).to.equal(5);
      expectExecuted(await alice.call(voucher, "setApprovalForAll", [dairy.address, false]));
      expectReverted(await transfer(alice, bob, 5, dairy), "ERC1155MissingApprovalForAll");
    });

    it("goes to no zero address", async () => {
      const { voucher, alice } = await withVoucher();
      const attempt = await alice.call(voucher, "safeTransferFrom", [alice.address, ZeroAddress, 0, 1, "0x"]);
      expectReverted(attempt, "ERC1155InvalidReceiver", [ZeroAddress]);
    });
  });

  describe("who can hold it (ID-5, VO-4)", () => {
    it("not below real name", async () => {
      const p = await withVoucher();
      for (const level of [LEVEL.registered, LEVEL.anonymous, LEVEL.phone]) {
        const user = await makeUser(p, p.bank, `user of level ${level}`, level);
        const denied = [user.address, ANSWER.levelTooLow];
        expectReverted(await p.bank.call(p.voucher, "allocate", [user.address, 1]), "VoucherHolderNotEligible", denied);
        expectReverted(await p.transfer(p.alice, user, 1), "VoucherHolderNotEligible", denied);
      }
    });

    it("only accounts that the issuer recognises, from the level up that it asked for", async () => {
      const p = await withVoucher();
      expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.realName));
      const unknown = await p.transfer(p.alice, p.carol, 1);
      expectReverted(unknown, "VoucherHolderNotEligible", [p.carol.address, ANSWER.notRecognised]);
      expectExecuted(await p.bank.call(p.partners, "recognise", [p.dairy.address, LEVEL.certificate]));
      const tooLow = await p.transfer(p.alice, p.carol, 1);
      expectReverted(tooLow, "VoucherHolderNotEligible", [p.carol.address, ANSWER.levelTooLow]);
      expectExecuted(await certify(p, p.dairy, p.carol, LEVEL.certificate));
      expectExecuted(await p.transfer(p.alice, p.carol, 1));
    });

    it("a voucher may ask for a higher level", async () => {
      const p = await withVoucher();
      const voucher = await makeVoucher(p, p.bank, { holderLevel: LEVEL.certificate });
      const tooLow = await p.bank.call(voucher, "allocate", [p.alice.address, 1]);
      expectReverted(tooLow, "VoucherHolderNotEligible", [p.alice.address, ANSWER.levelTooLow]);
      expectExecuted(await certify(p, p.bank, p.alice, LEVEL.certificate));
      expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 1]));
    });

    for (const step of ["suspend", "revoke"]) {
      it(`a holder whose certification was ${step === "suspend" ? "suspended" : "revoked"} keeps the title and can not move it, nor receive`, async () => {
        const p = await withVoucher();
        // A second certification keeps Alice able to operate; the issuer does not recognise it.
        expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
        expectExecuted(await p.bank.call(p.certifications, step, [p.alice.address, GROUND]));
        const denied = [p.alice.address, ANSWER.notRecognised];
        expectReverted(await p.transfer(p.alice, p.bob, 1), "VoucherHolderNotEligible", denied);
        const given = await p.bank.call(p.voucher, "allocate", [p.alice.address, 1]);
        expectReverted(given, "VoucherHolderNotEligible", denied);
        expect(await p.balance(p.alice)).to.equal(100);
      });
    }

    it("an approved third party can not move a lapsed holder's units either", async () => {
      const p = await withVoucher();
      const brief = await makeUser(p, p.bank, "brief", LEVEL.realName, { lifetime: 5_000 });
      expectExecuted(await p.transfer(p.alice, brief, 10));
      expectExecuted(await brief.call(p.voucher, "setApprovalForAll", [p.bob.address, true]));
      await networkHelpers.time.increase(5_001);
      const attempt = await p.transfer(brief, p.bob, 1, p.bob);
      expectReverted(attempt, "VoucherHolderNotEligible", [brief.address, ANSWER.notLive]);
      const received = await p.transfer(p.alice, brief, 1);
      expectReverted(received, "VoucherHolderNotEligible", [brief.address, ANSWER.notLive]);
      expect(await p.balance(brief)).to.equal(10);
    });

    it("nobody moves it when Council takes the level out of use that it asks for", async () => {
      const p = await withVoucher();
      await decide(p, [p.certifications, "setLevel", [LEVEL.realName, 0, 0]]);
      expectExecuted(await certify(p, p.bank, p.alice, LEVEL.certificate));
      expectExecuted(await certify(p, p.bank, p.bob, LEVEL.certificate));
      expectReverted(await p.transfer(p.alice, p.bob, 1), "CertificationLevelUnknown", [LEVEL.realName]);
    });
  });

  describe("re-entrancy", () => {
    it("has no way in: a contract that takes tokens can not become a holder", async () => {
      const p = await withVoucher();
      const probe = await deployed(p.operator, "testing/Probe", []);
      const expiry = 2 ** 39;
      const inputs = [probe, LEVEL.realName, false, expiry, digestOf("x")];
      const attempt = await p.bank.call(p.certifications, "certify", inputs);
      expectReverted(attempt, "CertificationNotAccount", [probe]);
      const receiver = { address: probe } as Participant;
      expectReverted(await p.transfer(p.alice, receiver, 1), "VoucherHolderNotEligible", [probe, ANSWER.notCertified]);
    });
  });

  it("fits into a contract (EIP-170), although tests could deploy more", function () {
    if (MEASURES_COVERAGE) this.skip();
    const { deployedBytecode } = readArtifact("voucher/Voucher");
    expect(dataLength(deployedBytecode)).to.be.at.most(24_576);
  });

  describe("initialisation", () => {
    it("happens once, by the factory, and never on the implementation", async () => {
      const { voucher, addresses, operator } = await withVoucher();
      for (const target of [voucher, voucherAt(addresses.Voucher ?? "")]) {
        const attempt = target.connect(operator).initialise(application());
        await expectRevert(attempt, "InvalidInitialization", []);
      }
    });
  });

  it("stands under ERC-1155 and names its metadata", async () => {
    const { voucher } = await withVoucher();
    expect(await voucher.supportsInterface("0xd9b67a26")).to.equal(true);
    expect(await voucher.supportsInterface("0x0e89341c")).to.equal(true);
    // ERC-7943 for multi-tokens, ERC-165 itself, and one that nobody has.
    expect(await voucher.supportsInterface("0x41c4fbad")).to.equal(true);
    expect(await voucher.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await voucher.supportsInterface("0xffffffff")).to.equal(false);
    expect(await voucher.BALANCE()).to.equal(0n);
    const owners = [walletOf("x").address, await (await signerAt(walletOf("y").address)).getAddress()];
    expect(await voucher.balanceOfBatch(owners, [0, 0])).to.deep.equal([0n, 0n]);
  });
});
