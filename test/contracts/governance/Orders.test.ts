import { expect } from "chai";
import { Contract, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, ethers, mineTo } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { listedTarget, targetCall } from "../support/ordered-target.ts";
import { fileOrder, ORDER_LOCATION, ORDER_STATUS, orderOf } from "../support/orders.ts";
import { platform } from "../support/platform.ts";

const DATA = "0x12345678";

describe("An order (GO-2)", () => {
  describe("is filed", () => {
    it("by a regulator, with its document's digest and location", async () => {
      const { orders, regulator } = await platform();
      const filing = await orderOf();
      const events = await eventsOf(orders.connect(regulator).file(filing, ORDER_LOCATION));
      const block = await blockNumber();
      const { executor, subject, target, callDigest, document, lastBlock } = filing;
      const said = [executor, target, callDigest, document, lastBlock, ORDER_LOCATION];
      expectEvent(events, "OrderFiled", [1, regulator.address, subject, ...said]);
      const kept = await orders.orderOf(1);
      expect([kept.authority, kept.document, kept.status]).to.deep.equal([regulator.address, document, 1n]);
      expect([kept.filedBlock, kept.lastBlock]).to.deep.equal([BigInt(block), BigInt(lastBlock)]);
      expect([kept.closedBlock, kept.result]).to.deep.equal([0n, ZeroHash]);
      expect(await orders.count()).to.equal(1n);
    });

    it("by nobody else, the operator included", async () => {
      const { orders, operator, stranger, seats } = await platform();
      for (const caller of [operator, stranger, seats[0]]) {
        const attempt = orders.connect(caller).file(await orderOf(), "");
        await expectRevert(attempt, "Unauthorised", [caller?.address, 3]);
      }
    });

    it("with a document", async () => {
      const { orders, regulator } = await platform();
      const attempt = orders.connect(regulator).file(await orderOf({ document: ZeroHash }), "");
      await expectRevert(attempt, "OrderDocumentMissing", []);
    });

    it("for blocks to come, a year's at most", async () => {
      const { orders, regulator } = await platform();
      const next = async () => (await blockNumber()) + 1;
      const file = async (lastBlock: number) => orders.connect(regulator).file(await orderOf({ lastBlock }), "");
      const most = Number(await orders.MAX_LIFETIME());
      const past = await next();
      await expectRevert(file(past - 1), "OrderLastBlockInvalid", [past - 1, past, past + most]);
      const far = (await next()) + most + 1;
      await expectRevert(file(far), "OrderLastBlockInvalid", [far, far - most - 1, far - 1]);
      await file(await next());
      await file((await next()) + most);
    });

    it("with target and call, or with neither", async () => {
      const p = await platform();
      const { orders, regulator } = p;
      const target = await listedTarget(p);
      const address = await target.getAddress();
      const half = orders.connect(regulator).file(await orderOf({ target: address }), "");
      await expectRevert(half, "OrderCallIncomplete", [address, ZeroHash]);
      const other = orders.connect(regulator).file(await orderOf({ callDigest: keccak256(DATA) }), "");
      await expectRevert(other, "OrderCallIncomplete", [ZeroAddress, keccak256(DATA)]);
    });

    it("against contracts of the platform only: no address without code, nothing unlisted, neither Directory nor itself", async () => {
      const p = await platform();
      const { orders, regulator } = p;
      const unlisted = await listedTarget(p, false);
      const targets = [
        walletOf("nobody").address,
        await unlisted.getAddress(),
        await p.directory.getAddress(),
        await orders.getAddress(),
      ];
      for (const target of targets) {
        const attempt = orders.connect(regulator).file(await orderOf({ target, callDigest: keccak256(DATA) }), "");
        await expectRevert(attempt, "OrderTargetInvalid", [target]);
      }
    });

    it("to an executor that is an admitted partner, or to the operator", async () => {
      const { orders, regulator, operator } = await platform();
      for (const executor of [operator.address, walletOf("nobody").address]) {
        const attempt = orders.connect(regulator).file(await orderOf({ executor }), "");
        await expectRevert(attempt, "OrderExecutorInvalid", [executor, ZeroAddress]);
      }
    });
  });

  describe("with a call", () => {
    it("is executed once: exactly the call that was ordered, through Orders", async () => {
      const p = await platform();
      const target = await listedTarget(p);
      const call = await targetCall(target, "act");
      const id = await fileOrder(p, call);
      const events = await eventsOf(p.orders.connect(p.operator).execute(id, call.data));
      expectEvent(events, "OrderExecuted", [id, p.operator.address]);
      expect(await target.getFunction("lastOrder")()).to.equal(id);
      const kept = await p.orders.orderOf(id);
      expect([kept.status, kept.executor]).to.deep.equal([ORDER_STATUS.executed, p.operator.address]);
      expect(kept.closedBlock).to.equal(BigInt(await blockNumber()));

      const again = p.orders.connect(p.operator).execute(id, call.data);
      await expectRevert(again, "OrderNotLive", [id, ORDER_STATUS.executed]);
      const withdrawn = p.orders.connect(p.regulator).withdraw(id, digestOf("ground"));
      await expectRevert(withdrawn, "OrderNotLive", [id, ORDER_STATUS.executed]);
      expect(await target.getFunction("times")()).to.equal(1n);
    });

    it("does nothing with other data than ordered, be it longer by a byte", async () => {
      const p = await platform();
      const target = await listedTarget(p);
      const call = await targetCall(target, "act");
      const id = await fileOrder(p, call);
      for (const data of [`${call.data}00`, (await targetCall(target, "bomb")).data, "0x"]) {
        const attempt = p.orders.connect(p.operator).execute(id, data);
        await expectRevert(attempt, "OrderCallDiffers", [id, keccak256(data)]);
      }
      expect(await p.orders.statusOf(id)).to.equal(ORDER_STATUS.filed);
    });

    it("is executed in its last block, and not in the one after", async () => {
      const p = await platform();
      const target = await listedTarget(p);
      const call = await targetCall(target, "act");
      const first = await fileOrder(p, call);
      const second = await fileOrder(p, call);
      const { lastBlock } = await p.orders.orderOf(first);
      await mineTo(lastBlock - 1n);
      await p.orders.connect(p.operator).execute(first, call.data);
      await mineTo((await p.orders.orderOf(second)).lastBlock);
      expect(await p.orders.statusOf(second)).to.equal(ORDER_STATUS.filed);
      const late = p.orders.connect(p.operator).execute(second, call.data);
      await expectRevert(late, "OrderNotLive", [second, ORDER_STATUS.expired]);
      await ethers.provider.send("hardhat_mine", ["0x1"]);
      expect(await p.orders.statusOf(second)).to.equal(ORDER_STATUS.expired);
      const withdrawn = p.orders.connect(p.regulator).withdraw(second, digestOf("ground"));
      await expectRevert(withdrawn, "OrderNotLive", [second, ORDER_STATUS.expired]);
    });

    it("is nobody's to execute but its executor's", async () => {
      const p = await platform();
      const target = await listedTarget(p);
      const call = await targetCall(target, "act");
      const id = await fileOrder(p, call);
      for (const caller of [p.regulator, p.stranger, p.admissionParty, p.seats[0]]) {
        const attempt = p.orders.connect(caller).execute(id, call.data);
        await expectRevert(attempt, "OrderNotExecutor", [id, caller?.address]);
      }
    });

    it("whose call reverts stays as it was, and says why", async () => {
      const p = await platform();
      const target = await listedTarget(p);
      const call = await targetCall(target, "refuse");
      const id = await fileOrder(p, call);
      const attempt = p.orders.connect(p.operator).execute(id, call.data);
      const refused = target.interface.encodeErrorResult("TargetRefused", [id]);
      await expectRevert(attempt, "unknown", [refused]);
      expect(await p.orders.statusOf(id)).to.equal(ORDER_STATUS.filed);
      expect(await p.orders.executing()).to.equal(0n);
    });

    it("can not be reported instead", async () => {
      const p = await platform();
      const id = await fileOrder(p, await targetCall(await listedTarget(p), "act"));
      const attempt = p.orders.connect(p.operator).report(id, digestOf("report"));
      await expectRevert(attempt, "OrderWithCall", [id]);
    });
  });

  describe("without a call", () => {
    it("ends by its executor's report", async () => {
      const p = await platform();
      const id = await fileOrder(p);
      const report = digestOf("report");
      await expectRevert(p.orders.connect(p.operator).execute(id, "0x"), "OrderWithoutCall", [id]);
      await expectRevert(p.orders.connect(p.operator).report(id, ZeroHash), "OrderResultMissing", []);
      await expectRevert(p.orders.connect(p.stranger).report(id, report), "OrderNotExecutor", [id, p.stranger.address]);
      const events = await eventsOf(p.orders.connect(p.operator).report(id, report));
      expectEvent(events, "OrderReported", [id, p.operator.address, report]);
      expect((await p.orders.orderOf(id)).result).to.equal(report);
      const again = p.orders.connect(p.operator).report(id, digestOf("other report"));
      await expectRevert(again, "OrderNotLive", [id, ORDER_STATUS.reported]);
    });
  });

  describe("is withdrawn", () => {
    it("by the authority that filed it, with a ground that is kept", async () => {
      const p = await platform();
      const call = await targetCall(await listedTarget(p), "act");
      const id = await fileOrder(p, call);
      const ground = digestOf("ground");
      await expectRevert(p.orders.connect(p.regulator).withdraw(id, ZeroHash), "OrderResultMissing", []);
      await expectRevert(p.orders.connect(p.operator).withdraw(id, ground), "OrderNotAuthority", [
        id,
        p.operator.address,
      ]);
      expectEvent(await eventsOf(p.orders.connect(p.regulator).withdraw(id, ground)), "OrderWithdrawn", [id, ground]);
      const kept = await p.orders.orderOf(id);
      expect([kept.status, kept.result]).to.deep.equal([ORDER_STATUS.withdrawn, ground]);
      const attempt = p.orders.connect(p.operator).execute(id, call.data);
      await expectRevert(attempt, "OrderNotLive", [id, ORDER_STATUS.withdrawn]);
    });
  });

  it("has to exist", async () => {
    const { orders, operator, regulator } = await platform();
    for (const id of [0, 1]) {
      expect(await orders.statusOf(id)).to.equal(ORDER_STATUS.none);
      await expectRevert(orders.orderOf(id), "OrderUnknown", [id]);
      await expectRevert(orders.subjectOf(id), "OrderUnknown", [id]);
      await expectRevert(orders.connect(operator).execute(id, "0x"), "OrderUnknown", [id]);
      await expectRevert(orders.connect(operator).report(id, digestOf("x")), "OrderUnknown", [id]);
      await expectRevert(orders.connect(regulator).withdraw(id, digestOf("x")), "OrderUnknown", [id]);
    }
  });

  it("is listed by name, so that enforcement functions find it", async () => {
    const { addresses, orders } = await platform();
    const contract = new Contract(addresses.Orders ?? "", readArtifact("governance/Orders").abi, ethers.provider);
    expect(await orders.getAddress()).to.equal(await contract.getAddress());
    expect(await orders.executing()).to.equal(0n);
  });
});
