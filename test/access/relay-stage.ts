import { expect } from "chai";
import type { Wallet } from "ethers";
import type { AccessNode, AccessNodeOptions } from "../../src/access/access-node.ts";
import type { UserOperation } from "../../src/core/user-operation.ts";
import type { Database } from "../../src/store/database.ts";
import { emptyTables } from "../store/databases.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type Obstacle, PretendChain, pretendHash } from "./pretend-chain.ts";
import { pretendOperation, relayWallet, startPretendNode, statusOf, submit, until } from "./pretend-node.ts";

/** A chain in memory with two relays, a database, and access nodes with something between them and the chain. */
export class RelayStage {
  db!: Database;
  chain!: PretendChain;
  first!: Wallet;
  second!: Wallet;
  /** What stands between every node and its chain just now. */
  obstacle: Obstacle = {};
  readonly nodes: AccessNode[] = [];

  /** Begins a test: empty tables, a new chain. */
  async begin(): Promise<{ chain: PretendChain; first: Wallet; second: Wallet }> {
    if (this.db === undefined) {
      this.db = await openMigrated();
    }
    await emptyTables(this.db);
    this.chain = new PretendChain();
    this.first = relayWallet(this.chain, 1);
    this.second = relayWallet(this.chain, 2);
    this.obstacle = {};
    return this;
  }

  async end(): Promise<void> {
    for (const node of this.nodes.splice(0)) await node.stop();
  }

  start = async (relays: readonly Wallet[] = [this.first], options: Partial<AccessNodeOptions> = {}) => {
    const node = await startPretendNode(this.chain, this.db, relays, {
      obstacle: {
        before: (what) => this.obstacle.before?.(what),
        after: (what, answer) => (this.obstacle.after === undefined ? answer : this.obstacle.after(what, answer)),
      },
      ...options,
    });
    this.nodes.push(node);
    return node;
  };

  operation = (shape: Parameters<typeof pretendOperation>[1] = {}) => pretendOperation(this.chain, shape);

  accept = async (node: AccessNode, ...operations: UserOperation[]) => {
    for (const answer of await Promise.all(operations.map((one) => submit(node, one)))) {
      expect(answer.error, JSON.stringify(answer)).to.equal(undefined);
    }
  };

  isIncluded = async (node: AccessNode, ...operations: UserOperation[]) =>
    (await Promise.all(operations.map((one) => statusOf(node, one)))).every((status) => status?.state === "included");

  untilWaiting = (count: number) => until(`${count} transactions wait`, () => this.chain.waiting.length === count);

  sentBy = (wallet: Wallet) => this.chain.waiting.filter(({ from }) => from === wallet.address);

  expectEachOnce = (...operations: UserOperation[]) => {
    for (const one of operations) expect(this.chain.executed.get(pretendHash(one)) ?? 0).to.equal(1);
    expect(this.chain.replacements).to.deep.equal([]);
  };
}
