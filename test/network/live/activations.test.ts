import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { consortiumOf, entry } from "../support/consortium-file.ts";
import { type LiveNetwork, liveNetwork, liveObstacle, until } from "../support/live-network.ts";
import { CREATION, refusal, send } from "../support/send.ts";

const MINUTES = 60_000;
/** Block from which the network applies the rules; before it anybody creates contracts. */
const FIRST = 30;
const obstacle = liveObstacle();

describe("a rule that a network applies from a later block on", function () {
  this.timeout(15 * MINUTES);
  let network: LiveNetwork;
  let creation: string;
  let createdIn: number;
  const stranger = Wallet.createRandom();

  before(async function () {
    if (obstacle !== undefined) {
      console.log(`    ${obstacle}`);
      this.skip();
    }
    const content = consortiumOf(1);
    content.network.activations = { creation: FIRST, admission: FIRST };
    content.fullNodes.push(entry("late", 61));
    network = await liveNetwork(content);
    network.node("validator-1").start();
    await network.node("validator-1").reaches(1);
  });
  after(() => network?.close());

  it("refuses nothing before it", async () => {
    const node = network.node("validator-1");
    creation = await send(node, stranger, { data: CREATION });
    await until("the creation", async () => (await node.provider.getTransactionReceipt(creation)) !== null);
    createdIn = (await node.provider.getTransactionReceipt(creation))?.blockNumber ?? 0;
    expect(createdIn).to.be.lessThan(FIRST);
  });

  it("holds from its block on", async () => {
    const node = network.node("validator-1");
    await node.reaches(FIRST);
    expect(await refusal(node, stranger, { data: CREATION })).to.match(/deployment\.refused/);
  });

  it("lets a new node accept the history from before it", async () => {
    const node = network.node("partner");
    node.start();
    await node.reaches(FIRST + 2);
    expect(await node.provider.getTransactionCount(stranger.address)).to.equal(1);
    expect(await refusal(node, stranger, { data: CREATION })).to.match(/deployment\.refused/);
  });

  it("is why all nodes need the same activations: one without them stops at the first block that breaks its rules", async () => {
    const node = network.node("late");
    node.edit("config/besu.toml", (text) => text.replace(/^plugin-brop-activations = .*$/m, ""));
    node.start();
    await until("the node", async () => (await node.height()) >= 0);
    await until("its peer", async () => Number(await node.provider.send("net_peerCount", [])) > 0);
    const reason = new RegExp(`transaction invalid .*Transaction ${creation}`);
    await until("its refusal", async () => reason.test(node.log()));
    await sleep(5_000);
    expect(await node.height()).to.equal(createdIn - 1);
  });
});
