import { expect } from "chai";
import type { Wallet } from "ethers";
import { LocalSigner } from "../../../src/chain/signing/local-signer.ts";
import type { UserOperation } from "../../../src/core/user-operation.ts";
import type { PretendChain } from "../pretend-chain.ts";
import { mineUntil, pause, relayWallet, statusOf, submit, until } from "../pretend-node.ts";
import { RelayStage } from "../relay-stage.ts";
import { codeOf } from "../rpc-caller.ts";

describe("bundles", function () {
  this.timeout(60_000);
  const stage = new RelayStage();
  const { start, operation, accept, isIncluded, untilWaiting, sentBy, expectEachOnce } = stage;
  let chain: PretendChain;
  let first: Wallet;
  let second: Wallet;

  beforeEach(async () => {
    ({ chain, first, second } = await stage.begin());
  });
  afterEach(() => stage.end());
  after(() => stage.db.close());

  describe("of several keys", () => {
    it("go to the one with the fewest under way", async () => {
      const node = await start([first, second]);
      for (let sender = 1; sender <= 4; sender++) {
        await accept(node, operation({ sender }));
        await untilWaiting(sender);
      }
      expect([sentBy(first).length, sentBy(second).length]).to.deep.equal([2, 2]);
    });

    it("go to the one with more allowance left, where both have as many", async () => {
      chain.allowances.set(first.address.toLowerCase(), 3_000);
      const node = await start([first, second]);
      await accept(node, operation());
      await untilWaiting(1);
      expect(sentBy(second)).to.have.lengthOf(1);
    });

    it("go on with the others when one is refused", async () => {
      chain.refusals.set(first.address.toLowerCase(), "Sender account not authorized to send transactions");
      chain.allowances.set(second.address.toLowerCase(), 9_000);
      const node = await start([first, second]);
      const operations = Array.from({ length: 8 }, (_, sender) => operation({ sender: sender + 1 }));
      for (const one of operations) {
        await accept(node, one);
        await pause(15);
      }
      await mineUntil(chain, "included", () => isIncluded(node, ...operations));
      expectEachOnce(...operations);
      expect(node.status().bundlesRefused).to.be.at.least(1);
    });

    it("give their operations to another when they do not get on", async () => {
      chain.allowances.set(second.address.toLowerCase(), 9_000);
      chain.frozen.add(first.address.toLowerCase());
      const node = await start([first, second]);
      const one = operation();
      await accept(node, one);
      await untilWaiting(1);
      expect(sentBy(first)).to.have.lengthOf(1);
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expect(node.status().keys.map(({ stuck }) => stuck)).to.deep.equal([true, false]);
      const others = [operation({ sender: 2 }), operation({ sender: 3 })];
      await accept(node, ...others);
      await mineUntil(chain, "included", () => isIncluded(node, ...others));
      chain.frozen.clear();
      await mineUntil(chain, "the stuck key is free again", () => node.status().keys[0]?.stuck === false);
      expectEachOnce(one, ...others);
    });

    it("go on with the others when one does not sign", async () => {
      const mute = new LocalSigner(first.privateKey);
      mute.signBytes = () => Promise.reject(new Error("the signing service is away"));
      chain.allowances.set(second.address.toLowerCase(), 9_000);
      const node = await start([], { relayKey: [mute, second.privateKey] });
      const operations = [operation(), operation({ sender: 2 })];
      for (const one of operations) {
        await accept(node, one);
        await pause(15);
      }
      await mineUntil(chain, "included", () => isIncluded(node, ...operations));
      expectEachOnce(...operations);
    });

    it("carry a chain of ordinary nonces in order, whoever carries what else", async () => {
      const node = await start([first, second]);
      const links = Array.from({ length: 9 }, (_, sequence) =>
        operation({ sender: 7, nonce: (3n << 64n) | BigInt(sequence), gas: 4_000_000 }),
      );
      const others = Array.from({ length: 6 }, (_, sender) => operation({ sender: sender + 10, gas: 4_000_000 }));
      await accept(node, ...links, ...others);
      await mineUntil(chain, "included", () => isIncluded(node, ...links, ...others));
      expectEachOnce(...links, ...others);
    });

    it("take up what was accepted under a key that was the first one before", async () => {
      chain.allowances.clear();
      const before = await start([second]);
      const one = operation();
      await accept(before, one);
      await before.stop();
      stage.nodes.length = 0;
      for (const wallet of [first, second]) relayWallet(chain, wallet === first ? 1 : 2);
      const node = await start([first, second]);
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expectEachOnce(one);
    });
  });

  describe("under a flood", () => {
    it("an account with one operation has it in the next block", async () => {
      chain.blockGasLimit = 40_000_000;
      const node = await start();
      const flood = Array.from({ length: 600 }, () => operation({ sender: 1, gas: 200_000 }));
      await accept(node, ...flood);
      await until("bundles wait", () => chain.waiting.length > 0);
      chain.mine();
      const small = operation({ sender: 2 });
      await accept(node, small);
      const height = chain.head;
      await mineUntil(chain, "included", () => isIncluded(node, small));
      expect((await statusOf(node, small))?.block).to.be.at.most(height + 3);
      expect(node.status().operations).to.be.above(300);
    });

    it("a full pool says when to try again, and keeps a place for who has little in it", async () => {
      const node = await start([first], { limits: { pool: 40, sender: 35 } });
      chain.frozen.add(first.address.toLowerCase());
      const flood = await Promise.all(Array.from({ length: 60 }, () => submit(node, operation({ sender: 1 }))));
      const accepted = flood.filter(({ error }) => error === undefined);
      expect(accepted.length).to.be.within(30, 35);
      const refused = flood.find(({ error }) => error !== undefined);
      expect(refused && codeOf(refused)).to.equal("request.rate-limited");
      expect(refused?.error?.data).to.include({ retryAfter: 3 });
      await accept(node, operation({ sender: 2 }));
      for (let sender = 3; node.status().operations < 40; sender++) await accept(node, operation({ sender }));
      const full = await submit(node, operation({ sender: 99 }));
      expect(codeOf(full)).to.equal("service.unavailable");
      expect(full.error?.data).to.include({ retryAfter: 3, waitingOperations: 40 });
    });

    it("a relay that used up its allowance says in which block it has more, to who can not wait so long", async () => {
      chain.periodBlocks = 40;
      chain.allowances.set(first.address.toLowerCase(), 2);
      const node = await start();
      for (let sender = 1; sender <= 2; sender++) {
        const one = operation({ sender });
        await accept(node, one);
        await mineUntil(chain, "included", () => isIncluded(node, one));
      }
      const patient = operation({ sender: 4 });
      await accept(node, patient);
      await until("it knows", () => node.status().keys[0]?.allowance === 0);
      const refused = await submit(node, operation({ sender: 3, deadline: chain.head + 4 }));
      expect(codeOf(refused)).to.equal("sender.allowance-exhausted");
      const details = (refused.error?.data ?? {}) as Record<string, number>;
      const { availableAtBlock, retryAfter } = details;
      expect(availableAtBlock).to.be.within(39, 42);
      expect(retryAfter).to.be.above(60);
      await mineUntil(chain, "included in the next period", () => isIncluded(node, patient));
      await accept(node, operation({ sender: 5, deadline: chain.head + 4 }));
    });

    it("an operation that no transaction can carry is refused, however cheap its bytes are", async () => {
      const node = await start();
      const long = { ...operation(), callData: `0x${"00".repeat(130_000)}` };
      expect(codeOf(await submit(node, long))).to.equal("request.too-large");
      chain.blockGasLimit = 5_000_000;
      const small = await start([second]);
      expect(codeOf(await submit(small, operation({ gas: 6_000_000 })))).to.equal("operation.gas-too-high");
    });
  });

  describe("of two nodes with one key on one database", () => {
    it("are one node's: the other stands by, says so, and takes over what was accepted", async () => {
      const active = await start();
      const standby = await start();
      expect([active.status().standingBy, standby.status().standingBy]).to.deep.equal([false, true]);
      const refused = await submit(standby, operation());
      expect(codeOf(refused)).to.equal("service.unavailable");
      expect(refused.error?.data).to.include({ retryAfter: 3 });
      chain.frozen.add(first.address.toLowerCase());
      const operations = Array.from({ length: 5 }, (_, sender) => operation({ sender: sender + 1 }));
      await accept(active, ...operations);
      await untilWaiting(1);
      expect((await statusOf(standby, operations[0] as UserOperation))?.state).to.equal("received");
      await active.stop();
      await until("the other took over", () => !standby.status().standingBy);
      chain.frozen.clear();
      const late = operation({ sender: 9 });
      await accept(standby, late);
      await mineUntil(chain, "included", () => isIncluded(standby, ...operations, late));
      expectEachOnce(...operations, late);
    });

    it("stay one node's when the lease is taken from a node that does not know: it accepts and sends nothing more", async () => {
      const node = await start();
      await stage.db.query("update key_leases set owner = 'another/process', fence = fence + 1");
      const answer = await submit(node, operation());
      expect(codeOf(answer)).to.equal("service.unavailable");
      await until("it stands by", () => node.status().standingBy);
      expect(chain.waiting).to.deep.equal([]);
      expect(await stage.db.query("select 1 from operation_pool", [])).to.deep.equal([]);
      await stage.db.query("update key_leases set expires_at = 0");
      await until("it has the key again", () => !node.status().standingBy);
      const one = operation();
      await accept(node, one);
      await mineUntil(chain, "included", () => isIncluded(node, one));
    });

    it("are not replaced by a raw transaction of the relay's key through the node's own door", async () => {
      const node = await start();
      const foreign = await new LocalSigner(first.privateKey).sign({
        ...{ chainId: 8420n, nonce: 0, to: first.address, data: "0x", gasLimit: 21_000 },
      });
      const { gateway } = node;
      const answer = await gateway.handle({
        jsonrpc: "2.0",
        id: 1,
        method: "eth_sendRawTransaction",
        params: [foreign.raw],
      });
      expect(codeOf(answer as never)).to.equal("key.in-use");
    });
  });

  it("need a key, and each only once", async () => {
    for (const relays of [[], [first, first]]) {
      const failure = await start(relays).catch((error: unknown) => error);
      expect(failure).to.include({ code: "configuration.invalid" });
    }
  });
});
