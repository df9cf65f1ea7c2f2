import { expect } from "chai";
import { id } from "ethers";
import { nonceSlot } from "../../../src/chain/operation-end/nonce-slot.ts";
import type { EndingOperation } from "../../../src/chain/operation-end/operation-ends.ts";
import { FakeRelay } from "../../support/fake-relay.ts";
import { endingOperation, inBlock, provenEnds } from "../../support/proven-ends.ts";
import { validatorKey } from "../../support/sealed-block.ts";
import { SealedNetwork } from "../../support/sealed-network.ts";

const strangers = ["a", "b", "c"].map(validatorKey);

describe("ends of operations from a relay that lies", () => {
  let network: SealedNetwork;

  beforeEach(() => {
    network = new SealedNetwork();
    network.mineTo(5);
  });

  const honest = (name = "honest") => new FakeRelay(name, network);

  /** What the liar says beside what is true, and that nothing of it is believed. */
  async function findOut(one: EndingOperation, liar: FakeRelay, expected: string | undefined, kind = "lied") {
    const { ends, kinds, relays } = provenEnds(network, [liar, honest()]);
    const end = (await ends.find([one])).get(one.hash);
    expect(end?.state).to.equal(expected);
    expect(kinds()).to.deep.equal([`liar ${kind}`]);
    if (kind === "lied") {
      expect(relays.isExcluded(liar)).to.equal(true);
      liar.asked.length = 0;
      await ends.find([endingOperation(50)]);
      expect(liar.asked, "asked again").to.deep.equal([]);
    }
    return end;
  }

  /** A second history in which an operation is included, sealed by whom the liar has. */
  function forge(one: EndingOperation, sealers = strangers): SealedNetwork {
    const twin = network.twin();
    twin.mine({ bundles: [[inBlock(one)]], sealers });
    return twin;
  }

  it("false receipt: a made-up block, sealed by strangers", async () => {
    const one = endingOperation(20);
    const twin = forge(one);
    network.mine();
    await findOut(one, new FakeRelay("liar", twin), undefined);
  });

  it("false receipt: a made-up block, sealed by too few, or not at all", async () => {
    for (const sealers of [[], [1, 2].map(validatorKey), [1, 1, 2].map(validatorKey)]) {
      const one = endingOperation(20);
      await findOut(one, new FakeRelay("liar", forge(one, sealers)), undefined);
    }
  });

  it("false receipt: true headers, made-up receipts and logs", async () => {
    const one = endingOperation(20);
    const twin = forge(one);
    network.mine();
    const liar = new FakeRelay("liar", network, {
      eth_getLogs: (params) => twin.ask("eth_getLogs", params),
      eth_getBlockReceipts: (params) => twin.ask("eth_getBlockReceipts", params),
    });
    await findOut(one, liar, undefined);
  });

  it("false receipt: a log that is in no block", async () => {
    const one = endingOperation(20);
    const twin = forge(one);
    network.mine();
    const liar = new FakeRelay("liar", network, { eth_getLogs: (params) => twin.ask("eth_getLogs", params) });
    await findOut(one, liar, undefined);
  });

  it("false receipt: true receipts with success and failure exchanged, gas changed, or logs added", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[{ ...inBlock(one), success: false }]] });
    type Log = { data: string };
    const changes: ((log: Log) => Log)[] = [
      (log) => ({ ...log, data: log.data.replace(/^(0x.{64})0{64}/, `$1${"0".repeat(63)}1`) }),
      (log) => ({ ...log, data: log.data.replace(/5208$/, "5209") }),
      (log) => ({ ...log, data: `${log.data}00` }),
    ];
    for (const change of changes) {
      const liar = new FakeRelay("liar", network, {
        eth_getBlockReceipts: async (params) => {
          const receipts = (await network.ask("eth_getBlockReceipts", params)) as { logs: Log[] }[];
          return receipts.map((receipt) => ({ ...receipt, logs: receipt.logs.map(change) }));
        },
      });
      const end = await findOut(one, liar, "included");
      expect(end?.state === "included" && end.success).to.equal(false);
    }
  });

  it("false receipt: true receipts under another transaction's hash", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[inBlock(one)]] });
    const liar = new FakeRelay("liar", network, {
      eth_getBlockByNumber: async (params) => {
        const block = (await network.ask("eth_getBlockByNumber", params)) as { transactions: object[] };
        if (params[1] !== true) return block;
        return { ...block, transactions: block.transactions.map((some) => ({ ...some, input: "0x1234" })) };
      },
    });
    await findOut(one, liar, "included");
  });

  it("what it says the hashes and places are is not even read", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[inBlock(one)]] });
    const wrong = {
      blockHash: id("x"),
      transactionHash: id("y"),
      blockNumber: "0x1",
      hash: id("z"),
      logIndex: "0x99",
    };
    const relay = new FakeRelay("confused", network, {
      eth_getBlockReceipts: async (params) => {
        const receipts = (await network.ask("eth_getBlockReceipts", params)) as { logs: object[] }[];
        return receipts.map((some) => ({ ...some, ...wrong, logs: some.logs.map((log) => ({ ...log, ...wrong })) }));
      },
    });
    const { ends } = provenEnds(network, [relay]);
    const end = (await ends.find([one])).get(one.hash);
    if (end?.state !== "included") throw new Error("It was not found");
    expect(end.block).to.equal(6);
    expect(end.receipt.logs.every((log) => Number(log.blockNumber) === 6)).to.equal(true);
    expect(end.transactionHash).not.to.equal(id("y"));
  });

  it("false expired, then late inclusion: a header of the future that nobody sealed", async () => {
    const one = endingOperation(8);
    const twin = network.twin();
    for (let number = 6; number <= 12; number++) twin.mine({ sealers: strangers });
    const liar = new FakeRelay("liar", twin);
    const { ends, kinds } = provenEnds(network, [liar, honest()]);
    expect((await ends.find([one])).size).to.equal(0);
    expect(kinds()).to.deep.equal(["liar lied"]);
    // It is included after all, and that is what counts.
    network.mineTo(7);
    network.mine({ bundles: [[inBlock(one)]] });
    network.mineTo(12);
    expect((await ends.find([one])).get(one.hash)).to.include({ state: "included", block: 8 });
  });

  it("false expired: hides the inclusion, and shows the state of a block before it", async () => {
    const one = endingOperation(8);
    network.mineTo(7);
    network.mine({ bundles: [[inBlock(one)]] });
    network.mineTo(10);
    const liar = new FakeRelay("liar", network, {
      eth_getLogs: () => [],
      eth_getProof: ([address, slots, tag]) =>
        network.ask("eth_getProof", [address, slots, address === one.sender ? tag : "0x7"]),
    });
    await findOut(one, liar, "included");
  });

  it("false expired: a proof of another serial, of another contract, without nodes, or none", async () => {
    const one = endingOperation(8);
    const unused = endingOperation(8);
    const many = Array.from({ length: 40 }, () => endingOperation(8));
    network.mine({ bundles: [[one, ...many].map(inBlock)] });
    network.mineTo(10);
    const entryPoint = "0x4337084d9e255ff0702461cf8895ce9e3b5ff108";
    const other = nonceSlot(unused.sender, unused.nonce >> 64n);
    type Proof = { accountProof: string[]; storageProof: { proof: string[] }[] };
    const proofs: ((params: readonly unknown[]) => Promise<unknown>)[] = [
      ([address, , tag]) => network.ask("eth_getProof", [address, [other], tag]),
      ([, slots, tag]) => network.ask("eth_getProof", ["0x000000000000000000000000000000000000b006", slots, tag]),
      async (params) => ({
        ...((await network.ask("eth_getProof", params)) as Proof),
        storageProof: [{ proof: [] }],
      }),
      async (params) => ({ ...((await network.ask("eth_getProof", params)) as Proof), accountProof: [] }),
      async () => ({ accountProof: [], storageProof: [] }),
      async () => null,
      async () => "0x0",
    ];
    for (const proof of proofs) {
      const liar = new FakeRelay("liar", network, {
        eth_getLogs: () => [],
        eth_getProof: (params) =>
          String(params[0]).toLowerCase() === entryPoint ? proof(params) : network.ask("eth_getProof", params),
      });
      await findOut(one, liar, "included");
    }
  });

  it("shows an inclusion in a true block where it is not, for a serial that is used", async () => {
    const one = endingOperation(8);
    network.mine({ bundles: [[inBlock(one)]] });
    network.mineTo(10);
    const liar = new FakeRelay("liar", network, {
      eth_getLogs: async ([filter]) => {
        const { topics } = filter as { topics: unknown[] };
        if (topics.length < 3) return [];
        const logs = (await network.ask("eth_getLogs", [filter])) as object[];
        return logs.map((log) => ({ ...log, blockNumber: "0x7" }));
      },
    });
    await findOut(one, liar, "included");
  });

  it("hides an inclusion, and is found out by its own proof of the state", async () => {
    const one = endingOperation(8);
    network.mine({ bundles: [[inBlock(one)]] });
    network.mineTo(10);
    await findOut(one, new FakeRelay("liar", network, { eth_getLogs: () => [] }), "included", "withheld");
  });

  it("hides an inclusion before the deadline, and is found out when patience ends", async () => {
    const one = endingOperation(50);
    network.mine({ bundles: [[inBlock(one)]] });
    const { ends, kinds } = provenEnds(network, [new FakeRelay("liar", network, { eth_getLogs: () => [] }), honest()]);
    expect((await ends.find([one])).size).to.equal(0);
    network.mineTo(9);
    expect((await ends.find([one])).size).to.equal(0);
    network.mineTo(10);
    expect((await ends.find([one])).get(one.hash)?.state).to.equal("included");
    expect(kinds()).to.deep.equal(["liar withheld"]);
  });

  it("says that it is a block ahead, or of another network, or answers nonsense", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[inBlock(one)]] });
    const other = new SealedNetwork({ validators: strangers });
    other.mineTo(9);
    await findOut(one, new FakeRelay("liar", other), "included");
    await findOut(one, new FakeRelay("liar", network, { eth_blockNumber: () => "0xffff" }), "included", "silent");
    for (const [method, answers] of Object.entries({
      eth_blockNumber: [null, {}, "", "0x", "latest", 7, "0x1fffffffffffff0000", "-0x1"],
      eth_getBlockByNumber: [{}, [], "0x", 7, { number: "0x6" }],
      eth_getBlockReceipts: [null, {}, "0x", [null], [{}], []],
      eth_getLogs: [[{ topics: [null, one.hash] }], [{ topics: [null, one.hash], blockNumber: {} }]],
      eth_getProof: [null, {}, [], "0x"],
    })) {
      for (const answer of answers) {
        await findOut(one, new FakeRelay("liar", network, { [method]: () => answer }), "included");
      }
    }
  });

  it("answers logs that are no logs: that says nothing", async () => {
    const one = endingOperation(8);
    network.mineTo(10);
    for (const answer of [null, {}, "0x", 7, [null], [7], [{}], [{ topics: "x" }], [{ topics: [] }]]) {
      const { ends } = provenEnds(network, [new FakeRelay("liar", network, { eth_getLogs: () => answer })]);
      expect((await ends.find([one])).get(one.hash)?.state).to.equal("expired");
    }
  });

  it("hides a change of validators", async () => {
    const one = endingOperation(30);
    network.mine({ validators: [4, 5, 6, 7].map(validatorKey) });
    network.mine({ bundles: [[inBlock(one)]] });
    await findOut(one, new FakeRelay("liar", network, { eth_getLogs: () => [] }), "included");
    // One new validator among the old ones: all seals are those of the known set.
    const second = new SealedNetwork();
    second.mine({ validators: [1, 2, 3, 4, 5].map(validatorKey) });
    second.mineTo(4);
    const { ends, kinds } = provenEnds(second, [
      new FakeRelay("liar", second, { eth_getLogs: () => [] }),
      new FakeRelay("honest", second),
    ]);
    await ends.find([endingOperation(20)]);
    expect(kinds()).to.deep.equal(["liar withheld"]);
  });

  it("among liars only, nothing ends, and nobody is asked again", async () => {
    const one = endingOperation(8);
    network.mineTo(10);
    const lie = () => ({ accountProof: [], storageProof: [] });
    const liars = ["first", "second"].map((name) => new FakeRelay(name, network, { eth_getProof: lie }));
    const { ends, kinds } = provenEnds(network, liars);
    expect((await ends.find([one])).size).to.equal(0);
    expect(kinds()).to.deep.equal(["first lied", "second lied"]);
    for (const liar of liars) liar.asked.length = 0;
    expect((await ends.find([one])).size).to.equal(0);
    expect(liars.flatMap(({ asked }) => asked)).to.deep.equal([]);
  });
});
