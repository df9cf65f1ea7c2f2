import { expect } from "chai";
import { type Ask, WithheldError } from "../../src/chain/relays/relay.ts";
import { SealedChain } from "../../src/chain/sealed-chain.ts";
import { BropError } from "../../src/core/errors.ts";
import { headerFromRpc } from "../../src/core/qbft/header.ts";
import type { SealedTrust } from "../../src/core/qbft/trust.ts";
import { CONTRACT_MODE_BLOCKS, contractModeBlock, recorded, recordedValidators } from "../support/qbft-recordings.ts";
import { recordedNetwork } from "../support/recorded-network.ts";
import { rejection } from "../support/rejection.ts";
import { addressOfKey, validatorKey } from "../support/sealed-block.ts";
import { changeLog, SealedNetwork } from "../support/sealed-network.ts";

const keys = (...names: (string | number)[]) => names.map(validatorKey);

async function refusal(promise: Promise<unknown>, code = "proof.invalid"): Promise<string> {
  const error = await rejection(promise);
  expect(error?.code).to.equal(code);
  return (error as BropError).message;
}

/** An honest node, except for what is named. */
function lying(network: SealedNetwork, lies: Record<string, (params: readonly unknown[]) => unknown>): Ask {
  return async (method, params) => {
    const lie = lies[method];
    return lie === undefined ? network.ask(method, params) : lie(params);
  };
}

describe("a sealed chain", () => {
  it("believes blocks under the seals of the genesis file's validators", async () => {
    const network = new SealedNetwork();
    network.mineTo(5);
    const chain = new SealedChain(network.trust);
    await chain.checkNetwork(network.ask);
    for (let number = 0; number <= 5; number++) {
      expect((await chain.header(network.ask, number)).number).to.equal(number);
    }
    expect(await refusal(chain.header(network.ask, 6), "proof.unavailable")).to.match(/no such block/);
  });

  it("follows the set through changes, however far behind it is", async () => {
    const network = new SealedNetwork();
    network.mineTo(3);
    network.mine({ validators: keys(1, 2, 3, 4, 5) });
    network.mine({ validators: keys(2, 3, 4, 5, 6) });
    network.mineTo(20);
    network.mine({ validators: keys(7, 8, 9, 10, 11, 12, 13) });
    network.mineTo(30);
    const chain = new SealedChain(network.trust);
    await chain.header(network.ask, 30);
    expect(chain.set).to.deep.equal({
      ...{ epoch: 3, changedBlock: 21 },
      validators: keys(7, 8, 9, 10, 11, 12, 13).map(addressOfKey),
    });
    // Each height has the set of its time, also afterwards.
    for (const number of [1, 4, 5, 6, 20, 21, 22]) await chain.header(network.ask, number);
  });

  it("follows a change once, however many ask at the same time", async () => {
    const network = new SealedNetwork();
    network.mine({ validators: keys(5, 6, 7, 8) });
    network.mineTo(9);
    const chain = new SealedChain(network.trust);
    await Promise.all([2, 3, 4, 5, 6, 7, 8, 9].map((number) => chain.header(network.ask, number)));
    expect(chain.set.epoch).to.equal(1);
  });

  it("goes on with the old set in the very block of a change", async () => {
    const network = new SealedNetwork();
    network.mine({ validators: keys(5, 6, 7, 8), sealers: keys(5, 6, 7) });
    network.mine();
    expect(await refusal(new SealedChain(network.trust).header(network.ask, 1))).to.match(/no validator/);
    expect(await refusal(new SealedChain(network.trust).header(network.ask, 2))).to.match(/no validator/);
  });

  it("asks for changes in ranges that the node takes", async () => {
    const network = new SealedNetwork();
    for (let number = 1; number <= 6; number++) {
      network.mineTo(number * 10);
      network.mine({ validators: keys(4 + number, 1, 2, 3) });
    }
    network.mine();
    const ranges: number[] = [];
    const ask = lying(network, {
      eth_getLogs: ([filter]) => {
        const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
        const blocks = Number(toBlock) - Number(fromBlock) + 1;
        ranges.push(blocks);
        if (blocks > 7) throw new BropError("request.range-too-large", { blocks, most: 7 });
        return network.ask("eth_getLogs", [filter]);
      },
    });
    const chain = new SealedChain(network.trust);
    await chain.header(ask, network.head);
    expect(chain.set.epoch).to.equal(6);
    expect(ranges.slice(1).every((blocks) => blocks <= 7)).to.equal(true);
  });

  describe("refuses", () => {
    it("a header that is not sealed by a quorum, or by strangers", async () => {
      const network = new SealedNetwork();
      network.mine({ sealers: keys(1, 2) });
      network.mine({ sealers: keys(1, 2, "stranger") });
      network.mine({ sealers: keys("a", "b", "c") });
      const chain = new SealedChain(network.trust);
      for (const number of [1, 2, 3]) await refusal(chain.header(network.ask, number));
      expect(chain.set.epoch).to.equal(0);
    });

    it("a header of another height than asked for, and what is none", async () => {
      const network = new SealedNetwork();
      network.mineTo(5);
      const chain = new SealedChain(network.trust);
      const ask = lying(network, { eth_getBlockByNumber: () => network.block(3) });
      expect(await refusal(chain.header(ask, 4))).to.match(/block 3, not 4/);
      for (const answer of [1, "0x", {}, [], { number: "0x4" }]) {
        await refusal(chain.header(lying(network, { eth_getBlockByNumber: () => answer }), 4));
      }
    });

    it("a header that names validators itself", async () => {
      const recordedHeader = recorded("header-mode/block-117") as Record<string, unknown>;
      const trust: SealedTrust = {
        ...{ mode: "sealed", chainId: 20_260_101n, anchor: { number: 100, hash: `0x${"00".repeat(32)}` } },
        set: { epoch: 0, changedBlock: 100, validators: recordedValidators(57) },
      };
      const ask: Ask = async () => recordedHeader;
      expect(await refusal(new SealedChain(trust).header(ask, 117))).to.match(/names validators/);
    });

    it("another block at a height of which one is proven, though it is sealed as well", async () => {
      const network = new SealedNetwork();
      network.mineTo(3);
      const twin = network.twin();
      network.mine();
      twin.mine({ round: 1, logs: [{ address: `0x${"11".repeat(20)}`, topics: [], data: "0x" }] });
      const chain = new SealedChain(network.trust);
      await chain.header(network.ask, 4);
      expect(await refusal(chain.accept(twin.ask, headerFromRpc(twin.block(4))))).to.match(/another block 4/);
    });

    it("a change that strangers sealed", async () => {
      const network = new SealedNetwork();
      network.mineTo(3);
      network.mine({ validators: keys("a", "b", "c", "d"), sealers: keys("a", "b", "c") });
      network.mineTo(6);
      const chain = new SealedChain(network.trust);
      await refusal(chain.header(network.ask, 6));
      expect(chain.set.epoch).to.equal(0);
    });

    it("a change that is only claimed: no log in the block, another contract, another event, a failed proof", async () => {
      const network = new SealedNetwork();
      network.mine();
      const real = changeLog(1, keys("a", "b", "c", "d").map(addressOfKey));
      network.mine({
        logs: [
          { ...real, address: `0x${"77".repeat(20)}` },
          { ...real, topics: [`0x${"77".repeat(32)}`, ...real.topics.slice(1)] },
        ],
      });
      network.mine();
      network.mine({ sealers: keys("a", "b", "c") });
      for (const block of [1, 2, 3]) {
        const claim = { ...real, blockNumber: `0x${block}` };
        const chain = new SealedChain(network.trust);
        const ask = lying(network, { eth_getLogs: () => [claim] });
        expect(await refusal(chain.header(ask, 4))).to.match(/is not in block/);
        expect(chain.set.epoch).to.equal(0);
      }
    });

    it("forged receipts for a change", async () => {
      const network = new SealedNetwork();
      network.mine({ validators: keys(5, 6, 7, 8) });
      network.mine();
      const forged = changeLog(1, keys("a", "b", "c", "d").map(addressOfKey));
      const ask = lying(network, {
        eth_getBlockReceipts: async (params) => {
          const [receipt] = (await network.ask("eth_getBlockReceipts", params)) as Record<string, unknown>[];
          return [{ ...receipt, logs: [forged] }];
        },
      });
      expect(await refusal(new SealedChain(network.trust).header(ask, 2))).to.match(/not those of the header/);
    });

    it("a change that skips or repeats an epoch, has a wrong hash or an impossible set, or comes twice in a block", async () => {
      const next = keys(5, 6, 7, 8).map(addressOfKey);
      const plans = [
        [changeLog(2, next)],
        [changeLog(0, next)],
        [changeLog(1, next, { setHash: `0x${"00".repeat(32)}` })],
        [changeLog(1, [])],
        [changeLog(1, [...next, next[0] as string])],
        [changeLog(1, next), changeLog(2, next.slice(0, 3))],
        [{ ...changeLog(1, next), data: changeLog(1, next).data.slice(0, -64) }],
        [{ ...changeLog(1, next), data: `${changeLog(1, next).data}00` }],
        [{ ...changeLog(1, next), topics: changeLog(1, next).topics.slice(0, 1) }],
      ];
      for (const logs of plans) {
        const network = new SealedNetwork();
        network.mine({ logs });
        network.mine({ sealers: keys(5, 6, 7) });
        const chain = new SealedChain(network.trust);
        await refusal(chain.header(network.ask, 2));
        expect(chain.set.epoch).to.equal(0);
      }
    });

    it("a relay that hides a change: its headers are not believed, and another relay mends it", async () => {
      const network = new SealedNetwork();
      network.mine({ validators: keys(5, 6, 7, 8) });
      network.mineTo(9);
      const chain = new SealedChain(network.trust);
      await refusal(chain.header(lying(network, { eth_getLogs: () => [] }), 9));
      await chain.header(network.ask, 9);
      expect(chain.set.epoch).to.equal(1);
    });

    it("to call its set the newest where the state says otherwise, though the old validators' seals are enough", async () => {
      const network = new SealedNetwork();
      network.mineTo(3);
      network.mine({ validators: keys(1, 2, 3, 4, 5) });
      network.mineTo(8);
      const chain = new SealedChain(network.trust);
      // Four of the five are those of before: nothing is wrong with the seals.
      const header = await chain.header(network.ask, 8);
      expect(chain.set.epoch).to.equal(0);
      const error = await chain.confirmSet(lying(network, { eth_getLogs: () => [] }), header).catch((one) => one);
      expect(error).to.be.instanceOf(WithheldError);
      const forged = lying(network, {
        eth_getProof: ([address, slots]) => network.ask("eth_getProof", [address, slots, "0x3"]),
      });
      await refusal(chain.confirmSet(forged, header));
      await chain.confirmSet(network.ask, header);
      expect(chain.set.epoch).to.equal(1);
      await chain.confirmSet(lying(network, { eth_getLogs: () => [] }), header);
      // Also in the block of a change, whose state names the next set.
      await chain.confirmSet(network.ask, await chain.header(network.ask, 4));
      await chain.confirmSet(network.ask, await chain.header(network.ask, 3));
    });

    it("answers that are no logs, or logs of impossible heights", async () => {
      const network = new SealedNetwork();
      network.mineTo(3);
      network.mine({ sealers: keys("a", "b", "c") });
      for (const answer of [null, {}, "0x", [null], [{}], [{ blockNumber: "0xffff" }], [{ blockNumber: "-1" }], [7]]) {
        await refusal(new SealedChain(network.trust).header(lying(network, { eth_getLogs: () => answer }), 4));
      }
    });

    it("a relay of another network", async () => {
      const network = new SealedNetwork();
      const chain = new SealedChain(network.trust);
      const other = new SealedNetwork({ validators: keys(1, 2, 3, 9) });
      await refusal(chain.checkNetwork(other.ask), "chain.wrong");
      await refusal(chain.checkNetwork(new SealedNetwork({ chainId: 5 }).ask), "chain.wrong");
      for (const id of [null, 5, "0x", "x"]) {
        await refusal(chain.checkNetwork(lying(network, { eth_chainId: () => id })), "chain.wrong");
      }
    });
  });

  describe("that begins with a checkpoint", () => {
    async function fromCheckpoint(network: SealedNetwork, number: number) {
      const set = { epoch: network.epoch, changedBlock: number, validators: network.validators.map(addressOfKey) };
      const trust: SealedTrust = {
        ...{ mode: "sealed", chainId: BigInt(network.chainId), set },
        anchor: { number, hash: network.block(number).hash },
      };
      return new SealedChain(trust);
    }

    it("believes what comes after it, and follows changes from there", async () => {
      const network = new SealedNetwork();
      network.mine({ validators: keys(5, 6, 7, 8) });
      network.mineTo(10);
      const chain = await fromCheckpoint(network, 10);
      network.mineTo(15);
      network.mine({ validators: keys(9, 10, 11, 12) });
      network.mineTo(20);
      await chain.checkNetwork(network.ask);
      await chain.header(network.ask, 20);
      expect(chain.set.epoch).to.equal(2);
      await chain.header(network.ask, 10);
    });

    it("says that it can not judge what came before", async () => {
      const network = new SealedNetwork();
      network.mineTo(20);
      const chain = await fromCheckpoint(network, 10);
      expect(await refusal(chain.header(network.ask, 9), "proof.unavailable")).to.match(/before the trusted start/);
    });

    it("refuses another block at its height", async () => {
      const network = new SealedNetwork();
      network.mineTo(9);
      const twin = network.twin();
      network.mineTo(12);
      twin.mine({ round: 2, logs: [{ address: `0x${"11".repeat(20)}`, topics: [], data: "0x" }] });
      const chain = await fromCheckpoint(network, 10);
      await refusal(chain.checkNetwork(twin.ask), "chain.wrong");
      expect(await refusal(chain.header(twin.ask, 10))).to.match(/than the trusted one/);
    });
  });

  describe("of recorded blocks", () => {
    const { trust, registry, ask } = recordedNetwork;

    it("believes every block and follows 4, 5, 3 and 5 validators", async () => {
      const chain = new SealedChain(trust, registry);
      await chain.checkNetwork(ask);
      await chain.header(ask, 48);
      expect(chain.set).to.deep.equal({ epoch: 2, changedBlock: 47, validators: recordedValidators(48) });
      for (const number of [0, ...CONTRACT_MODE_BLOCKS]) await chain.header(ask, number);
      expect(chain.set).to.deep.equal({ epoch: 3, changedBlock: 52, validators: recordedValidators(57) });
    });

    it("takes the block as another node has it, with other seals", async () => {
      const chain = new SealedChain(trust, registry);
      await chain.header(ask, 42);
      await chain.accept(ask, headerFromRpc(contractModeBlock("42-other-node")));
    });

    it("does not get past a change that is hidden, or shown at another block", async () => {
      for (const shown of [[], [42], [47], [43]]) {
        const chain = new SealedChain(trust, registry);
        const hiding: Ask = async (method, params) =>
          method === "eth_getLogs"
            ? shown.map((number) => ({ blockNumber: `0x${number.toString(16)}` }))
            : ask(method, params);
        await expectRefusal(chain.header(hiding, 48));
      }
    });

    /** Whatever is missing of the recording is a refusal as well: nothing is believed. */
    async function expectRefusal(promise: Promise<unknown>): Promise<void> {
      const failed = await promise.then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
    }
  });
});
