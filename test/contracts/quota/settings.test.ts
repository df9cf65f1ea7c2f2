import { expect } from "chai";
import { encodeBytes32String, Interface, id, ZeroAddress } from "ethers";
import type { Quota } from "../../../generated/contracts/index.ts";
import { PLAN, PRICE_GROUPS, PRICES } from "../../../scripts/deployment/plan.ts";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { BYTE_PRICE, QUOTA_CLASSES } from "../../../src/chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { provider, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { expectRefused } from "../support/operations.ts";
import { town } from "../support/participants.ts";
import { contractAt, deployed, platform } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const SELECTOR = id("something()").slice(0, 10);
const CLASS = { ceiling: 10, grant: 2, initial: 5, periodBlocks: 7 };

describe("Quota's settings", () => {
  describe("prices", () => {
    it("stand for every function of the plan after deployment", async () => {
      const { quota, addresses } = await platform();
      for (const [name, prices] of Object.entries(PRICES)) {
        const { path, group } = PRICE_GROUPS[name] ?? {
          path: PLAN.find((contract) => contract.name === name)?.path ?? "",
          group: name,
        };
        const contract = new Interface(readArtifact(path).abi);
        const at = group === "itself" ? ZeroAddress : (addresses[group] ?? group);
        for (const [fn, points] of Object.entries(prices)) {
          const selector = contract.getFunction(fn)?.selector ?? "";
          expect(await quota.price(at, selector), `${name}.${fn}`).to.equal(BigInt(points));
        }
      }
      expect(await quota.bytePrice()).to.equal(BigInt(BYTE_PRICE));
    });

    it("are set first by the operator, who can not change them", async () => {
      const { quota, operator, addresses } = await platform();
      const group = addresses.Records as string;
      const acting = quota.connect(operator);
      const events = await eventsOf(acting.publishPrices(group, [SELECTOR], [7]));
      expectEvent(events, "PricesPublished", [group, [SELECTOR], [7n]]);
      expect(await quota.price(group, SELECTOR)).to.equal(7n);
      for (const points of [0, 7, 8]) {
        const attempt = acting.publishPrices(group, [SELECTOR], [points]);
        await expectRevert(attempt, "QuotaPricePublished", [group, SELECTOR]);
      }
    });

    it("are refused for an account's calls to its own execute, whoever asks", async () => {
      const p = await town();
      const selector = id("execute(bytes32,bytes)").slice(0, 10);
      const attempt = p.quota.connect(p.operator).publishPrices(ZeroAddress, [selector], [1]);
      await expectRevert(attempt, "QuotaUnpriced", [ZeroAddress, selector]);
      const asCouncil = p.quota.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      await expectRevert(asCouncil.publishPrices(ZeroAddress, [selector], [1]), "QuotaUnpriced", [
        ZeroAddress,
        selector,
      ]);
    });

    it("are changed by Council; 0 takes a function out of reach", async () => {
      const p = await town();
      const selector = p.records.interface.getFunction("record").selector;
      const group = p.addresses.Records;
      const receipt = await decide(p, [p.quota, "publishPrices", [group, [selector], [0]]]);
      expectEvent(readEvents(receipt.logs), "PricesPublished", [group, [selector], [0n]]);
      const attempt = await p.alice.call(p.records, "record", [recordOf("one")]);
      expectRefused(attempt, "QuotaUnpriced", [group, selector]);
    });

    it("stand under listed contracts only when the operator sets them", async () => {
      const { quota, operator } = await platform();
      const probe = await deployed(operator, "testing/Probe", []);
      const attempt = quota.connect(operator).publishPrices(probe, [SELECTOR], [1]);
      await expectRevert(attempt, "QuotaUnlisted", [probe]);
    });

    it("can be taken away from a contract that Council has replaced in Directory", async () => {
      const p = await town();
      const { Records: before = "" } = p.addresses;
      const after = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
      const selector = p.records.interface.getFunction("record").selector;
      await decide(
        p,
        [p.directory, "replace", [encodeBytes32String("Records"), after, digestOf("abi")]],
        [p.quota, "publishPrices", [before, [selector], [0]]],
      );
      const attempt = await p.alice.call(p.records, "record", [recordOf("one")]);
      expectRefused(attempt, "QuotaUnpriced", [before, selector]);
    });

    it("come in lists of one length", async () => {
      const { quota, operator } = await platform();
      const attempt = quota.connect(operator).publishPrices(ZeroAddress, [SELECTOR], []);
      await expectRevert(attempt, "QuotaLengthsDiffer", []);
    });

    it("are not the partners' or regulators'", async () => {
      const { quota, regulator, admissionParty, seats } = await platform();
      for (const caller of [regulator, admissionParty, seats[0]]) {
        const attempt = quota.connect(caller).publishPrices(ZeroAddress, [SELECTOR], [1]);
        await expectRevert(attempt, "Unauthorised", [caller?.address, 1]);
      }
    });

    it("of a byte are Council's", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.quota, "publishBytePrice", [3]]);
      expectEvent(readEvents(receipt.logs), "BytePricePublished", [3]);
      expect(await p.quota.bytePrice()).to.equal(3n);
      const attempt = p.quota.connect(p.operator).publishBytePrice(1);
      await expectRevert(attempt, "UnauthorisedNotCouncil", [p.operator.address]);
    });
  });

  describe("classes", () => {
    it("stand as genesis has them", async () => {
      const { quota } = await platform();
      for (const [number, { ceiling, grant, initial, periodBlocks }] of Object.entries(QUOTA_CLASSES)) {
        const numbers = [ceiling, grant, initial, periodBlocks].map(BigInt);
        expect(await quota.class(number)).to.deep.equal(numbers);
      }
      expect(await quota.class(15)).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(await quota.LAST_LEVEL_CLASS()).to.equal(15n);
    });

    it("are Council's", async () => {
      const p = await platform();
      const receipt = await decide(p, [p.quota, "setClass", [20, CLASS]]);
      expectEvent(readEvents(receipt.logs), "ClassSet", [20, 10, 2, 5, 7]);
      const attempt = p.quota.connect(p.operator).setClass(20, CLASS);
      await expectRevert(attempt, "UnauthorisedNotCouncil", [p.operator.address]);
    });

    it("have a number, a period and first points below the ceiling", async () => {
      const { quota } = await platform();
      const council = quota.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      await expectRevert(council.setClass(0, CLASS), "QuotaInvalidClass", [0]);
      await expectRevert(council.setClass(20, { ...CLASS, periodBlocks: 0 }), "QuotaInvalidClass", [20]);
      await expectRevert(council.setClass(20, { ...CLASS, initial: 11 }), "QuotaInvalidClass", [20]);
      await council.setClass(20, { ...CLASS, initial: 10 });
    });

    it("are given to an account by the operator, among those that are not a level's", async () => {
      const { quota, operator, bank, alice } = await town();
      const acting = quota.connect(operator);
      expectEvent(await eventsOf(acting.assignClass(alice.address, 17)), "ClassAssigned", [alice.address, 17]);
      for (const wrong of [1, 6, 15, 18, 255]) {
        await expectRevert(acting.assignClass(alice.address, wrong), "QuotaInvalidClass", [wrong]);
      }
      expectEvent(await eventsOf(acting.assignClass(alice.address, 0)), "ClassAssigned", [alice.address, 0]);
      const byPartner = await bank.call(quota, "assignClass", [alice.address, 17]);
      expectRefused(byPartner, "QuotaUnpriced");
    });
  });

  describe("initialisation", () => {
    it("happens once", async () => {
      const { quota, operator } = await platform();
      const attempt = quota.connect(operator).initialise([20], [CLASS], 1);
      await expectRevert(attempt, "UnauthorisedNotCouncil", [operator.address]);
    });

    it("stays closed when Council makes bytes free", async () => {
      const p = await platform();
      await decide(p, [p.quota, "publishBytePrice", [0]]);
      const attempt = p.quota.connect(p.operator).initialise([16], [CLASS], 1);
      await expectRevert(attempt, "UnauthorisedNotCouncil", [p.operator.address]);
    });

    it("takes lists of one length", async () => {
      const { operator } = await platform();
      const quota = contractAt<Quota>("Quota", await deployed(operator, "quota/Quota", []));
      await expectRevert(quota.connect(operator).initialise([1, 2], [CLASS], 1), "QuotaLengthsDiffer", []);
    });
  });

  it("say nothing of accounts that do not exist", async () => {
    const { quota } = await platform();
    const nobody = walletOf("nobody").address;
    expect(await quota.allowanceOf(nobody)).to.deep.equal([0n, 0n, 0n, 0n, 0n, false, false]);
    expect((await quota.usageOf(nobody)).used).to.equal(0n);
    expect(await quota.sponsorLimitOf(nobody)).to.equal(0n);
    expect(await quota.pointsOf(nobody)).to.deep.equal([0n, 0n]);
    expect(await quota.classOf(nobody)).to.equal(0n);
    expect(await quota.sponsorOf(nobody)).to.equal(ZeroAddress);
    expect((await quota.shortfall(nobody, 1)).availableBlock).to.equal(2n ** 256n - 1n);
  });

  it("are not needed on a chain that has no certifications yet: nobody has points there", async () => {
    const { quota, directory, alice } = await town();
    // A directory that knows no name.
    await provider.request({
      method: "hardhat_setCode",
      params: [await directory.getAddress(), "0x60205ff3"],
    });
    expect((await quota.pointsOf(walletOf("nobody").address)).own).to.equal(0n);
    expect((await quota.pointsOf(alice.address)).own).to.be.greaterThan(0n);
  });
});
