import { expect } from "chai";
import { dataLength } from "ethers";
import { PRICES } from "../../../scripts/deployment/plan.ts";
import { BYTE_PRICE, QUOTA_CLASSES } from "../../../src/chain/genesis/parameters.ts";
import { encodeExecute } from "../../../src/core/execution.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers, signerAt } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import {
  callOf,
  draft,
  expectEntryPointRefusal,
  expectExecuted,
  expectRefused,
  expectReverted,
  handleOps,
  operate,
  signed,
} from "../support/operations.ts";
import { certify, LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";
import { accountAt } from "../support/platform.ts";
import { ownPoints, priceOf, setClass, USER_CLASS } from "../support/quota.ts";
import { recordOf } from "../support/records.ts";

const GROUND = digestOf("ground");
const NEVER = 2n ** 256n - 1n;

const recording = ({ records }: Town, name: string) => [callOf(records, "record", [recordOf(name)])];

/** The town with a class of few points for its users; Dora is new in it. */
async function withSmallQuota({ ceiling = 3_000, grant = 500, initial = 1_800, periodBlocks = 10 } = {}) {
  const p = await town();
  await setClass(p, USER_CLASS, { ceiling, grant, initial, periodBlocks });
  const dora = await makeUser(p, p.bank, "dora");
  return { ...p, dora };
}

describe("Charging quota", () => {
  describe("the price of an operation", () => {
    it("is its calls' published prices and a price for each byte of its call data", async () => {
      const p = await town();
      const calls = [
        callOf(p.records, "record", [recordOf("one")]),
        callOf(p.records, "openObject", [digestOf("key"), []]),
        callOf(accountAt(p.alice.address), "setSigner", [p.alice.wallet.address]),
      ];
      const prices =
        (PRICES.Records?.record ?? 0) + (PRICES.Records?.openObject ?? 0) + (PRICES.Account?.setSigner ?? 0);
      const price = BigInt(prices + dataLength(encodeExecute(calls)) * BYTE_PRICE);
      expect(await priceOf(p, p.alice, calls)).to.equal(price);
      const before = await ownPoints(p, p.alice);
      const events = expectExecuted(await p.alice.operate(calls));
      expectEvent(events, "Charged", [p.alice.address, p.alice.address, price]);
      const refilled = (await p.quota.allowanceOf(p.alice.address)).points;
      expect(before - refilled).to.be.at.most(price);
      expect(refilled).to.equal(await ownPoints(p, p.alice));
    });

    it("takes exactly that from the account", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0 });
      const calls = recording(p, "one");
      expectExecuted(await dora.operate(calls));
      expect(await ownPoints(p, dora)).to.equal(1_800n - (await priceOf(p, dora, calls)));
    });

    it("is the same for one call in either form, but for the bytes", async () => {
      const p = await town();
      const single = await priceOf(p, p.alice, recording(p, "one"));
      const double = await priceOf(p, p.alice, [...recording(p, "one"), ...recording(p, "two")]);
      expect(double - single).to.be.greaterThan(BigInt(PRICES.Records?.record ?? 0));
    });

    it("does not depend on gas limits and is not charged in gas", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0 });
      const calls = recording(p, "one");
      expectExecuted(await dora.operate(calls, { callGasLimit: 9_000_000n, verificationGasLimit: 4_000_000n }));
      expect(await ownPoints(p, dora)).to.equal(1_800n - (await priceOf(p, dora, calls)));
    });
  });

  describe("a failure", () => {
    it("of the execution keeps its charge", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0, ceiling: 9_000, initial: 9_000 });
      const calls = recording(p, "one");
      const price = await priceOf(p, dora, calls);
      expectExecuted(await dora.operate(calls));
      expectReverted(await dora.operate(calls), "RecordExists");
      expect(await ownPoints(p, dora)).to.equal(9_000n - 2n * price);
    });

    it("of the validation is not charged: a wrong signature, a used serial, a passed deadline", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0, ceiling: 9_000, initial: 9_000 });
      const operation = signed(await draft(dora.address, encodeExecute(recording(p, "one"))), dora.wallet);
      expectExecuted(await handleOps([operation]));
      const points = await ownPoints(p, dora);
      const forged = await operate(dora.address, walletOf("stranger"), recording(p, "two"));
      expectEntryPointRefusal(forged, "AA24 signature error");
      expectEntryPointRefusal(await handleOps([operation]), "AA25 invalid account nonce");
      expect(await ownPoints(p, dora)).to.equal(points);
    });

    it("of another operation in a refused bundle is not charged either", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0 });
      const honest = signed(await draft(dora.address, encodeExecute(recording(p, "one"))), dora.wallet);
      const forged = { ...(await draft(p.alice.address, encodeExecute(recording(p, "two")))), signature: "0x1234" };
      expectEntryPointRefusal(await handleOps([honest, forged]), "AA24 signature error", 1);
      expect(await ownPoints(p, dora)).to.equal(1_800n);
    });
  });

  describe("when there is too little", () => {
    it("refuses, and says how many points are missing and in which block they are there", async () => {
      const { dora, ...p } = await withSmallQuota();
      expectExecuted(await dora.operate(recording(p, "one")));
      expectExecuted(await dora.operate(recording(p, "two")));
      const price = await priceOf(p, dora, recording(p, "three"));
      const { points } = await p.quota.allowanceOf(dora.address);
      const attempt = await dora.operate(recording(p, "three"));
      const block = await blockNumber();
      const missing = price - points;
      const periods = (Number(missing) + 499) / 500;
      const available = (Math.floor(block / 10) + Math.floor(periods)) * 10;
      expectRefused(attempt, "QuotaExhausted", [dora.address, missing, available]);

      await mineTo(available - 2);
      const early = await dora.operate(recording(p, "three"));
      expect(await blockNumber()).to.equal(available - 1);
      expect(early.refused?.failure?.name).to.equal("QuotaExhausted");
      expect(early.refused?.failure?.args[2]).to.equal(BigInt(available));
      const late = await dora.operate(recording(p, "three"));
      expect(await blockNumber()).to.equal(available);
      expectExecuted(late);
    });

    for (const [grant, periodBlocks] of [
      [1, 3],
      [399, 7],
      [400, 7],
      [1_500, 50],
    ] as const) {
      it(`names the very block with ${grant} points each ${periodBlocks} blocks`, async () => {
        const { dora, ...p } = await withSmallQuota({ grant, periodBlocks, initial: 1_000 });
        expectExecuted(await dora.operate(recording(p, "one")));
        for (const wanted of [400n, 700n, 1_499n]) {
          const [missing, block] = await p.quota.shortfall(dora.address, wanted);
          if (missing === 0n) continue;
          await mineTo(block - 1n);
          expect((await p.quota.shortfall(dora.address, wanted)).missing).to.be.greaterThan(0n);
          await mineTo(block);
          expect(await p.quota.shortfall(dora.address, wanted)).to.deep.equal([0n, block]);
          expect((await p.quota.pointsOf(dora.address)).own).to.be.at.least(wanted);
        }
      });
    }

    it("says never where the ceiling is too low, or nothing is granted", async () => {
      const { dora, ...p } = await withSmallQuota();
      const [, block] = await p.quota.shortfall(dora.address, 3_001);
      expect(block).to.equal(NEVER);
      const big = Array.from({ length: 8 }, (_, at) => recording(p, `big ${at}`)).flat();
      const price = await priceOf(p, dora, big);
      const attempt = await dora.operate(big);
      expectRefused(attempt, "QuotaExhausted", [dora.address, price - (await ownPoints(p, dora)), NEVER]);
      await setClass(p, USER_CLASS, { ceiling: 3_000, grant: 0, initial: 0, periodBlocks: 10 });
      expect((await p.quota.shortfall(dora.address, 2_999)).availableBlock).to.equal(NEVER);
    });

    it("says nothing is missing when there is enough", async () => {
      const { dora, ...p } = await withSmallQuota();
      const block = BigInt(await blockNumber());
      expect(await p.quota.shortfall(dora.address, 100)).to.deep.equal([0n, block]);
    });
  });

  describe("the refill", () => {
    it("comes at the end of each period, whether or not the account was active, up to the ceiling", async () => {
      const { dora, ...p } = await withSmallQuota({ initial: 100, grant: 700, ceiling: 2_000 });
      const opened = Number((await p.quota.allowanceOf(dora.address)).updatedBlock);
      for (let block = opened; block < opened + 45; block++) {
        await mineTo(block);
        const periods = Math.floor(block / 10) - Math.floor(opened / 10);
        expect(await ownPoints(p, dora)).to.equal(BigInt(Math.min(2_000, 100 + periods * 700)));
      }
    });

    it("never accumulates beyond the ceiling, however long the account rests", async () => {
      const { dora, ...p } = await withSmallQuota();
      await networkHelpers.mine(10_000_000);
      expect(await ownPoints(p, dora)).to.equal(3_000n);
      const price = await priceOf(p, dora, recording(p, "one"));
      expectExecuted(await dora.operate(recording(p, "one")));
      expect((await p.quota.allowanceOf(dora.address)).points).to.equal(3_000n - price);
    });

    it("does not start full: a new account has its class's first points", async () => {
      const p = await town();
      const dora = await makeUser(p, p.bank, "dora");
      const { initial = 0, ceiling = 0 } = QUOTA_CLASSES[USER_CLASS] ?? {};
      expect((await p.quota.allowanceOf(dora.address)).points).to.equal(BigInt(initial));
      expect(initial).to.be.lessThan(ceiling);
    });

    it("does not begin anew with another certification: nobody fills up by being certified again", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0 });
      expectExecuted(await dora.operate(recording(p, "one")));
      const points = await ownPoints(p, dora);
      expectExecuted(await certify(p, p.bank, dora, LEVEL.realName));
      expectExecuted(await certify(p, p.dairy, dora, LEVEL.realName));
      expectExecuted(await p.bank.call(p.certifications, "revoke", [dora.address, GROUND]));
      expectExecuted(await certify(p, p.bank, dora, LEVEL.realName));
      expect(await ownPoints(p, dora)).to.equal(points);
    });

    it("goes by the class of the strongest live level, and falls back when that lapses", async () => {
      const { dora, ...p } = await withSmallQuota();
      expectExecuted(await certify(p, p.dairy, dora, LEVEL.certificate, { lifetime: 3_600 }));
      expect(await p.quota.classOf(dora.address)).to.equal(BigInt(LEVEL.certificate));
      await networkHelpers.mine(100);
      await networkHelpers.time.increase(4_000);
      expect(await p.quota.classOf(dora.address)).to.equal(BigInt(LEVEL.realName));
      expect(await ownPoints(p, dora)).to.equal(3_000n);
    });
  });

  describe("an account without a live certification (ID-5)", () => {
    it("can do nothing, whatever its points", async () => {
      const { dora, ...p } = await withSmallQuota();
      for (const step of ["suspend", "resume", "revoke"]) {
        expectExecuted(await p.bank.call(p.certifications, step, [dora.address, GROUND]));
        const attempt = await dora.operate(recording(p, step));
        if (step === "resume") expectExecuted(attempt);
        else expectRefused(attempt, "QuotaUncertified", [dora.address]);
      }
    });

    it("can do nothing in the very second that it lapses", async () => {
      const p = await town();
      const brief = await makeUser(p, p.bank, "brief", LEVEL.realName, { lifetime: 1_000 });
      const { expiresAt } = await p.certifications.certification(brief.address, p.bank.address);
      await networkHelpers.time.setNextBlockTimestamp(expiresAt - 1n);
      expectExecuted(await brief.operate(recording(p, "one")));
      await networkHelpers.time.setNextBlockTimestamp(expiresAt);
      expectRefused(await brief.operate(recording(p, "two")), "QuotaUncertified", [brief.address]);
      expect(await p.quota.pointsOf(brief.address)).to.deep.equal([0n, 0n]);
    });

    it("can do nothing although it has a class of its own", async () => {
      const { dora, ...p } = await withSmallQuota();
      await p.quota.connect(p.operator).assignClass(dora.address, 16);
      expectExecuted(await p.bank.call(p.certifications, "revoke", [dora.address, GROUND]));
      expectRefused(await dora.operate(recording(p, "one")), "QuotaUncertified", [dora.address]);
    });

    it("can do nothing before it was ever certified", async () => {
      const p = await town();
      const wallet = walletOf("erin");
      const created = await p.bank.call(p.accountFactory, "create", [wallet.address, digestOf("salt")]);
      const address = expectExecuted(created).find(({ name }) => name === "AccountCreated")?.args[0] as string;
      const attempt = await operate(address, wallet, recording(p, "one"));
      expectRefused(attempt, "QuotaUncertified", [address]);
    });
  });

  describe("called directly", () => {
    it("charges nobody but the caller", async () => {
      const { dora, ...p } = await withSmallQuota({ grant: 0 });
      const data = encodeExecute(recording(p, "one"));
      for (const caller of [p.operator, p.stranger]) {
        await expectRevert(p.quota.connect(caller).charge(data), "QuotaUncertified", [caller.address]);
      }
      expect(await ownPoints(p, dora)).to.equal(1_800n);
    });

    it("tells nothing of an account's standing unless Certifications does", async () => {
      const { dora, ...p } = await withSmallQuota();
      for (const caller of [p.operator, p.stranger, await signerAt(p.bank.address)]) {
        const attempt = p.quota.connect(caller).setStanding(dora.address, 6, 2 ** 39);
        await expectRevert(attempt, "QuotaNotCertifications", [caller.address]);
      }
    });
  });

  it("begins a class of its own with its initial points", async () => {
    const { dora, ...p } = await withSmallQuota({ grant: 0 });
    await networkHelpers.mine(100);
    await p.quota.connect(p.operator).assignClass(dora.address, 16);
    const dataOf = async (who: Participant) => (await p.quota.allowanceOf(who.address)).points;
    const { initial = 0, grant = 0 } = QUOTA_CLASSES[16] ?? {};
    expect(await dataOf(dora)).to.equal(BigInt(initial));
    expect(await p.quota.classOf(dora.address)).to.equal(16n);
    await networkHelpers.mine(20);
    expect(await ownPoints(p, dora)).to.equal(BigInt(initial + grant));
    await p.quota.connect(p.operator).assignClass(dora.address, 17);
    expect(await dataOf(dora)).to.be.lessThan(BigInt(QUOTA_CLASSES[17]?.initial ?? 0));
    await p.quota.connect(p.operator).assignClass(dora.address, 0);
    expect(await p.quota.classOf(dora.address)).to.equal(BigInt(USER_CLASS));
    expect(await ownPoints(p, dora)).to.equal(3_000n);
  });

  it("gives initial points once: taking a class away and giving it again fills nothing up", async () => {
    const { dora, ...p } = await withSmallQuota({ grant: 0 });
    const acting = p.quota.connect(p.operator);
    await acting.assignClass(dora.address, 16);
    await acting.assignClass(dora.address, 0);
    expectExecuted(await dora.operate(recording(p, "one")));
    const before = await ownPoints(p, dora);
    await acting.assignClass(dora.address, 16);
    expect((await p.quota.allowanceOf(dora.address)).points).to.equal(before);
  });
});
