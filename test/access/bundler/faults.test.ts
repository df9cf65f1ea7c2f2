import { expect } from "chai";
import type { Wallet } from "ethers";
import { LocalSigner } from "../../../src/chain/signing/local-signer.ts";
import { BropError } from "../../../src/core/errors.ts";
import type { UserOperation } from "../../../src/core/user-operation.ts";
import { type PretendChain, pretendHash } from "../pretend-chain.ts";
import { mineUntil, pause, statusOf, until } from "../pretend-node.ts";
import { RelayStage } from "../relay-stage.ts";

describe("bundles of a relay", function () {
  this.timeout(60_000);
  const stage = new RelayStage();
  const { start, operation, accept, isIncluded, untilWaiting, expectEachOnce } = stage;
  let chain: PretendChain;
  let first: Wallet;

  beforeEach(async () => {
    ({ chain, first } = await stage.begin());
  });
  afterEach(() => stage.end());
  after(() => stage.db.close());

  describe("whose answers get lost", () => {
    it("are not sent as another transaction: the node has the first", async () => {
      const node = await start();
      stage.obstacle.after = (what, answer) => {
        if (what === "eth_sendRawTransaction") throw new BropError("chain.unreachable");
        return answer;
      };
      const operations = [operation(), operation()];
      await accept(node, ...operations);
      await untilWaiting(1);
      await accept(node, operation({ sender: 2 }));
      await untilWaiting(2);
      stage.obstacle = {};
      await mineUntil(chain, "included", () => isIncluded(node, ...operations));
      expectEachOnce(...operations);
      expect(node.status().bundlesResent).to.equal(0);
    });

    it("are sent again as the same bytes when they never arrived", async () => {
      const node = await start();
      stage.obstacle.before = (what) => {
        if (what === "eth_sendRawTransaction") throw new BropError("chain.unreachable");
      };
      const one = operation();
      await accept(node, one);
      await until("it is stored", async () => (await statusOf(node, one))?.state === "submitted");
      const { transaction } = (await statusOf(node, one)) ?? {};
      stage.obstacle = {};
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expect((await statusOf(node, one))?.transaction).to.equal(transaction);
      expectEachOnce(one);
    });

    it("or come late: what was begun meanwhile does not take their nonce", async () => {
      const node = await start();
      stage.obstacle.before = async (what) => {
        if (what === "eth_sendRawTransaction") await pause(150);
      };
      const operations: UserOperation[] = [];
      for (let round = 0; round < 6; round++) {
        const one = operation({ sender: round + 1 });
        operations.push(one);
        await accept(node, one);
        chain.mine();
        await pause(20);
      }
      await mineUntil(chain, "included", () => isIncluded(node, ...operations));
      expectEachOnce(...operations);
    });

    for (const nonsense of [null, 7, "0x", "yes", {}, [], `0x${"00".repeat(32)}`]) {
      it(`or are ${JSON.stringify(nonsense)}: neither sent nor refused follows from that`, async () => {
        const node = await start();
        stage.obstacle.after = (what, answer) => (what === "eth_sendRawTransaction" ? nonsense : answer);
        const one = operation();
        await accept(node, one);
        await untilWaiting(1);
        stage.obstacle = {};
        await mineUntil(chain, "included", () => isIncluded(node, one));
        expectEachOnce(one);
      });
    }

    it("are no reason to end anything: a node that says nonsense about blocks is not believed", async () => {
      const node = await start();
      const one = operation({ deadline: chain.head + 6 });
      stage.obstacle.before = (what) => {
        if (what === "eth_sendRawTransaction") throw new BropError("chain.unreachable");
      };
      await accept(node, one);
      for (const nonsense of [null, "latest", "0x", -1, {}, Array.from({ length: 3 }, () => null)]) {
        stage.obstacle.after = (what, answer) =>
          /eth_blockNumber|eth_getLogs|getBlock/.test(what) ? nonsense : answer;
        chain.mine();
        await pause(40);
        expect((await statusOf(node, one))?.state, JSON.stringify(nonsense)).to.be.oneOf(["received", "submitted"]);
      }
      stage.obstacle = {};
      await mineUntil(chain, "an end", async () =>
        ["included", "expired"].includes((await statusOf(node, one))?.state ?? ""),
      );
      expect(chain.executed.get(pretendHash(one)) ?? 0).to.equal(
        (await statusOf(node, one))?.state === "included" ? 1 : 0,
      );
    });

    it("a node behind the others does not make an included operation expired", async () => {
      const node = await start();
      const one = operation({ deadline: chain.head + 2 });
      await accept(node, one);
      await untilWaiting(1);
      let lagging = true;
      // It knows the height from the others, and nothing of the last block.
      stage.obstacle.after = (what, answer) => {
        if (!lagging || !what.startsWith("eth_getLogs")) return answer;
        const [, , ...counts] = answer as unknown[];
        return [[], null, ...counts];
      };
      chain.mine();
      chain.mine();
      chain.mine();
      await pause(100);
      expect((await statusOf(node, one))?.state).to.equal("submitted");
      lagging = false;
      await mineUntil(chain, "included", () => isIncluded(node, one));
    });
  });

  describe("that fall out of the node's pool", () => {
    it("are sent again as they were, and nothing else takes their nonces", async () => {
      const node = await start();
      const operations: UserOperation[] = [];
      for (let sender = 1; sender <= 4; sender++) {
        const one = operation({ sender });
        operations.push(one);
        await accept(node, one);
        await untilWaiting(sender);
      }
      const before = chain.waiting.map(({ hash }) => hash);
      chain.losePool();
      chain.frozen.add(first.address.toLowerCase());
      const late = operation({ sender: 9 });
      await accept(node, late);
      await mineUntil(chain, "they wait again", () => chain.waiting.length === 5);
      expect(chain.waiting.map(({ hash }) => hash)).to.include.members(before);
      chain.frozen.clear();
      await mineUntil(chain, "included", () => isIncluded(node, ...operations, late));
      expectEachOnce(...operations, late);
      expect(node.status().bundlesResent).to.be.at.least(4);
    });

    it("also when the node loses its pool again and again", async () => {
      const node = await start();
      const operations = Array.from({ length: 12 }, (_, sender) => operation({ sender: sender + 1 }));
      for (const [index, one] of operations.entries()) {
        await accept(node, one);
        await pause(10);
        if (index % 2 === 0) chain.losePool();
        if (index % 3 === 0) chain.mine();
      }
      await mineUntil(chain, "included", () => isIncluded(node, ...operations));
      expectEachOnce(...operations);
    });

    it("and are refused then give their nonce and their operations to another bundle", async () => {
      const node = await start();
      const one = operation();
      await accept(node, one);
      await untilWaiting(1);
      chain.losePool();
      chain.refusals.set(first.address.toLowerCase(), "Transaction pool is full");
      await mineUntil(chain, "it is refused", () => node.status().bundlesRefused > 0);
      expect((await statusOf(node, one))?.state).to.equal("received");
      chain.refusals.clear();
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expect(chain.executed.get(pretendHash(one))).to.equal(1);
      expect(await stage.db.query("select 1 from relay_bundles", [])).to.deep.equal([]);
    });
  });

  describe("beside another writer of the same key", () => {
    it("do not replace what waits in the node's pool", async () => {
      const foreign = await new LocalSigner(first.privateKey).sign({
        ...{ chainId: 8420n, nonce: 0, to: first.address, data: "0x", gasLimit: 21_000 },
      });
      chain.put(foreign.raw);
      const node = await start();
      const one = operation();
      await accept(node, one);
      await untilWaiting(2);
      expect(chain.waiting.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expectEachOnce(one);
    });

    it("find out when it took their nonce, and go on with the next", async () => {
      const node = await start();
      const one = operation();
      stage.obstacle.before = async (what) => {
        if (what !== "eth_sendRawTransaction" || chain.taken.size > 0) return;
        const foreign = await new LocalSigner(first.privateKey).sign({
          ...{ chainId: 8420n, nonce: 0, to: first.address, data: "0x", gasLimit: 21_000 },
        });
        chain.put(foreign.raw);
        chain.mine();
      };
      await accept(node, one);
      await mineUntil(chain, "included", () => isIncluded(node, one));
      expectEachOnce(one);
    });
  });
});
