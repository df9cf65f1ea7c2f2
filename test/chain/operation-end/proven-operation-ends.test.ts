import { expect } from "chai";
import { encodeSerial } from "../../../src/core/serial.ts";
import { FakeRelay } from "../../support/fake-relay.ts";
import { endingOperation, inBlock, provenEnds } from "../../support/proven-ends.ts";
import { rejectionCode } from "../../support/rejection.ts";
import { validatorKey } from "../../support/sealed-block.ts";
import { SealedNetwork } from "../../support/sealed-network.ts";

describe("ends of operations from an honest relay", () => {
  let network: SealedNetwork;

  beforeEach(() => {
    network = new SealedNetwork();
    network.mineTo(5);
  });

  const honest = (name = "honest") => new FakeRelay(name, network);

  it("has no end for an operation that is in no block yet", async () => {
    const { ends, faults } = provenEnds(network, [honest()]);
    expect(await ends.find([endingOperation(20)])).to.deep.equal(new Map());
    expect(await ends.find([])).to.deep.equal(new Map());
    expect(faults).to.deep.equal([]);
  });

  it("tells an inclusion with its block, transaction, own logs and gas", async () => {
    const [one, two, failed] = [endingOperation(20), endingOperation(20), endingOperation(20)];
    network.mine();
    const bundle = [inBlock(one), inBlock(two), { ...inBlock(failed), success: false, revert: "0xdeadbeef" }];
    const block = network.mine({ bundles: [[inBlock(endingOperation(30))], bundle] });
    network.mineTo(12);
    const { ends, faults } = provenEnds(network, [honest()]);
    const found = await ends.find([one, two, failed]);
    const transactions = (await network.ask("eth_getBlockByNumber", ["0x7", true])) as {
      transactions: { hash: string }[];
    };
    for (const { hash } of [one, two, failed]) {
      const end = found.get(hash);
      if (end?.state !== "included") throw new Error("It was not found");
      expect(end.block).to.equal(7);
      expect(end.transactionHash).to.equal(transactions.transactions[1]?.hash);
      expect(end.receipt.gasUsed).to.equal(21_000n);
      expect(end.receipt.logs).to.have.length(2);
      expect(end.receipt.logs.every(({ topics }) => topics[1] === hash)).to.equal(true);
      expect(end).to.include({ blockHash: block.hash, transactionIndex: 1 });
      expect(end.success).to.equal(hash !== failed.hash);
      expect(end.reason).to.equal(hash === failed.hash ? "0xdeadbeef" : undefined);
    }
    const logs = [...found.values()].flatMap((end) => (end.state === "included" ? end.receipt.logs : []));
    expect(logs.map((log) => (log as { logIndex?: number }).logIndex)).to.deep.equal([2, 3, 4, 5, 6, 7]);
    expect(faults).to.deep.equal([]);
  });

  it("calls an operation expired after its deadline, and not in the block of the deadline", async () => {
    const { ends } = provenEnds(network, [honest()]);
    const one = endingOperation(8);
    network.mineTo(8);
    expect((await ends.find([one])).size).to.equal(0);
    network.mine();
    expect((await ends.find([one])).get(one.hash)).to.deep.equal({ state: "expired", block: 9 });
    // It stays the same end, also when it is asked for later.
    network.mineTo(12);
    expect((await ends.find([one])).get(one.hash)).to.deep.equal({ state: "expired", block: 9 });
  });

  it("tells apart many operations past their deadlines", async () => {
    const all = Array.from({ length: 150 }, () => endingOperation(9));
    const included = all.filter((_, at) => at % 7 === 0);
    network.mine({ bundles: [included.map(inBlock)] });
    network.mineTo(10);
    const { ends, faults } = provenEnds(network, [honest()]);
    const found = await ends.find(all);
    expect(found.size).to.equal(150);
    for (const one of all) {
      expect(found.get(one.hash)?.state).to.equal(included.includes(one) ? "included" : "expired");
    }
    expect(faults).to.deep.equal([]);
  });

  it("tells what took the place of an operation whose serial another one used", async () => {
    const [one, other] = [endingOperation(9), endingOperation(9)];
    network.mine({ bundles: [[{ ...inBlock(one), hash: other.hash }]] });
    network.mineTo(10);
    const { ends } = provenEnds(network, [honest()]);
    const end = (await ends.find([one])).get(one.hash);
    expect(end).to.include({ state: "displaced", block: 6, by: other.hash });
  });

  it("goes on through changes of the validators", async () => {
    const one = endingOperation(30);
    network.mine({ validators: [5, 6, 7, 8].map(validatorKey) });
    network.mine({ bundles: [[inBlock(one)]] });
    network.mine({ validators: [9, 10, 11, 12].map(validatorKey) });
    network.mineTo(15);
    const { ends, chain } = provenEnds(network, [honest()]);
    expect((await ends.find([one])).get(one.hash)?.state).to.equal("included");
    expect(chain.set.epoch).to.equal(2);
  });

  it("refuses operations that have no definite end: other nonces, other deadlines", async () => {
    const { ends } = provenEnds(network, [honest()]);
    for (const bad of [
      endingOperation(9, { nonce: 5n }),
      endingOperation(9, { deadlineBlock: 10 }),
      endingOperation(9, { nonce: encodeSerial({ deadlineBlock: 9 }) + 1n }),
      endingOperation(9, { nonce: 2n ** 256n }),
    ]) {
      expect(await rejectionCode(ends.find([bad]))).to.equal("request.invalid");
    }
  });
});
