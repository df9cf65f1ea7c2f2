import { expect } from "chai";
import type { AccessNode } from "../../../src/access/access-node.ts";
import type { UserOperation } from "../../../src/core/user-operation.ts";
import type { Database } from "../../../src/store/database.ts";
import { emptyTables } from "../../store/databases.ts";
import { openMigrated } from "../../store/migrated-database.ts";
import { placesToTry } from "../../support/long-run.ts";
import { type Obstacle, PretendChain, pretendHash } from "../pretend-chain.ts";
import { pause, pretendOperation, relayWallet, startPretendNode, statusOf, submit, until } from "../pretend-node.ts";

/** Calls of database and node, in the order in which they begin, after which a test has seen every part of the work. */
const CALLS = 56;
/** So short that whoever follows need not wait for long, and that some are lost by mere slowness. */
const LEASE = 9_000;

/** Ends a process, as far as anybody outside can tell, before or after one of its calls has its effect. */
class Crash {
  dead = false;
  readonly #at: number;
  readonly #effect: boolean;
  #calls = 0;

  constructor(at: number, effect: boolean) {
    this.#at = at;
    this.#effect = effect;
  }

  begin(): number {
    this.#check();
    const call = ++this.#calls;
    if (call === this.#at && !this.#effect) this.#die();
    return call;
  }

  end(call: number): void {
    if (call === this.#at && this.#effect) this.#die();
    this.#check();
  }

  /** Obstacle for the node's calls. Looks at the height are left out: they come all the time and change nothing. */
  get obstacle(): Obstacle {
    const calls: number[] = [];
    return {
      before: (what) => {
        if (what === "eth_blockNumber") return this.#check();
        calls.push(this.begin());
      },
      after: (what, answer) => {
        if (what !== "eth_blockNumber") this.end(calls.pop() ?? 0);
        return answer;
      },
    };
  }

  database(db: Database): Database {
    const around = (inner: Database): Database => ({
      kind: inner.kind,
      query: async <Row>(text: string, params?: unknown[]) => {
        const call = this.begin();
        const rows = await inner.query<Row>(text, params);
        this.end(call);
        return rows;
      },
      transaction: async (work) => {
        let commit = 0;
        const result = await inner.transaction(async (tx) => {
          const done = await work(around(tx));
          commit = this.begin();
          return done;
        });
        this.end(commit);
        return result;
      },
      close: () => inner.close(),
    });
    return around(db);
  }

  #check(): void {
    if (this.dead) throw new Error("this process is dead");
  }

  #die(): void {
    this.dead = true;
    this.#check();
  }
}

describe("an access node that is killed", function () {
  this.timeout(400_000);
  let db: Database;

  before(async () => {
    db = await openMigrated();
  });
  after(() => db.close());

  /** Operations are handed over until they are taken, blocks are mined, the node dies at one call and another follows. */
  async function run(at: number, effect: boolean): Promise<{ crashed: boolean }> {
    await emptyTables(db);
    const chain = new PretendChain();
    const relays = [relayWallet(chain, 1), relayWallet(chain, 2)];
    const crash = new Crash(at, effect);
    const running: AccessNode[] = [];
    let node: AccessNode | undefined;
    const follow = async () => {
      node = await startPretendNode(chain, db, relays, { leaseTime: LEASE });
      running.push(node);
    };
    const first = startPretendNode(chain, crash.database(db), relays, {
      ...{ obstacle: crash.obstacle, leaseTime: LEASE },
    }).then(
      (started) => {
        running.push(started);
        node ??= started;
      },
      () => undefined,
    );
    const operations: UserOperation[] = [
      pretendOperation(chain, { sender: 1 }),
      pretendOperation(chain, { sender: 1 }),
      pretendOperation(chain, { sender: 2, nonce: 5n << 64n }),
      pretendOperation(chain, { sender: 2, nonce: (5n << 64n) + 1n }),
    ];
    let over = false;
    const mining = (async () => {
      for (; !over; await pause(20)) chain.mine();
    })();
    const replacing = (async () => {
      await until("it is dead or all is done", () => crash.dead || over);
      if (!crash.dead) return;
      // Whatever the node of the chain had and did not mine is gone with it, every other time.
      if (at % 2 === 0) chain.losePool();
      node = undefined;
      await first;
      await follow();
    })();
    try {
      for (const one of operations) {
        await until("it is taken", async () => {
          const answer = node === undefined ? undefined : await submit(node, one);
          return answer?.result === pretendHash(one);
        });
      }
      const ends = () =>
        Promise.all(operations.map(async (one) => node && (await statusOf(node, one).catch(() => null))));
      await until("all have ended", async () => (await ends()).every((end) => end && end.state === "included"));
      const open = () => db.query<{ hash: string }>("select 1 from relay_bundles", []);
      await until("no bundle is left", async () => (await open()).length === 0);
    } finally {
      over = true;
    }
    await Promise.all([mining, replacing]);
    await Promise.all(running.map((one) => one.stop()));
    for (const one of operations) expect(chain.executed.get(pretendHash(one)), pretendHash(one)).to.equal(1);
    expect(chain.replacements).to.deep.equal([]);
    const states = await db.query<{ state: string }>("select state from operation_pool", []);
    expect(states.map(({ state }) => state)).to.deep.equal(operations.map(() => "included"));
    return { crashed: crash.dead };
  }

  for (const effect of [false, true]) {
    const moment = effect ? "after a call took effect and before its answer" : "before a call took effect";
    it(`${moment} leaves nothing lost, nothing included twice and no nonce used for two bundles`, async () => {
      let crashes = 0;
      const places = placesToTry(CALLS, effect ? 3 : 1);
      for (const at of places) {
        const { crashed } = await run(at, effect).catch((error: Error) => {
          throw new Error(`killed at call ${at}: ${error.message}`, { cause: error });
        });
        if (crashed) crashes++;
      }
      console.log(`      killed at ${crashes} of ${places.length} calls`);
      expect(crashes).to.be.at.least(places.length * 0.8);
    });
  }
});
