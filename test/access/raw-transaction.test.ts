import { expect } from "chai";
import { AbiCoder, hexlify, id, Transaction, type Wallet } from "ethers";
import { Admission, checkSender, SENDER_KINDS } from "../../src/access/admission.ts";
import { Gateway } from "../../src/access/gateway.ts";
import { sendRawTransaction } from "../../src/access/raw-transaction.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { encodeHandleOps } from "../../src/core/handle-ops.ts";

import { type FakeNode, FakeNodeError, startFakeNode } from "../chain/fake-node.ts";
import { ask, codeOf } from "./rpc-caller.ts";
import { TestNetwork, walletOf } from "./test-network.ts";

const HANDLE_OPS = encodeHandleOps([], walletOf("relay 1").address);
const TARGET = "0x00000000000000000000000000000000000000aa";

function signed(wallet: Wallet, fields: { to?: string; data?: string; nonce?: number; type?: number } = {}): string {
  const transaction = Transaction.from({ chainId: 8420, gasLimit: 1_000_000, gasPrice: 0, type: 0, ...fields });
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

describe("raw transactions", function () {
  this.timeout(60_000);

  describe("on a chain with the real Admission", () => {
    let network: TestNetwork;
    let gateway: Gateway;

    before(async () => {
      network = await TestNetwork.start();
      gateway = (await network.accessNode({ relayKey: walletOf("relay 2").privateKey })).gateway;
    });
    after(() => network.stop());

    const send = (raw: string) => ask(gateway, "eth_sendRawTransaction", [raw]);

    it("of the operator go through, contract creation included", async () => {
      const nonce = await network.operator.getNonce();
      const raw = signed(walletOf("operator"), { data: "0x600160005560016000f3", nonce });
      const answer = await send(raw);
      expect(answer.result, JSON.stringify(answer)).to.equal(Transaction.from(raw).hash);
    });

    it("of a stranger are refused", async () => {
      const answer = await send(signed(walletOf("stranger"), { to: TARGET }));
      expect(codeOf(answer)).to.equal("sender.not-admitted");
      expect(answer.error?.code).to.equal(-32003);
    });

    it("that create a contract are refused from everybody but the operator", async () => {
      for (const name of ["stranger", "relay 1", "seat"]) {
        const answer = await send(signed(walletOf(name), { data: "0x6001" }));
        expect(codeOf(answer), name).to.equal("deployment.refused");
      }
    });

    it("of a relay go to EntryPoint.handleOps only", async () => {
      const relay = walletOf("relay 1");
      expect(codeOf(await send(signed(relay, { to: TARGET, data: HANDLE_OPS })))).to.equal("sender.target-refused");
      const deposit = { to: SYSTEM_ADDRESSES.EntryPoint, data: id("depositTo(address)").slice(0, 10) };
      expect(codeOf(await send(signed(relay, deposit)))).to.equal("sender.target-refused");
      const good = signed(relay, { to: SYSTEM_ADDRESSES.EntryPoint, data: HANDLE_OPS });
      expect((await send(good)).result).to.equal(Transaction.from(good).hash);
    });

    it("of a seat go to Council only", async () => {
      const seat = walletOf("seat");
      expect(codeOf(await send(signed(seat, { to: SYSTEM_ADDRESSES.Quota })))).to.equal("sender.target-refused");
      const good = signed(seat, { to: SYSTEM_ADDRESSES.Council, data: id("quorum()").slice(0, 10) });
      expect((await send(good)).result).to.equal(Transaction.from(good).hash);
    });
  });

  describe("read by themselves", () => {
    let node: FakeNode;
    let gateway: Gateway;
    let allowance = 5n;
    let counts = { now: "0x7", before: "0x3" as string | undefined };
    const sent: unknown[] = [];

    before(async () => {
      node = await startFakeNode((method, [first, second]) => {
        if (method === "eth_getTransactionCount") {
          if (second === "pending") return counts.now;
          if (counts.before === undefined) throw new FakeNodeError(-32000, "missing trie node");
          return second === "0x63" ? counts.before : "0xffff";
        }
        if (method === "eth_sendRawTransaction") return void sent.push(first);
        const { data } = first as { data: string };
        if (data.startsWith(id("periodBlocks()").slice(0, 10)))
          return AbiCoder.defaultAbiCoder().encode(["uint48"], [100]);
        expect(data.slice(0, 10)).to.equal(id("senderOf(address)").slice(0, 10));
        const relay = [3, 0, allowance, SYSTEM_ADDRESSES.EntryPoint];
        return AbiCoder.defaultAbiCoder().encode(["uint8", "uint48", "uint40", "address"], relay);
      });
      const rpc = new RpcClient(node.url);
      const admission = new Admission(rpc, () => 149);
      gateway = new Gateway({ methods: new Map([["eth_sendRawTransaction", sendRawTransaction(rpc, admission)]]) });
    });
    after(() => node.stop());

    const send = (raw: unknown) => ask(gateway, "eth_sendRawTransaction", [raw]);
    const good = signed(walletOf("relay 1"), { to: SYSTEM_ADDRESSES.EntryPoint, data: HANDLE_OPS });

    it("count against the allowance of the period, from its first block on", async () => {
      expect((await send(good)).error).to.equal(undefined);
      expect(sent).to.deep.equal([good]);
      allowance = 4n;
      const answer = await send(good);
      expect(codeOf(answer)).to.equal("sender.allowance-exhausted");
      expect(answer.error?.data).to.include({ allowance: 4, availableAtBlock: 200 });
    });

    it("are counted by memory where the node has forgotten the period's first block", async () => {
      counts = { now: "0x7", before: undefined };
      allowance = 2n;
      expect((await send(good)).error).to.equal(undefined);
      counts.now = "0x8";
      expect((await send(good)).error).to.equal(undefined);
      counts.now = "0x9";
      expect(codeOf(await send(good))).to.equal("sender.allowance-exhausted");
    });

    it("of the types for blobs and delegation, and of later ones, are refused by name", async () => {
      for (const type of [3, 4, 5, 0x7f]) {
        const answer = await send(hexlify(Uint8Array.of(type, 0xc0)));
        expect(codeOf(answer)).to.equal("transaction.type-refused");
        expect(answer.error?.data).to.include({ type });
      }
    });

    it("that are none, or not signed, are refused", async () => {
      const unsigned = Transaction.from({ chainId: 8420, to: TARGET, gasPrice: 0, type: 0 }).unsignedSerialized;
      for (const raw of [undefined, 1, "", "0x", "0xzz", "0x00", "0xc0", "0x02f8", unsigned]) {
        expect(codeOf(await send(raw)), String(raw)).to.equal("request.invalid");
      }
    });

    it("on a chain without Admission say that it is none of ours", async () => {
      const bare = await startFakeNode(() => "0x");
      const methods = new Map([
        [
          "eth_sendRawTransaction",
          sendRawTransaction(new RpcClient(bare.url), new Admission(new RpcClient(bare.url), () => 1)),
        ],
      ]);
      expect(codeOf(await ask(new Gateway({ methods }), "eth_sendRawTransaction", [good]))).to.equal("chain.wrong");
      await bare.stop();
    });
  });

  it("wait for the block from which their sender is admitted", () => {
    const sender = { kind: SENDER_KINDS[1], validFrom: 10, allowance: 1, target: undefined };
    const transaction = { from: TARGET, to: TARGET, data: "0x" };
    expect(() => checkSender(transaction, sender, 9)).to.throw(/may not send/);
    expect(() => checkSender(transaction, sender, 10)).to.not.throw();
  });
});
