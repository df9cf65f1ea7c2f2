import { expect } from "chai";
import { Interface, Transaction, Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { deploy } from "../../../scripts/deployment/deploy.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { blobTransaction } from "../support/blob.ts";
import { consortiumOf } from "../support/consortium-file.ts";
import { type LiveNetwork, liveNetwork, liveObstacle, until } from "../support/live-network.ts";
import { exhaustingBundle, modestBundle, openAccount } from "../support/quota-account.ts";
import { CREATION, refusal, refusalOf, send } from "../support/send.ts";

const MINUTES = 60_000;
const obstacle = liveObstacle();

/** Four validators, a partner's node and an access node; the last validator later loses the plugin. */
describe("network rules on real nodes", function () {
  this.timeout(15 * MINUTES);
  let network: LiveNetwork;
  let operator: Wallet;
  let relay: Wallet;
  let chainId: number;
  const stranger = new Wallet(Wallet.createRandom().privateKey);
  const other = new Wallet(Wallet.createRandom().privateKey);

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

  it("refuse blobs even from the operator", async () => {
    const raw = await blobTransaction(operator, SYSTEM_ADDRESSES.Council, chainId, 0);
    for (const node of network.nodes()) {
      expect(await refusalOf(node.provider.send("eth_sendRawTransaction", [raw]))).to.match(
        /transaction\.type-refused: transactions of type 3/,
      );
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

  it("reject the blocks of a validator without the plugin, whatever they hold, while the chain goes on", async () => {
    const rogue = network.node("validator-4");
    const honest = ["validator-1", "validator-2", "validator-3"].map((name) => network.node(name));
    const { provider } = network.node("validator-1");
    rogue.stop();
    rogue.edit("config/besu.toml", (text) =>
      text
        .replace(/^plugins = .*$/m, "")
        .replaceAll(/,\s*"BROP"/g, "")
        // It also tries to make the blocks of all others smaller.
        .replace(/^target-gas-limit = .*$/m, "target-gas-limit = 5000"),
    );
    rogue.edit("bin/start", (text) => text.replace(/^BESU_OPTS=.*$/m, 'BESU_OPTS="-Dbesu.plugins.dir=none"'));
    rogue.start();
    await rogue.reaches(await network.node("validator-1").height());
    const start = await network.node("validator-1").height();

    // Its pool opens when it has caught up with the others.
    const call = { to: SYSTEM_ADDRESSES.Council, nonce: 0 };
    await until("the pool", async () => (await refusal(rogue, other, call)) === "accepted");
    const { address } = other;
    const authorization = await stranger.authorize({ address: SYSTEM_ADDRESSES.Quota, chainId, nonce: 5 });
    const fields = { to: SYSTEM_ADDRESSES.Council, authorizationList: [authorization], nonce: 0 };
    // Of one sender with one nonce: each takes the place of the one before, and stands in the next block alone.
    const forbidden: Record<string, () => Promise<string>> = {
      "a call of a stranger": () => send(rogue, other, { ...call, data: "0x01" }),
      "a creation": () => send(rogue, other, { data: CREATION, nonce: 0 }),
      "a set-code transaction": () => send(rogue, other, { type: 4, ...fields }),
    };
    for (const [what, hand] of Object.entries(forbidden)) {
      const hash = await hand();
      const reason = new RegExp(`transaction invalid .*${hash}`, "i");
      await until(`the refusal of ${what} by all others`, async () => honest.every((node) => reason.test(node.log())));
      // The rogue still has it and proposes it at each of its turns.
      expect(await rogue.provider.send("eth_getTransactionByHash", [hash]), what).not.to.equal(null);
    }
    // Its pool is lost with its process, so that the blob stands in its next block alone.
    rogue.stop();
    rogue.start();
    const blob = await blobTransaction(stranger, SYSTEM_ADDRESSES.Council, chainId, 0);
    await until(
      "the pool",
      async () => (await refusalOf(rogue.provider.send("eth_sendRawTransaction", [blob]))) === "accepted",
    );
    const reason = new RegExp(`transaction invalid .*${Transaction.from(blob).hash}`, "i");
    await until("the refusal of a blob by all others", async () => honest.every((node) => reason.test(node.log())));

    const end = await network.node("validator-1").height();
    await network.node("validator-1").reaches(end + 5);
    for (const node of network.nodes()) {
      expect(await node.provider.getTransactionCount(address)).to.equal(0);
      expect(await node.provider.getTransactionCount(stranger.address)).to.equal(0);
    }
    const numbers = Array.from({ length: end - start }, (_, at) => start + 1 + at);
    const blocks = await Promise.all(numbers.map((number) => provider.getBlock(number)));
    const holding = blocks.filter((block) => (block?.transactions.length ?? 0) > 0);
    expect(holding, "no block of this time holds anything").to.deep.equal([]);
    const rounds = await Promise.all(numbers.map((number) => provider.send("brop_seals", [number])));
    expect(Math.max(...rounds.map(({ round }) => round)), "a round change at the rogue's turn").to.be.greaterThan(0);
    for (const { number, seals } of rounds) {
      const entitled = seals.map(({ validator }: { validator: boolean }) => validator);
      expect(entitled, `seals of block ${number}`).not.to.include(false);
    }
  });

  it("keep the gas of a block where the network has it, whatever one validator asks for", async () => {
    const rogue = network.node("validator-4");
    rogue.stop();
    rogue.start();
    const before = await network.node("validator-1").height();
    await network.node("validator-1").reaches(before + 2);
    // Its pool is empty again: now it proposes blocks that nothing is wrong with but their gas limit.
    await rogue.reaches(before + 2);
    const { provider } = network.node("validator-1");
    const limits = new Set<number>();
    await until("a block of the rogue's", async () => {
      const block = await provider.getBlock("latest");
      limits.add(Number(block?.gasLimit));
      return limits.size > 1;
    });
    const head = await network.node("validator-1").height();
    await network.node("validator-1").reaches(head + 12);
    for (let number = head; number <= head + 12; number++) {
      const gasLimit = Number((await provider.getBlock(number))?.gasLimit);
      // Its own blocks take away a 1024th, and the next block gives it back.
      expect(gasLimit, `block ${number}`).to.be.at.least(60_000_000 * (1 - 1 / 1_024) ** 2 - 2);
    }
    expect(Number((await provider.getBlock(head + 12))?.gasLimit)).to.be.at.least(59_000_000);
  });
});
