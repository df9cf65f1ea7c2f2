import { expect } from "chai";
import { id, Transaction } from "ethers";
import { RelaySigner } from "../../../src/access/bundler/relay-signer.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import { LocalSigner } from "../../../src/chain/signing/local-signer.ts";
import { type FakeNode, FakeNodeError, startFakeNode } from "../../chain/fake-node.ts";

const TARGET = "0x00000000000000000000000000000000000000aa";

describe("relay signer", () => {
  let node: FakeNode;
  let rpc: RpcClient;
  let signer: RelaySigner;
  let pending = 4;
  let refuse: ((nonce: number) => FakeNodeError | undefined) | undefined;
  let taken: Transaction[] = [];

  beforeEach(async () => {
    pending = 4;
    refuse = undefined;
    taken = [];
    node = await startFakeNode((method, [raw]) => {
      if (method === "eth_getTransactionCount") return `0x${pending.toString(16)}`;
      const transaction = Transaction.from(raw as string);
      const error = refuse?.(transaction.nonce);
      if (error !== undefined) throw error;
      taken.push(transaction);
      return transaction.hash;
    });
    rpc = new RpcClient(node.url);
    signer = new RelaySigner(rpc, new LocalSigner(id("relay")), 8420n);
  });
  afterEach(async () => {
    rpc.close();
    await node.stop();
  });

  const nonces = () => taken.map(({ nonce }) => nonce);

  it("hands out nonces one after another, though many ask at once", async () => {
    const sent = await Promise.all([1, 2, 3].map((gas) => signer.send(TARGET, "0xab", 50_000 + gas)));
    expect(nonces()).to.deep.equal([4, 5, 6]);
    expect(sent.map(({ nonce }) => nonce)).to.deep.equal([4, 5, 6]);
    expect(sent.map(({ hash }) => hash)).to.deep.equal(taken.map(({ hash }) => hash));
    expect(taken.map(({ from }) => from)).to.deep.equal([signer.address, signer.address, signer.address]);
    expect(taken[0]).to.include({ gasPrice: 0n, chainId: 8420n, data: "0xab", gasLimit: 50_001n });
  });

  it("takes a transaction that the node has already for sent", async () => {
    refuse = () => new FakeNodeError(-32000, "already known");
    const { hash, nonce } = await signer.send(TARGET, "0x", 21_000);
    refuse = undefined;
    expect(nonce).to.equal(4);
    expect(hash).to.match(/^0x[0-9a-f]{64}$/);
    await signer.send(TARGET, "0x", 21_000);
    expect(nonces()).to.deep.equal([5]);
  });

  it("asks the chain again when its nonce is used", async () => {
    refuse = (nonce) => (nonce < 9 ? new FakeNodeError(-32003, "nonce too low") : undefined);
    await signer.send(TARGET, "0x", 21_000).then(
      () => expect.fail("4 and 4 again are both used"),
      (error) => expect(error.message).to.equal("nonce too low"),
    );
    pending = 9;
    await signer.send(TARGET, "0x", 21_000);
    expect(nonces()).to.deep.equal([9]);
  });

  it("leaves no gap when the node refuses a transaction", async () => {
    refuse = () => new FakeNodeError(-32003, "Transaction gas limit cap exceeded");
    const ends = await Promise.allSettled([signer.send(TARGET, "0x", 1), signer.send(TARGET, "0x", 1)]);
    expect(ends.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    refuse = undefined;
    await signer.send(TARGET, "0x", 21_000);
    expect(nonces()).to.deep.equal([4]);
  });
});
