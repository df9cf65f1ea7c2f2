import { expect } from "chai";
import { Interface, Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { deploy } from "../../../scripts/deployment/deploy.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { consortiumOf } from "../support/consortium-file.ts";
import { type LiveNetwork, liveNetwork, liveObstacle, until } from "../support/live-network.ts";
import { exhaustingBundle, modestBundle, openAccount } from "../support/quota-account.ts";
import { CREATION, refusal, send } from "../support/send.ts";

const MINUTES = 60_000;
const obstacle = liveObstacle();

/** Four validators, a partner's node and an access node; the last validator later loses the plugin. */
describe("network rules on real nodes", function () {
  this.timeout(15 * MINUTES);
  let network: LiveNetwork;
  let operator: Wallet;
  let relay: Wallet;
  let chainId: number;
  const stranger = Wallet.createRandom();
  const other = Wallet.createRandom();

  before(async function () {
    if (obstacle !== undefined) {
      console.log(`    ${obstacle}`);
      this.skip();
    }
    const content = consortiumOf(4);
    chainId = Number(content.network.chainId);
    network = await liveNetwork(content);
    for (const node of network.nodes()) node.start();
    for (const node of network.nodes()) await node.reaches(2);
    operator = await network.operator();
    relay = await network.holder("access-1", "services/keys", "relay-1");
  });
  after(() => network?.close());

  it("are said alike by every node", async () => {
    const answers = await Promise.all(network.nodes().map((node) => node.provider.send("brop_rules", [])));
    for (const { rules } of answers) expect(rules).to.deep.equal(answers[0].rules);
    expect(answers[0].rules.map(({ rule }: { rule: string }) => rule)).to.deep.equal([
      "types",
      "creation",
      "admission",
      "allowance",
      "quota",
    ]);
  });

  it("refuse a creation that is not the operator's at every node, in words", async () => {
    for (const node of network.nodes()) {
      expect(await refusal(node, stranger, { data: CREATION })).to.match(/deployment\.refused: only the operator/);
      expect(await refusal(node, relay, { data: CREATION })).to.match(/deployment\.refused/);
    }
  });

  it("refuse who is not admitted, and what a relay may not call", async () => {
    for (const node of network.nodes()) {
      expect(await refusal(node, stranger, { to: SYSTEM_ADDRESSES.Council })).to.match(/sender\.not-admitted/);
      expect(await refusal(node, relay, { to: SYSTEM_ADDRESSES.Council })).to.match(/sender\.target-refused/);
      const deposit = new Interface(abi.EntryPoint).encodeFunctionData("depositTo", [relay.address]);
      expect(await refusal(node, relay, { to: SYSTEM_ADDRESSES.EntryPoint, data: deposit })).to.match(
        /sender\.target-refused: a relay may call only EntryPoint\.handleOps/,
      );
    }
  });

  it("refuse EIP-7702 transactions even from the operator", async () => {
    const authorization = await operator.authorize({ address: SYSTEM_ADDRESSES.Quota, chainId, nonce: 1 });
    const transaction = { type: 4, to: operator.address, authorizationList: [authorization] };
    for (const node of network.nodes()) {
      expect(await refusal(node, operator, transaction)).to.match(/transaction\.type-refused/);
    }
  });

  it("let the operator deploy", async () => {
    const { provider } = network.node("partner");
    const { addresses } = await deploy(operator.connect(provider));
    for (const node of network.nodes()) {
      await until("the contracts", async () => (await node.provider.getCode(addresses.Records as string)) !== "0x");
    }
  });

  it("count direct transactions: a node tells what is left of an allowance", async () => {
    const before = await network.node("partner").provider.send("brop_admission", [operator.address]);
    expect(before.kind).to.equal("operator");
    expect(before.used).to.equal(await network.node("partner").provider.getTransactionCount(operator.address));
    expect(before.left).to.equal(before.allowance - before.used);
  });

  it("refuse the transaction that goes beyond the sender's allowance, by its nonce", async () => {
    const seat = await network.holder("validator-1", "keys", "validator-1-seat");
    const node = network.node("validator-1");
    const { allowance, used } = await node.provider.send("brop_admission", [seat.address]);
    expect(used).to.equal(0);
    const transaction = { to: SYSTEM_ADDRESSES.Council };
    expect(await refusal(node, seat, { ...transaction, nonce: allowance })).to.match(/sender\.allowance-exhausted/);
    expect(await refusal(node, seat, { ...transaction, nonce: allowance - 1 })).to.equal("accepted");
  });

  it("leave out a bundle whose operation has no points, and take the relay's next one", async () => {
    const { provider } = network.node("access-1");
    const account = await openAccount(operator.connect(provider), chainId);
    const quota = await provider.send("brop_quota", [account.address]);
    expect(quota.points).to.be.greaterThan(0);

    const nonce = await provider.getTransactionCount(relay.address);
    const bundle = { to: SYSTEM_ADDRESSES.EntryPoint, gasLimit: 8_000_000, nonce };
    const left = await send(network.node("access-1"), relay, {
      ...bundle,
      data: await exhaustingBundle(account, relay),
    });
    const start = await network.node("access-1").height();
    await network.node("access-1").reaches(start + 6);
    expect(await provider.send("eth_getTransactionReceipt", [left])).to.equal(null);
    expect(await provider.getTransactionCount(relay.address)).to.equal(nonce);
    const logs = ["validator-1", "validator-2", "validator-3", "validator-4"].map((name) => network.node(name).log());
    expect(
      logs.filter((log) => log.includes(`Left out bundle ${left}: quota.exhausted: operation 0`)),
    ).not.to.deep.equal([]);

    const taken = await send(network.node("access-1"), relay, { ...bundle, data: await modestBundle(account, relay) });
    const receipt = await provider.waitForTransaction(taken, 1, 60_000);
    expect(receipt?.status).to.equal(1);
    expect((await provider.send("brop_quota", [account.address])).used).to.be.greaterThan(quota.used);
  });

  it("recover the seals of a quorum from every block", async () => {
    const node = network.node("partner");
    const height = await node.height();
    for (let block = 1; block <= height; block++) {
      const { seals, quorum, validators, hash } = await node.provider.send("brop_seals", [block]);
      expect(validators).to.have.lengthOf(4);
      expect(quorum).to.equal(3);
      expect(seals.length, `block ${block}`).to.be.at.least(quorum);
      expect(seals.every(({ validator }: { validator: boolean }) => validator)).to.equal(true);
      expect(hash).to.equal((await node.provider.getBlock(block))?.hash);
    }
  });

  it("reject the blocks of a validator without the plugin, while the chain goes on", async () => {
    const rogue = network.node("validator-4");
    rogue.stop();
    rogue.edit("config/besu.toml", (text) => text.replace(/^plugins = .*$/m, "").replaceAll(/,\s*"BROP"/g, ""));
    rogue.edit("node.env", (text) => `${text}BESU_OPTS=-Dbesu.plugins.dir=none\n`);
    rogue.edit("bin/start", (text) => text.replace(/^BESU_OPTS=.*$/m, 'BESU_OPTS="-Dbesu.plugins.dir=none"'));
    rogue.start();
    const { provider } = network.node("validator-1");
    await rogue.reaches(await network.node("validator-1").height());

    // Its pool opens when it has caught up with the others.
    const call = { to: SYSTEM_ADDRESSES.Council, nonce: 0 };
    await until("the pool", async () => (await refusal(rogue, other, call)) === "accepted");
    const creation = await send(rogue, stranger, { data: CREATION, nonce: 0 });
    const start = await network.node("validator-1").height();
    await network.node("validator-1").reaches(start + 9);
    for (const node of network.nodes()) {
      expect(await node.provider.getTransactionCount(stranger.address)).to.equal(0);
      expect(await node.provider.getTransactionCount(other.address)).to.equal(0);
    }
    // The rogue still has both transactions and proposes them at each of its turns.
    expect(await rogue.provider.send("eth_getTransactionByHash", [creation])).not.to.equal(null);
    const miners = new Set<string>();
    for (let block = start + 1; block <= start + 9; block++) miners.add((await provider.getBlock(block))?.miner ?? "");
    expect(miners.size).to.equal(3);
    const rounds = await Promise.all(
      Array.from({ length: 9 }, (_, at) => provider.send("brop_seals", [start + 1 + at])),
    );
    expect(Math.max(...rounds.map(({ round }) => round)), "a round change at the rogue's turn").to.be.greaterThan(0);
    for (const { number, seals } of rounds) {
      const entitled = seals.map(({ validator }: { validator: boolean }) => validator);
      expect(entitled, `seals of block ${number}`).not.to.include(false);
    }
    const others = ["validator-1", "validator-2", "validator-3"].map((name) => network.node(name).log());
    const reason = new RegExp(`transaction invalid Sender (?:${stranger.address}|${other.address})`, "i");
    for (const log of others) expect(reason.test(log), "the others say why").to.equal(true);
  });
});
