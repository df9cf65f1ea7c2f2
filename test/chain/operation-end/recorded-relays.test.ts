import { expect } from "chai";
import type { EndingOperation } from "../../../src/chain/operation-end/operation-ends.ts";
import { ProvenOperationEnds } from "../../../src/chain/operation-end/proven-operation-ends.ts";
import { RelayHeads } from "../../../src/chain/operation-end/relay-heads.ts";
import { USER_OPERATION_EVENT } from "../../../src/chain/operation-events.ts";
import { RelaySet } from "../../../src/chain/relays/relay-set.ts";
import { SealedChain } from "../../../src/chain/sealed-chain.ts";
import { ENTRY_POINT } from "../../../src/core/user-operation.ts";
import type { Lie } from "../../support/fake-relay.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { endingOperation } from "../../support/proven-ends.ts";
import { contractModeBlock, recorded } from "../../support/qbft-recordings.ts";
import { RECORDED_HEAD, recordedNetwork } from "../../support/recorded-network.ts";

// Real blocks of Besu; there are no operations in them, so whatever an access node shows of one is a lie.
describe("access nodes that lie over recorded blocks", () => {
  const { trust, registry, ask } = recordedNetwork;

  async function find(operation: EndingOperation, lies: Record<string, Lie>) {
    const clock = new ManualClock();
    const chain = new SealedChain(trust, registry);
    const relay = {
      url: "liar",
      ask: async (method: string, params: readonly unknown[]) => lies[method]?.(params) ?? ask(method, params),
    };
    const relays = new RelaySet([relay], { clock });
    const heads = new RelayHeads({ chain, clock });
    const ends = new ProvenOperationEnds({ relays, chain, heads, clock });
    const end = (await ends.find([operation])).get(operation.hash);
    return { end, faults: relays.faults.map(({ kind }) => kind), chain };
  }

  function claim({ hash, sender }: EndingOperation, block: number) {
    const account = `0x${sender.slice(2).toLowerCase().padStart(64, "0")}`;
    const topics = [USER_OPERATION_EVENT, hash, account, `0x${"00".repeat(32)}`];
    return { address: ENTRY_POINT, topics, data: `0x${"00".repeat(31)}01`, blockNumber: `0x${block.toString(16)}` };
  }

  it("are no liars as long as they say what is true: an operation that is in no block has no end", async () => {
    const { end, faults, chain } = await find(endingOperation(200), {});
    expect(end).to.equal(undefined);
    expect(faults).to.deep.equal([]);
    expect((await chain.header(ask, RECORDED_HEAD)).number).to.equal(RECORDED_HEAD);
  });

  it("false receipt: an event that the true block does not have, or in receipts that are not its own", async () => {
    for (const block of [42, 47, 52]) {
      const operation = endingOperation(200);
      const logs: Lie = ([filter]) =>
        (filter as { address: string }).address === ENTRY_POINT ? [claim(operation, block)] : undefined;
      expect(await find(operation, { eth_getLogs: logs })).to.deep.include({ end: undefined, faults: ["lied"] });
      const receipts: Lie = ([number]) => {
        const [receipt] = recorded(`contract-mode/receipts-${Number(number)}`) as { logs: object[] }[];
        return [{ ...receipt, logs: [...(receipt?.logs ?? []), claim(operation, block)] }];
      };
      const both = { eth_getLogs: logs, eth_getBlockReceipts: receipts };
      expect(await find(operation, both)).to.deep.include({ end: undefined, faults: ["lied"] });
    }
  });

  it("false *expired*: a recorded proof of another contract, for a deadline that has passed", async () => {
    for (const block of [42, 47, 52]) {
      const lies = {
        eth_blockNumber: () => `0x${block.toString(16)}`,
        eth_getProof: () => recorded(`contract-mode/proof-${block}`),
      };
      expect(await find(endingOperation(10), lies)).to.deep.include({ end: undefined, faults: ["lied"] });
    }
  });

  it("false *expired*: a true header that claims to be of a later block", async () => {
    const later = { ...contractModeBlock(RECORDED_HEAD), number: "0x100" };
    const lies: Record<string, Lie> = {
      eth_blockNumber: () => "0x100",
      eth_getBlockByNumber: ([number]) => (Number(number) === 0x100 ? later : contractModeBlock(Number(number))),
    };
    expect(await find(endingOperation(200), lies)).to.deep.include({ end: undefined, faults: ["lied"] });
  });

  it("a header with any of its members changed", async () => {
    const block = contractModeBlock(RECORDED_HEAD);
    const members = "parentHash miner stateRoot transactionsRoot receiptsRoot gasUsed gasLimit timestamp baseFeePerGas";
    for (const member of members.split(" ")) {
      const value = String(block[member]);
      const changed = value.slice(0, -1) + (value.endsWith("1") ? "2" : "1");
      const lies: Record<string, Lie> = {
        eth_getBlockByNumber: ([number]) =>
          Number(number) === RECORDED_HEAD ? { ...block, [member]: changed } : contractModeBlock(Number(number)),
      };
      expect(await find(endingOperation(200), lies), member).to.deep.include({ end: undefined, faults: ["lied"] });
    }
  });
});
