import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { id, parseUnits } from "ethers";
import { startDevChain } from "../../src/chain/dev-chain.ts";
import { connect, createRecordInput } from "../../src/sdk/index.ts";
import { startAccessNode, testAccessNode } from "../support/access-node.ts";
import { testChain } from "../support/chain.ts";
import { newWallet, testPeople } from "../support/people.ts";
import { rejection, rejectionCode } from "../support/rejection.ts";

const NOBODY = "http://127.0.0.1:9";

describe("connect", () => {
  before("start a chain and an access node", async function () {
    this.timeout(120_000);
    await testPeople();
  });

  it("takes a platform's base URL, its RPC URL and a plain node's URL, and finds every contract", async () => {
    const [{ url: node, addresses, chainId }, { url: base }] = await Promise.all([testChain(), testAccessNode()]);
    for (const url of [base, `${base}/`, `${base}/rpc`, node]) {
      const brop = await connect(url);
      try {
        expect(brop.chainId).to.equal(BigInt(chainId));
        expect(brop.addresses.records).to.equal(addresses.Records);
        expect(await brop.contracts.accountFactory.count()).to.be.a("bigint");
        expect(await brop.contracts.council.quorum()).to.equal(3n);
      } finally {
        brop.close();
      }
    }
  });

  it("refuses what is no address, and says that nobody answers", async () => {
    expect(await rejectionCode(connect("127.0.0.1:8420"))).to.equal("request.invalid");
    expect(await rejectionCode(connect("ws://127.0.0.1:8420"))).to.equal("request.invalid");
    const error = await rejection(connect(NOBODY));
    expect(error?.code).to.equal("chain.unreachable");
  });

  it("refuses a web server that speaks no JSON-RPC", async () => {
    const server = createServer((_request, response) => response.end("<h1>Hello</h1>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await rejectionCode(connect(url))).to.be.oneOf(["chain.wrong", "chain.unreachable"]);
    } finally {
      server.close();
    }
  });

  it("refuses a chain without Directory, another chain than expected, and access nodes of two chains", async function () {
    this.timeout(60_000);
    const { url: base } = await testAccessNode();
    const other = await startDevChain({ chainId: 4711 });
    try {
      expect(await rejectionCode(connect(other.url))).to.equal("chain.wrong");
      expect(await rejectionCode(connect(base, { chainId: 1 }))).to.equal("chain.wrong");
      expect(await rejectionCode(connect(base, { relays: [other.url] }))).to.equal("chain.wrong");
    } finally {
      await other.stop();
    }
  });

  it("sends the same signed operation to the next access node when one is gone", async function () {
    this.timeout(60_000);
    const [chain, { url: base }, { user }] = await Promise.all([testChain(), testAccessNode(), testPeople()]);
    const first = await startAccessNode(chain, chain.relays[1]?.privateKey as string);
    const brop = await connect(first.url, { relays: [NOBODY, base], pollingInterval: 100 });
    try {
      const account = brop.account(user.address, user.owner);
      const record = (text: string) =>
        brop.contracts.records.connect(account).record(createRecordInput({ digest: id(text) }));
      const before = await (await record("through the first")).wait();
      expect(before?.status).to.equal(1);
      const pending = await record("left with the first");
      await first.stop();
      const after = await (await record("through the last")).wait();
      expect(after?.status).to.equal(1);
      // What the first had accepted before it ended is sent again to those that are left.
      expect((await pending.wait())?.hash).to.equal(pending.hash);
    } finally {
      brop.close();
    }
  });

  it("lets the operator's key send transactions, without fees", async () => {
    const { brop, operator } = await testPeople();
    const { quota } = brop.contracts;
    const { user } = await testPeople();
    const receipt = await (await quota.connect(operator).assignClass(user.address, 0)).wait();
    expect(receipt?.status).to.equal(1);
    expect(receipt?.gasPrice).to.equal(0n);
  });

  it("says by the table's code why a direct transaction is refused", async () => {
    const { brop, user } = await testPeople();
    const stranger = newWallet().connect(brop.provider);
    const sent = stranger.sendTransaction({ to: user.address, gasLimit: 100_000n });
    expect(await rejectionCode(sent)).to.equal("sender.not-admitted");
    const valued = stranger.sendTransaction({ data: "0x6000", gasLimit: 100_000n, value: parseUnits("0") });
    expect(await rejectionCode(valued)).to.equal("deployment.refused");
  });

  it("says that an uncertified account can not act", async () => {
    const { brop, partner } = await testPeople();
    const wallet = newWallet();
    const { accountFactory, records } = brop.contracts;
    const address = await accountFactory.addressOf(partner.address, wallet.address, id("bare"));
    await (await accountFactory.connect(partner).create(wallet.address, id("bare"))).wait();
    const sent = records.connect(brop.account(address, wallet)).record(createRecordInput({ digest: id("bare") }));
    expect(await rejectionCode(sent)).to.equal("account.uncertified");
  });
});
