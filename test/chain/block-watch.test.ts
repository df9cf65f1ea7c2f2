import { expect } from "chai";
import { BlockWatch } from "../../src/chain/block-watch.ts";
import type { RpcRequest } from "../../src/chain/rpc-client.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { encodeExtraData } from "../../src/core/qbft/extra-data.ts";
import { QBFT_MIX_HASH } from "../../src/core/qbft/header.ts";

const VALIDATORS = ["a", "b", "c", "d"].map((letter) => `0x${letter.repeat(40)}`);

/** A chain whose blocks a test makes, three seconds apart. */
class FakeChain {
  readonly blocks: Record<string, unknown>[] = [];
  validators = VALIDATORS;
  asked = 0;

  /** @param proposer undefined: a block that nobody seals */
  add(proposer: string | undefined, round = 0): void {
    const empty = { vanity: new Uint8Array(32), validators: [], vote: [], round, seals: [] };
    const number = this.blocks.length;
    this.blocks.push({
      ...{ number: `0x${number.toString(16)}`, timestamp: `0x${(1_000 + 3 * number).toString(16)}` },
      ...{ gasUsed: "0x64", gasLimit: "0x3938700", transactions: ["0x1", "0x2"], miner: proposer ?? VALIDATORS[0] },
      mixHash: proposer === undefined ? `0x${"0".repeat(64)}` : QBFT_MIX_HASH,
      extraData: proposer === undefined ? "0x" : bytesToHex(encodeExtraData(empty)),
    });
  }

  readonly rpc = {
    call: async <Result>(method: string) => {
      if (method === "eth_blockNumber") return `0x${(this.blocks.length - 1).toString(16)}` as Result;
      if (method === "qbft_getValidatorsByBlockNumber") return this.validators as Result;
      throw new Error(method);
    },
    all: async (requests: readonly RpcRequest[]) => {
      this.asked += requests.length;
      return requests.map(({ params }) => this.blocks[Number(params?.[0])] ?? null);
    },
  };
}

describe("watching the newest blocks", () => {
  let chain: FakeChain;
  let now: number;
  let watch: BlockWatch;

  beforeEach(() => {
    chain = new FakeChain();
    chain.add(undefined);
    now = 1_000_000;
    const clock = { now: () => now, sleep: async () => undefined };
    watch = new BlockWatch({ rpc: chain.rpc, clock, logger: silentLogger, interval: 5_000 });
  });

  /** A block is there and is seen so many seconds after its time. */
  async function seeNext(proposer: string, age: number, round = 0): Promise<void> {
    chain.add(proposer, round);
    now = (1_000 + 3 * (chain.blocks.length - 1) + age) * 1_000;
    await watch.look();
  }

  it("counts blocks, their transactions and gas, rounds without agreement, and who proposed", async () => {
    await watch.look();
    await seeNext(VALIDATORS[0] as string, 1);
    chain.add(VALIDATORS[1], 2);
    await seeNext(VALIDATORS[0] as string, 1, 1);
    const { blocks, transactions, gasUsed, roundChanges, proposed, validators, newest } = watch.seen;
    expect({ blocks, transactions, gasUsed, roundChanges, validators }).to.deep.equal({
      ...{ blocks: 4, transactions: 8, gasUsed: 400, roundChanges: 3, validators: 4 },
    });
    expect(newest).to.deep.equal({ number: 3, timestamp: 1_009, gasLimit: 60_000_000 });
    const [a, b, c, d] = VALIDATORS as [string, string, string, string];
    expect(proposed).to.deep.equal({ [a]: 2, [b]: 1, [c]: 0, [d]: 0 });
  });

  it("tells nothing of a validator that was removed", async () => {
    await watch.look();
    await seeNext(VALIDATORS[3] as string, 1);
    chain.validators = VALIDATORS.slice(0, 3);
    for (let index = 0; index < 20; index++) await seeNext(VALIDATORS[index % 3] as string, 1);
    expect(Object.keys(watch.seen.proposed)).to.have.members(VALIDATORS.slice(0, 3));
  });

  it("says by how much this clock is before the proposers', once it has seen enough blocks come", async () => {
    await watch.look();
    for (let index = 0; index < 19; index++) await seeNext(VALIDATORS[index % 4] as string, 7 + (index % 3));
    expect(watch.seen.clockAhead).to.equal(undefined);
    // The first look is no measure: nobody knows how long the block was there.
    for (let index = 0; index < 2; index++) await seeNext(VALIDATORS[index % 4] as string, 8);
    expect(watch.seen.clockAhead).to.equal(7);
    for (let index = 0; index < 20; index++) await seeNext(VALIDATORS[index % 4] as string, -4);
    expect(watch.seen.clockAhead).to.equal(-4);
  });

  it("passes over what is older than the last hundred blocks after a pause, and bears a chain that went back", async () => {
    await watch.look();
    for (let index = 0; index < 300; index++) chain.add(VALIDATORS[index % 4]);
    chain.asked = 0;
    await watch.look();
    expect(chain.asked).to.equal(100);
    expect(watch.seen.newest?.number).to.equal(300);
    chain.blocks.length = 200;
    await watch.look();
    expect(watch.seen.newest?.number).to.equal(199);
  });

  it("knows no validators where nobody seals", async () => {
    await watch.look();
    chain.add(undefined);
    await watch.look();
    expect(watch.seen).to.deep.include({ blocks: 2, proposed: {}, validators: 0, roundChanges: 0 });
  });
});
