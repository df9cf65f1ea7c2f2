import { expect } from "chai";
import { Interface, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { abi } from "../../../generated/abi.ts";
import type { Admission } from "../../../generated/contracts/index.ts";
import { SENDER_ALLOWANCES } from "../../../src/chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { HANDLE_OPS_SELECTOR } from "../../../src/core/handle-ops.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, provider, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { enforce } from "../support/orders.ts";
import { type Town, town } from "../support/participants.ts";
import { contractAt, deployed, otherRelayAddress, platform, relayAddress, SEATS } from "../support/platform.ts";

const KIND = { none: 0, operator: 1, seat: 2, relay: 3 } as const;
const { EntryPoint, Council } = SYSTEM_ADDRESSES;
const relays = (count: number) => Array.from({ length: count }, (_, at) => walletOf(`own relay ${at}`).address);
const newcomer = walletOf("newcomer").address;
const ORDER = digestOf("order of an authority");

describe("Admission", () => {
  describe("after genesis", () => {
    it("admits operator, seats and relays from block 0, each with its target and allowance", async () => {
      const { admission, operator } = await platform();
      const { operator: direct, seat, relay, periodBlocks } = SENDER_ALLOWANCES;
      expect(await admission.senderOf(operator.address)).to.deep.equal([1n, 0n, BigInt(direct), ZeroAddress]);
      for (const address of SEATS) {
        expect(await admission.senderOf(address)).to.deep.equal([2n, 0n, BigInt(seat), Council]);
      }
      for (const address of [relayAddress, otherRelayAddress]) {
        expect(await admission.senderOf(address)).to.deep.equal([3n, 0n, BigInt(relay), EntryPoint]);
      }
      expect(await admission.periodBlocks()).to.equal(BigInt(periodBlocks));
    });

    it("takes its first senders and its period from its initialisation", async () => {
      const { operator } = await platform();
      const code = await deployed(operator, "governance/Admission", []);
      const admission = contractAt<Admission>("Admission", code).connect(operator);
      const [seat = "", relay = ""] = relays(2);
      const events = await eventsOf(admission.initialise(newcomer, [seat], [relay], [1, 2, 3], 9));
      expectEvent(events, "SenderAdmitted", [newcomer, KIND.operator, ZeroAddress, 0, 1]);
      expectEvent(events, "SenderAdmitted", [seat, KIND.seat, Council, 0, 2]);
      expectEvent(events, "SenderAdmitted", [relay, KIND.relay, EntryPoint, 0, 3]);
      expect(await admission.periodBlocks()).to.equal(9n);
    });

    it("can not be initialised again", async () => {
      const { admission, operator } = await platform();
      const again = admission.connect(operator).initialise(newcomer, [], [], [1, 1, 1], 5);
      await expectRevert(again, "UnauthorisedNotCouncil", [operator.address]);
    });
  });

  describe("the rule that validators apply", () => {
    const other = "0x12345678";
    const target = walletOf("some target").address;
    const cases: [string, string, string, string, boolean][] = [
      ["lets the operator call anything", "operator", target, other, true],
      ["lets the operator create contracts", "operator", ZeroAddress, "0x00000000", true],
      ["lets a seat call Council", "seat 1", Council, other, true],
      ["keeps a seat from calling anything else", "seat 1", EntryPoint, HANDLE_OPS_SELECTOR, false],
      ["keeps a seat from creating contracts", "seat 1", ZeroAddress, "0x00000000", false],
      ["lets a relay call EntryPoint.handleOps", "relay", EntryPoint, HANDLE_OPS_SELECTOR, true],
      ["keeps a relay from EntryPoint's other functions", "relay", EntryPoint, "0xdbed18e0", false],
      ["keeps a relay from other contracts", "relay", Council, HANDLE_OPS_SELECTOR, false],
      ["keeps a relay from creating contracts", "relay", ZeroAddress, HANDLE_OPS_SELECTOR, false],
      ["keeps everybody else from everything", "stranger", EntryPoint, HANDLE_OPS_SELECTOR, false],
    ];
    for (const [title, sender, to, selector, permitted] of cases) {
      it(title, async () => {
        const { admission } = await platform();
        expect(await admission.isPermitted(walletOf(sender).address, to, selector, 1)).to.equal(permitted);
      });
    }

    it("knows the selector of handleOps", () => {
      expect(new Interface(abi.EntryPoint).getFunction("handleOps")?.selector).to.equal(HANDLE_OPS_SELECTOR);
    });
  });

  describe("Council", () => {
    it("admits a sender from the next block on, and not before", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.admission, "admit", [newcomer, KIND.relay, 77]]);
      const validFrom = receipt.blockNumber + 1;
      expectEvent(readEvents(receipt.logs), "SenderAdmitted", [newcomer, KIND.relay, EntryPoint, validFrom, 77]);
      const permitted = (block: number) => p.admission.isPermitted(newcomer, EntryPoint, HANDLE_OPS_SELECTOR, block);
      expect(await permitted(validFrom - 1)).to.equal(false);
      expect(await permitted(validFrom)).to.equal(true);
    });

    it("gives each kind its target", async () => {
      const p = await platform();
      const [a, b] = relays(2);
      await decide(p, [p.admission, "admit", [a, KIND.operator, 1]], [p.admission, "admit", [b, KIND.seat, 1]]);
      expect((await p.admission.senderOf(a as string)).target).to.equal(ZeroAddress);
      expect((await p.admission.senderOf(b as string)).target).to.equal(Council);
    });

    it("removes a sender on a ground", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.admission, "remove", [relayAddress, ORDER]]);
      expectEvent(readEvents(receipt.logs), "SenderRemoved", [relayAddress, ORDER]);
      expect((await p.admission.senderOf(relayAddress)).kind).to.equal(0n);
      expect(await p.admission.groundOf(relayAddress)).to.equal(ORDER);
      expect(await p.admission.isPermitted(relayAddress, EntryPoint, HANDLE_OPS_SELECTOR, 9_999)).to.equal(false);
    });

    it("sets the period of the allowances", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.admission, "setPeriod", [55]]);
      expectEvent(readEvents(receipt.logs), "PeriodChanged", [55]);
      expect(await p.admission.periodBlocks()).to.equal(55n);
    });

    const council = async () => {
      const p = await platform();
      return p.admission.connect(await signerAt(Council));
    };

    it("can not admit nobody, or as nothing", async () => {
      const admission = await council();
      await expectRevert(admission.admit(ZeroAddress, KIND.relay, 1), "AdmissionInvalidSender", [ZeroAddress]);
      await expectRevert(admission.admit(newcomer, KIND.none, 1), "AdmissionInvalidSender", [newcomer]);
    });

    it("removes nobody without a ground", async () => {
      const admission = await council();
      await expectRevert(admission.remove(relayAddress, ZeroHash), "AdmissionGroundMissing", []);
    });

    it("can not remove who is not admitted, or set a period of no blocks", async () => {
      const admission = await council();
      await expectRevert(admission.remove(newcomer, ORDER), "AdmissionSenderUnknown", [newcomer]);
      await expectRevert(admission.setPeriod(0), "AdmissionInvalidPeriod", []);
    });
  });

  describe("a partner", () => {
    it("registers a relay of its own with nobody's leave, valid from the next block", async () => {
      const { admission, bank } = await town();
      const events = expectExecuted(await bank.call(admission, "registerRelay", [newcomer]));
      const next = (await blockNumber()) + 1;
      expectEvent(events, "RelayRegistered", [bank.address, newcomer]);
      expectEvent(events, "SenderAdmitted", [newcomer, KIND.relay, EntryPoint, next, 10_000]);
      expect(await admission.relaysOf(bank.address)).to.deep.equal([newcomer]);
      expect(await admission.isPermitted(newcomer, EntryPoint, HANDLE_OPS_SELECTOR, next)).to.equal(true);
    });

    it("has at most eight of them, and room again when it takes one back", async () => {
      const { admission, bank } = await town();
      for (const relay of relays(8)) expectExecuted(await bank.call(admission, "registerRelay", [relay]));
      const ninth = await bank.call(admission, "registerRelay", [newcomer]);
      expectReverted(ninth, "AdmissionTooManyRelays", [bank.address, 8]);
      const [first] = relays(1);
      const events = expectExecuted(await bank.call(admission, "withdrawRelay", [first]));
      expectEvent(events, "SenderRemoved", [first, ZeroHash]);
      expectExecuted(await bank.call(admission, "registerRelay", [newcomer]));
    });

    it("can not take over a sender that is admitted, a contract, or nobody", async () => {
      const { admission, bank, dairy, operator } = await town();
      expectExecuted(await dairy.call(admission, "registerRelay", [newcomer]));
      for (const known of [newcomer, operator.address, SEATS[0], relayAddress]) {
        expectReverted(await bank.call(admission, "registerRelay", [known]), "AdmissionSenderKnown", [known]);
      }
      for (const wrong of [ZeroAddress, dairy.address]) {
        expectReverted(await bank.call(admission, "registerRelay", [wrong]), "AdmissionInvalidSender", [wrong]);
      }
    });

    it("can not withdraw another's relay", async () => {
      const { admission, bank, dairy } = await town();
      expectExecuted(await dairy.call(admission, "registerRelay", [newcomer]));
      for (const foreign of [newcomer, relayAddress]) {
        const attempt = await bank.call(admission, "withdrawRelay", [foreign]);
        expectReverted(attempt, "AdmissionNotRelayOwner", [bank.address, foreign]);
      }
    });

    it("has to be admitted: users and suspended partners register none", async () => {
      const { admission, alice, bank, operator, partners } = await town();
      const byUser = await alice.call(admission, "registerRelay", [newcomer]);
      expectReverted(byUser, "AdmissionNotPartner", [alice.address]);
      await partners.connect(operator).suspend(bank.address, ORDER);
      const suspended = await bank.call(admission, "registerRelay", [newcomer]);
      expectReverted(suspended, "AdmissionNotPartner", [bank.address]);
    });

    it("can not register on a chain where Partners is not listed yet", async () => {
      const { admission, directory } = await town();
      await provider.request({ method: "hardhat_setCode", params: [await directory.getAddress(), "0x60205ff3"] });
      const attempt = admission.connect(await signerAt(newcomer)).registerRelay(relays(1)[0] as string);
      await expectRevert(attempt, "AdmissionNotPartner", [newcomer]);
    });
  });

  describe("an order", () => {
    /** Lets the regulator order a relay blocked, about a partner, and the operator do it. */
    const block = (p: Town, relay: string, about: string) =>
      enforce(p, callOf(p.admission, "blockRelay", [relay]), about);

    it("blocks a partner's relay, and its number stays with the relay", async () => {
      const p = await town();
      const { admission, bank, orders } = p;
      expectExecuted(await bank.call(admission, "registerRelay", [newcomer]));
      const events = await eventsOf(block(p, newcomer, bank.address));
      const order = toBeHex(await orders.count(), 32);
      expectEvent(events, "SenderRemoved", [newcomer, order]);
      expect(await admission.groundOf(newcomer)).to.equal(order);
      expect(await admission.isPermitted(newcomer, EntryPoint, HANDLE_OPS_SELECTOR, 9_999)).to.equal(false);
    });

    it("is needed: the operator blocks nothing by its own word", async () => {
      const { admission, bank, operator } = await town();
      expectExecuted(await bank.call(admission, "registerRelay", [newcomer]));
      const attempt = admission.connect(operator).blockRelay(newcomer);
      await expectRevert(attempt, "UnauthorisedNotOrder", [operator.address]);
    });

    it("has to be about the partner whose relay it is", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.admission, "registerRelay", [newcomer]));
      for (const other of [p.dairy.address, ZeroAddress]) {
        const number = (await p.orders.count()) + 1n;
        await expectRevert(block(p, newcomer, other), "UnauthorisedOrderSubject", [number, p.bank.address]);
      }
    });

    it("reaches relays only, the operator's own among them", async () => {
      const p = await town();
      for (const sender of [newcomer, SEATS[0] as string, p.operator.address]) {
        await expectRevert(block(p, sender, ZeroAddress), "AdmissionSenderUnknown", [sender]);
      }
      await block(p, otherRelayAddress, ZeroAddress);
      expect((await p.admission.senderOf(otherRelayAddress)).kind).to.equal(BigInt(KIND.none));
    });

    it("holds: neither that partner nor another can register a blocked relay again", async () => {
      const p = await town();
      const { admission, bank, dairy } = p;
      expectExecuted(await bank.call(admission, "registerRelay", [newcomer]));
      await block(p, newcomer, bank.address);
      expectExecuted(await bank.call(admission, "withdrawRelay", [newcomer]));
      for (const partner of [bank, dairy]) {
        const again = await partner.call(admission, "registerRelay", [newcomer]);
        expectReverted(again, "AdmissionSenderBarred", [newcomer]);
      }
    });

    it("leaves the partner's other relays alone", async () => {
      const p = await town();
      const [kept = ""] = relays(1);
      expectExecuted(await p.bank.call(p.admission, "registerRelay", [newcomer]));
      expectExecuted(await p.bank.call(p.admission, "registerRelay", [kept]));
      await block(p, newcomer, p.bank.address);
      expect(await p.admission.isPermitted(kept, EntryPoint, HANDLE_OPS_SELECTOR, 9_999)).to.equal(true);
    });

    it("holds for what Council removed, until Council admits it again", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.admission, "registerRelay", [newcomer]));
      await decide(p, [p.admission, "remove", [newcomer, ORDER]]);
      expectExecuted(await p.bank.call(p.admission, "withdrawRelay", [newcomer]));
      const again = await p.bank.call(p.admission, "registerRelay", [newcomer]);
      expectReverted(again, "AdmissionSenderBarred", [newcomer]);
      await decide(p, [p.admission, "admit", [newcomer, KIND.relay, 5]]);
      expect((await p.admission.senderOf(newcomer)).kind).to.equal(BigInt(KIND.relay));
      expect(await p.admission.groundOf(newcomer)).to.equal(ZeroHash);
    });
  });

  describe("the relays of a terminated partner", () => {
    const withRelay = async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.admission, "registerRelay", [newcomer]));
      return p;
    };

    it("are taken from it by anybody", async () => {
      const p = await withRelay();
      await p.partners.connect(p.operator).terminate(p.bank.address, ORDER);
      const events = expectExecuted(await p.carol.call(p.admission, "retireRelay", [newcomer]));
      expectEvent(events, "SenderRemoved", [newcomer, ZeroHash]);
      expectEvent(events, "RelayRetired", [p.bank.address, newcomer]);
      expect(await p.admission.relaysOf(p.bank.address)).to.deep.equal([]);
      const again = p.admission.connect(p.stranger).retireRelay(newcomer);
      await expectRevert(again, "AdmissionSenderUnknown", [newcomer]);
      expectExecuted(await p.dairy.call(p.admission, "registerRelay", [newcomer]));
    });

    it("are taken from its list although an order blocked them before", async () => {
      const p = await withRelay();
      await enforce(p, callOf(p.admission, "blockRelay", [newcomer]), p.bank.address);
      await p.partners.connect(p.operator).terminate(p.bank.address, ORDER);
      await p.admission.connect(p.stranger).retireRelay(newcomer);
      expect(await p.admission.relaysOf(p.bank.address)).to.deep.equal([]);
      const again = await p.dairy.call(p.admission, "registerRelay", [newcomer]);
      expectReverted(again, "AdmissionSenderBarred", [newcomer]);
    });

    it("stay where the partner is only suspended, where they are the operator's, and where Council admitted them", async () => {
      const p = await withRelay();
      await p.partners.connect(p.operator).suspend(p.bank.address, ORDER);
      const retire = (relay: string) => p.admission.connect(p.stranger).retireRelay(relay);
      await expectRevert(retire(newcomer), "AdmissionPartnerNotTerminated", [p.bank.address]);
      await expectRevert(retire(relayAddress), "AdmissionPartnerNotTerminated", [ZeroAddress]);
      await p.partners.connect(p.operator).terminate(p.bank.address, ORDER);
      await decide(p, [p.admission, "admit", [newcomer, KIND.relay, 5]]);
      await expectRevert(retire(newcomer), "AdmissionPartnerNotTerminated", [ZeroAddress]);
    });
  });

  it("keeps a relay that Council admitted, although a partner had registered the address before", async () => {
    const p = await town();
    expectExecuted(await p.bank.call(p.admission, "registerRelay", [newcomer]));
    await decide(p, [p.admission, "admit", [newcomer, KIND.relay, 5]]);
    expectExecuted(await p.bank.call(p.admission, "withdrawRelay", [newcomer]));
    expect((await p.admission.senderOf(newcomer)).kind).to.equal(BigInt(KIND.relay));
  });

  describe("storage, as validators read it", () => {
    const slotOf = (address: string) =>
      keccak256(`0x${address.slice(2).toLowerCase().padStart(64, "0")}${"0".repeat(64)}`);
    const read = (slot: string) =>
      provider.request({ method: "eth_getStorageAt", params: [SYSTEM_ADDRESSES.Admission, slot, "latest"] });

    it("has the senders' mapping in slot 0: kind, first block, allowance and target from the lowest bits up", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.admission, "admit", [newcomer, KIND.relay, 77]]);
      const word = BigInt((await read(slotOf(newcomer))) as string);
      expect(word & 0xffn).to.equal(BigInt(KIND.relay));
      expect((word >> 8n) & 0xffff_ffff_ffffn).to.equal(BigInt(receipt.blockNumber + 1));
      expect((word >> 56n) & 0xff_ffff_ffffn).to.equal(77n);
      expect(toBeHex(word >> 96n, 20)).to.equal(EntryPoint.toLowerCase());
    });

    it("has the same for the senders of the genesis allocation, and nothing for strangers", async () => {
      const { operator } = await platform();
      const word = BigInt((await read(slotOf(operator.address))) as string);
      expect(word).to.equal(BigInt(KIND.operator) | (BigInt(SENDER_ALLOWANCES.operator) << 56n));
      expect(BigInt((await read(slotOf(newcomer))) as string)).to.equal(0n);
    });

    it("has the period in slot 1", async () => {
      await platform();
      expect(BigInt((await read("0x1")) as string)).to.equal(BigInt(SENDER_ALLOWANCES.periodBlocks));
    });
  });
});
