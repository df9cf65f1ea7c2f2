import { expect } from "chai";
import { BropError } from "../../../src/core/errors.ts";
import { FakeRelay } from "../../support/fake-relay.ts";
import { endingOperation, inBlock, provenEnds } from "../../support/proven-ends.ts";
import { SealedNetwork } from "../../support/sealed-network.ts";

describe("ends of operations from a relay that is silent", () => {
  let network: SealedNetwork;

  beforeEach(() => {
    network = new SealedNetwork();
    network.mineTo(5);
  });

  const honest = (name = "honest") => new FakeRelay(name, network);

  it("goes to another when it does not answer, tells of it once, and again after it has answered", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[inBlock(one)]] });
    let isDown = true;
    const down = new FakeRelay("down", network);
    for (const method of ["eth_chainId", "eth_blockNumber"]) {
      down.lies[method] = (params) => {
        if (isDown) throw new BropError("chain.unreachable", { reason: "ECONNREFUSED" });
        return network.ask(method, params);
      };
    }
    const { ends, kinds, clock } = provenEnds(network, [down, honest()]);
    expect((await ends.find([one])).get(one.hash)?.state).to.equal("included");
    for (let at = 0; at < 3; at++) await ends.find([endingOperation(30)]);
    clock.advance(60_000);
    network.mine();
    await ends.find([endingOperation(30)]);
    expect(kinds()).to.deep.equal(["down silent"]);
    isDown = false;
    network.mineTo(20);
    await ends.find([endingOperation(15)]);
    await ends.find([endingOperation(16)]);
    isDown = true;
    await ends.find([endingOperation(17)]);
    await ends.find([endingOperation(18)]);
    expect(kinds().length).to.be.within(1, 2);
  });

  it("goes to another when its chain stands still, however truly it is sealed", async () => {
    const old = network.twin();
    const one = endingOperation(8);
    const stopped = new FakeRelay("stopped", old);
    const { ends, kinds, clock } = provenEnds(network, [stopped, honest()]);
    expect((await ends.find([one])).size).to.equal(0);
    network.mineTo(10);
    clock.advance(20_000);
    expect((await ends.find([one])).size).to.equal(0);
    expect(kinds()).to.deep.equal([]);
    clock.advance(20_000);
    expect((await ends.find([one])).get(one.hash)?.state).to.equal("expired");
    expect(kinds()).to.deep.equal(["stopped silent"]);
  });

  it("goes to another when one answers each question, and too late to get anywhere", async () => {
    const one = endingOperation(20);
    network.mine({ bundles: [[inBlock(one)]] });
    let answer: (value: unknown) => void = () => undefined;
    const slow = new FakeRelay("slow", network, { eth_getLogs: () => new Promise((resolve) => (answer = resolve)) });
    const { ends, kinds, clock } = provenEnds(network, [slow, honest()]);
    const found = ends.find([one]);
    while (!slow.asked.includes("eth_getLogs")) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    expect((await found).get(one.hash)?.state).to.equal("included");
    expect(kinds()).to.deep.equal(["slow silent"]);
    answer([]);
  });

  it("blames nobody when the whole network stands still", async () => {
    const { ends, kinds, clock } = provenEnds(network, [honest("one"), honest("two")]);
    for (let at = 0; at < 5; at++) {
      await ends.find([endingOperation(20)]);
      clock.advance(60_000);
    }
    expect(kinds()).to.deep.equal([]);
  });

  it("needs one honest relay among many", async () => {
    const included = endingOperation(8);
    const expired = endingOperation(8);
    network.mine({ bundles: [[inBlock(included)]] });
    network.mineTo(10);
    const refuse = () => {
      throw new BropError("chain.unreachable", { reason: "down" });
    };
    const relays = [
      new FakeRelay("dead", network, { eth_blockNumber: refuse, eth_chainId: refuse }),
      new FakeRelay("blind", network, { eth_getLogs: () => [] }),
      new FakeRelay("forger", network, { eth_getProof: () => ({ accountProof: [], storageProof: [] }) }),
      new FakeRelay("foreign", new SealedNetwork({ chainId: 7 })),
      honest(),
    ];
    const { ends, kinds } = provenEnds(network, relays);
    const found = await ends.find([included, expired]);
    expect(found.get(included.hash)?.state).to.equal("included");
    expect(found.get(expired.hash)?.state).to.equal("expired");
    expect(kinds()).to.include.members(["dead silent", "blind withheld"]);
    expect(kinds().some((kind) => kind.startsWith("honest"))).to.equal(false);
  });
});
