import { expect } from "chai";
import { keccak256, ZeroAddress, ZeroHash } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { ethers, networkHelpers, provider, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { listedTarget, targetCall } from "../support/ordered-target.ts";
import { fileOrder, ORDER_STATUS, orderOf } from "../support/orders.ts";
import { certify, LEVEL, makeApplicant, type Town, town } from "../support/participants.ts";

const ROLE = { operator: 1, regulator: 3 } as const;

async function withTarget() {
  const p = await town();
  const target = await listedTarget(p);
  return { ...p, target, call: await targetCall(target, "act") };
}

/** Lets the regulator order a call about a user, addressed to somebody. */
const orderAbout = (p: Town, subject: string, executor: string, call?: Parameters<typeof fileOrder>[1]) =>
  fileOrder(p, call, { subject, executor });

describe("Orders, attacked", () => {
  describe("from outside of an order", () => {
    it("an enforcement function takes no call, whoever makes it", async () => {
      const p = await withTarget();
      const callers = [p.operator, p.regulator, p.stranger, await signerAt(SYSTEM_ADDRESSES.Council)];
      for (const caller of [...callers, await signerAt(p.addresses.Orders ?? "")]) {
        const attempt = p.target.connect(caller).getFunction("act")();
        await expectRevert(attempt, "UnauthorisedNotOrder", [caller.address]);
      }
    });

    it("an enforcement function takes no call from another contract while an order runs", async () => {
      const p = await withTarget();
      const call = await targetCall(p.target, "actBySelf");
      const id = await fileOrder(p, call);
      const attempt = p.orders.connect(p.operator).execute(id, call.data);
      await expectRevert(attempt, "UnauthorisedNotOrder", [call.target]);
    });

    it("an enforcement function takes no call where Orders is not listed", async () => {
      const p = await withTarget();
      // A Directory that knows nobody.
      await provider.request({ method: "hardhat_setCode", params: [SYSTEM_ADDRESSES.Directory, "0x60205ff3"] });
      const attempt = p.target.connect(await signerAt(ZeroAddress)).getFunction("act")();
      await expectRevert(attempt, "unknown");
      const other = p.target.connect(p.operator).getFunction("act")();
      await expectRevert(other, "UnauthorisedNotOrder", [p.operator.address]);
    });
  });

  describe("by the called contract", () => {
    it("no other order is executed meanwhile, although it holds the operator's role", async () => {
      const p = await withTarget();
      const inner = await fileOrder(p, p.call);
      const nested = await targetCall(p.target, "nest", [inner, p.call.data]);
      const outer = await fileOrder(p, nested);
      await decide(p, [p.accessManager, "grantRole", [ROLE.operator, nested.target, 0]]);
      const attempt = p.orders.connect(p.operator).execute(outer, nested.data);
      await expectRevert(attempt, "OrderExecuting", [outer]);
      expect(await p.orders.statusOf(inner)).to.equal(ORDER_STATUS.filed);
      expect(await p.orders.statusOf(outer)).to.equal(ORDER_STATUS.filed);
    });

    it("its own order is not executed a second time", async () => {
      const p = await withTarget();
      // The data names the order's own number: it is known before it is filed.
      const own = (await p.orders.count()) + 1n;
      const nested = await targetCall(p.target, "nest", [own, "0x"]);
      expect(await fileOrder(p, nested)).to.equal(own);
      await decide(p, [p.accessManager, "grantRole", [ROLE.operator, nested.target, 0]]);
      await expectRevert(p.orders.connect(p.operator).execute(own, nested.data), "OrderExecuting", [own]);
    });

    it("a megabyte of return data costs the executor nothing", async () => {
      const p = await withTarget();
      const gasOf = async (name: string) => {
        const call = await targetCall(p.target, name);
        const id = await fileOrder(p, call);
        const response = await p.orders.connect(p.operator).execute(id, call.data);
        return (await response.wait())?.gasUsed ?? 0n;
      };
      await gasOf("act"); // sets the target's slots
      const bomb = await gasOf("bomb");
      // What the target spends on its own memory (about 2 million gas) and nothing on copying it.
      const words = 1_000_000n / 32n;
      const itsMemory = 3n * words + (words * words) / 512n;
      expect(bomb - itsMemory).to.be.lessThan(150_000n);
      expect(await p.orders.executing()).to.equal(0n);
    });

    it("an order whose target left the platform meanwhile is not executed", async () => {
      const p = await withTarget();
      const id = await fileOrder(p, p.call);
      const name = ethers.encodeBytes32String("OrderedTarget");
      await decide(p, [p.directory, "replace", [name, p.addresses.Account, digestOf("abi")]]);
      const attempt = p.orders.connect(p.operator).execute(id, p.call.data);
      await expectRevert(attempt, "OrderTargetInvalid", [p.call.target]);
    });
  });

  describe("about a user", () => {
    it("is executed by a partner that certifies the user, as an operation of its account", async () => {
      const p = await withTarget();
      const id = await orderAbout(p, p.alice.address, p.bank.address, p.call);
      expectExecuted(await p.bank.call(p.orders, "execute", [id, p.call.data]));
      expect(await p.target.getFunction("lastOrder")()).to.equal(id);
      expect((await p.orders.orderOf(id)).executor).to.equal(p.bank.address);
    });

    it("does not go to a partner that does not certify the user, nor to the operator past the one that does", async () => {
      const p = await withTarget();
      const { dairy, alice, bank, orders, regulator } = p;
      const foreign = orders
        .connect(regulator)
        .file(await orderOf({ subject: alice.address, executor: dairy.address }), "");
      await expectRevert(foreign, "OrderExecutorInvalid", [dairy.address, alice.address]);
      const operator = orders.connect(regulator).file(await orderOf({ subject: alice.address }), "");
      await expectRevert(operator, "OrderForCertifier", [alice.address, bank.address]);
    });

    it("is not executed by another partner, nor by the operator in the partner's place", async () => {
      const p = await withTarget();
      const id = await orderAbout(p, p.alice.address, p.bank.address, p.call);
      const foreign = await p.dairy.call(p.orders, "execute", [id, p.call.data]);
      expectReverted(foreign, "OrderNotExecutor", [id, p.dairy.address]);
      const byOperator = p.orders.connect(p.operator).execute(id, p.call.data);
      await expectRevert(byOperator, "OrderNotExecutor", [id, p.operator.address]);
    });

    for (const [what, end] of [
      [
        "revoked its certification",
        (p: Town) => p.bank.call(p.certifications, "revoke", [p.alice.address, digestOf("x")]),
      ],
      ["suspended it", (p: Town) => p.bank.call(p.certifications, "suspend", [p.alice.address, digestOf("x")])],
      ["let it expire", () => networkHelpers.time.increase(2 * 365 * 24 * 3600)],
    ] as const) {
      it(`is not executed by a partner that has ${what} meanwhile`, async () => {
        const p = await withTarget();
        const id = await orderAbout(p, p.alice.address, p.bank.address, p.call);
        await end(p);
        const attempt = p.orders.connect(await signerAt(p.bank.address)).execute(id, p.call.data);
        await expectRevert(attempt, "OrderExecutorInvalid", [p.bank.address, p.alice.address]);
      });
    }

    it("is not executed by a partner that was suspended meanwhile", async () => {
      const p = await withTarget();
      const id = await orderAbout(p, p.alice.address, p.bank.address, p.call);
      await p.partners.connect(p.operator).suspend(p.bank.address, digestOf("dispute"));
      const attempt = await p.bank.call(p.orders, "execute", [id, p.call.data]);
      expectReverted(attempt, "OrderExecutorInvalid", [p.bank.address, p.alice.address]);
    });

    it("goes to the operator where no admitted partner certifies the user", async () => {
      const p = await withTarget();
      const applicant = await makeApplicant(p, "shop");
      expect(await fileOrder(p, p.call, { subject: applicant.address })).to.equal(await p.orders.count());
      await p.partners.connect(p.operator).suspend(p.bank.address, digestOf("dispute"));
      const id = await fileOrder(p, p.call, { subject: p.alice.address });
      await p.orders.connect(p.operator).execute(id, p.call.data);
      expect(await p.target.getFunction("lastOrder")()).to.equal(id);
    });

    it("that was the operator's stays so: a friendly partner can not stop it by certifying the user", async () => {
      const p = await withTarget();
      expectExecuted(await p.bank.call(p.certifications, "revoke", [p.alice.address, digestOf("x")]));
      const id = await fileOrder(p, p.call, { subject: p.alice.address });
      expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
      await p.orders.connect(p.operator).execute(id, p.call.data);
      expect(await p.orders.statusOf(id)).to.equal(ORDER_STATUS.executed);
    });
  });

  describe("about a partner", () => {
    it("is the operator's, without a word of the partner's certifiers", async () => {
      const p = await withTarget();
      const id = await fileOrder(p, p.call, { subject: p.bank.address });
      await p.orders.connect(p.operator).execute(id, p.call.data);
      expect((await p.orders.orderOf(id)).subject).to.equal(p.bank.address);
    });

    it("may ask a partner for a report, which only that partner gives", async () => {
      const p = await withTarget();
      const id = await fileOrder(p, undefined, { executor: p.bank.address });
      const report = digestOf("report");
      const foreign = await p.dairy.call(p.orders, "report", [id, report]);
      expectReverted(foreign, "OrderNotExecutor", [id, p.dairy.address]);
      expectExecuted(await p.bank.call(p.orders, "report", [id, report]));
      expect(await p.orders.statusOf(id)).to.equal(ORDER_STATUS.reported);
    });
  });

  describe("by an authority", () => {
    it("that lost its role meanwhile is not enforced any more, but can still be withdrawn", async () => {
      const p = await withTarget();
      const id = await fileOrder(p, p.call);
      const plain = await fileOrder(p);
      await decide(p, [p.accessManager, "revokeRole", [ROLE.regulator, p.regulator.address]]);
      const execution = p.orders.connect(p.operator).execute(id, p.call.data);
      await expectRevert(execution, "OrderAuthorityLost", [id, p.regulator.address]);
      const report = p.orders.connect(p.operator).report(plain, digestOf("report"));
      await expectRevert(report, "OrderAuthorityLost", [plain, p.regulator.address]);
      await p.orders.connect(p.regulator).withdraw(id, digestOf("ground"));
      expect(await p.orders.statusOf(id)).to.equal(ORDER_STATUS.withdrawn);
    });

    it("can not withdraw another authority's order", async () => {
      const p = await withTarget();
      const other = await signerAt(walletOf("other regulator").address);
      await decide(p, [p.accessManager, "grantRole", [ROLE.regulator, other.address, 0]]);
      const id = await fileOrder(p, p.call);
      const attempt = p.orders.connect(other).withdraw(id, digestOf("ground"));
      await expectRevert(attempt, "OrderNotAuthority", [id, other.address]);
    });

    it("acts from an account as everybody else does: files and withdraws by operations", async () => {
      const p = await withTarget();
      const authority = await makeApplicant(p, "authority");
      await decide(p, [p.accessManager, "grantRole", [ROLE.regulator, authority.address, 0]]);
      const order = { target: p.call.target, callDigest: keccak256(p.call.data as string) };
      expectExecuted(await authority.call(p.orders, "file", [await orderOf(order), "https://example.org/order"]));
      const id = await p.orders.count();
      expect((await p.orders.orderOf(id)).authority).to.equal(authority.address);
      expectExecuted(await authority.call(p.orders, "withdraw", [id, digestOf("ground")]));
      const byUser = await p.alice.call(p.orders, "file", [await orderOf({ callDigest: ZeroHash }), ""]);
      expectReverted(byUser, "Unauthorised", [p.alice.address, ROLE.regulator]);
    });
  });
});
