import { expect } from "chai";
import { eachLogRange } from "../../../src/chain/relays/log-ranges.ts";
import type { Ask } from "../../../src/chain/relays/relay.ts";
import { BropError } from "../../../src/core/errors.ts";
import { rejection } from "../../support/rejection.ts";

describe("a search for logs at a relay", () => {
  type Range = [from: number, to: number];

  /** A relay with a log in each block, which refuses as told. */
  function relay(refuse: (blocks: number) => Error | undefined) {
    const asked: Range[] = [];
    const ask: Ask = async (_method, [filter]) => {
      const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      asked.push([from, to]);
      const error = refuse(to - from + 1);
      if (error !== undefined) throw error;
      return Array.from({ length: to - from + 1 }, (_, at) => from + at);
    };
    return { ask, asked };
  }

  async function search(ask: Ask, range: Range): Promise<unknown[]> {
    const found: unknown[] = [];
    await eachLogRange(ask, {}, range, async (logs) => void found.push(...logs));
    return found;
  }

  const blocks = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

  it("asks once where the relay sets no limit, and not at all for no blocks", async () => {
    const { ask, asked } = relay(() => undefined);
    expect(await search(ask, [1, 50_000])).to.have.length(50_000);
    expect(asked).to.deep.equal([[1, 50_000]]);
    expect(await search(ask, [5, 4])).to.deep.equal([]);
    expect(asked).to.have.length(1);
  });

  it("keeps to the limit that the relay names, and finds everything once", async () => {
    const { ask, asked } = relay((count) =>
      count > 30 ? new BropError("request.range-too-large", { blocks: count, most: 30 }) : undefined,
    );
    expect(await search(ask, [1, 100])).to.deep.equal(blocks(1, 100));
    expect(asked).to.have.length(5);
  });

  it("finds a range that does where the relay only says no: for its length, or for too many logs", async () => {
    for (const limit of [5_000, 700, 3, 1]) {
      const { ask } = relay((count) => (count > limit ? new Error("query returned more than allowed") : undefined));
      expect(await search(ask, [10, 2_009])).to.deep.equal(blocks(10, 2_009));
    }
    const logs = relay((count) =>
      count > 8 ? new BropError("request.range-too-large", { logs: count, most: 8 }) : undefined,
    );
    expect(await search(logs.ask, [1, 64])).to.deep.equal(blocks(1, 64));
  });

  it("passes a refusal on that has nothing to do with the range, and silence at once", async () => {
    const never = relay(() => new BropError("request.method-unknown"));
    expect((await rejection(search(never.ask, [1, 1_000_000])))?.code).to.equal("request.method-unknown");
    expect(never.asked.length).to.be.lessThan(25);
    const silent = relay(() => new BropError("chain.unreachable"));
    expect((await rejection(search(silent.ask, [1, 1_000])))?.code).to.equal("chain.unreachable");
    expect(silent.asked).to.have.length(1);
  });

  it("gives up a relay that allows a block at a time for ever", async () => {
    const { ask } = relay((count) =>
      count > 1 ? new BropError("request.range-too-large", { blocks: count, most: 1 }) : undefined,
    );
    expect((await rejection(search(ask, [1, 1_000_000])))?.code).to.equal("chain.unreachable");
  });

  it("ends when enough is found, and takes what is no list for nothing", async () => {
    const { ask, asked } = relay((count) =>
      count > 10 ? new BropError("request.range-too-large", { blocks: count, most: 10 }) : undefined,
    );
    await eachLogRange(ask, {}, [1, 100], async (logs) => logs.includes(15));
    expect(asked.slice(1)).to.deep.equal([
      [1, 10],
      [11, 20],
    ]);
    for (const answer of [null, {}, "0x", 7]) expect(await search(async () => answer, [1, 9])).to.deep.equal([]);
  });
});
