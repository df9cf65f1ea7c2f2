import { expect } from "chai";
import { toBeHex, Wallet } from "ethers";
import { LocalSigner } from "../../src/chain/signing/local-signer.ts";
import type { ActKind, AnyActKind } from "../../src/operator/act-kind.ts";
import { actContext } from "../../src/operator/context.ts";
import { Operator } from "../../src/operator/operator.ts";
import { requestAct } from "../../src/operator/request.ts";
import type { Database } from "../../src/store/database.ts";
import { type ActRow, findAct } from "../../src/store/queries/operator/acts.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { CHAIN_ID } from "../support/chain-id.ts";
import { placesToTry } from "../support/long-run.ts";
import { Mortal } from "./crashing.ts";
import { TinyChain } from "./tiny-chain.ts";

const KEY = new Wallet(`0x${"42".repeat(32)}`);
const STEPS = 3;
const BY = { id: "key", role: "operator", account: null, tenant: "key", requestId: "r", idempotencyKey: undefined };

/** Calls that tell which act and step they are of. */
const dataOf = (input: { run: number }, step: number) => toBeHex(input.run * 16 + step, 8);
const stepsOf = (input: { run: number }) =>
  Array.from({ length: STEPS }, (_, step) => ({
    ...{ what: `step ${step}`, by: "operator" as const, to: KEY.address },
    ...{ data: dataOf(input, step), gasLimit: 100_000 },
  }));

const oneByOne: ActKind<{ run: number }> = {
  name: "test.one-by-one",
  steps: async (input, _, included) => stepsOf(input).slice(included),
};
/** Sends everything, and finds out from the chain what is left, as a deployment does. */
const atOnce: ActKind<{ run: number }> = {
  name: "test.at-once",
  atOnce: true,
  steps: async (input, at) => {
    const steps = stepsOf(input);
    const left = await Promise.all(steps.map(({ data }) => at.rpc.call("test_isMissing", [data])));
    return steps.filter((_, index) => left[index]);
  },
};
const KINDS = new Map<string, AnyActKind>([oneByOne, atOnce].map((kind) => [kind.name, kind]));

/** A chain that also says what has not happened on it. */
class KnowingChain extends TinyChain {
  override async call<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
    if (method !== "test_isMissing") return super.call<Result>(method, params);
    return !this.included.some(({ transaction }) => transaction.data === params[0]) as Result;
  }
}

describe("An act whose process dies", function () {
  this.timeout(240_000);
  let db: Database;
  let chain: KnowingChain;
  let run = 0;
  let asking: ReturnType<typeof actContext>;

  before(async () => {
    db = await openMigrated();
    chain = new KnowingChain();
    asking = actContext(chain, CHAIN_ID, KEY.address, undefined);
  });
  after(async () => {
    asking.close();
    await db.close();
  });

  function process(mortal: Mortal): Operator {
    return new Operator({
      ...{ db: mortal.database(db), rpc: mortal.rpc(chain), chainId: CHAIN_ID, development: true },
      ...{ operator: mortal.signer(new LocalSigner(KEY.privateKey)), kinds: KINDS, pollInterval: 1 },
    });
  }

  async function ended(id: number, signal: { dead: boolean }): Promise<ActRow> {
    for (;;) {
      const act = (await findAct(db, id)) as ActRow;
      if (act.ended_at !== null || signal.dead) return act;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** One act, carried out by a process that dies at an await, and by the next one. @returns awaits of the first */
  async function survive(kind: ActKind<never>, at: number, effect: "before" | "after"): Promise<number> {
    const input = { run: ++run };
    const first = new Mortal(at, effect);
    const life = { dead: false };
    first.died.then(() => {
      life.dead = true;
    });
    const one = process(first);
    const { act } = await requestAct(db, asking, kind as AnyActKind, input, BY, { needsConfirmation: false, now: 1 });
    const starting = one.start();
    await Promise.race([starting, first.died]);
    let last = await ended(act.id, life);
    const awaits = first.count;
    if (!life.dead) await one.stop();
    else {
      // The dead one's lease runs out.
      await db.query("update key_leases set expires_at = 0");
      const second = process(new Mortal(0, "before"));
      await second.start();
      last = await ended(act.id, { dead: false });
      await second.stop();
    }
    expect(last.state, `${kind.name} ${effect} await ${at}: ${JSON.stringify(last)}`).to.equal("done");
    const mine = chain.included.filter(({ transaction }) => Number(transaction.data) >> 4 === input.run);
    expect(mine.map(({ transaction }) => transaction.data)).to.deep.equal(stepsOf(input).map(({ data }) => data));
    return awaits;
  }

  for (const kind of KINDS.values()) {
    for (const effect of ["before", "after"] as const) {
      it(`is done once by the next, ${kind.name}, wherever it died: ${effect} the effect of an await`, async () => {
        const enough = await survive(kind, 0, effect);
        expect(enough).to.be.greaterThan(20);
        for (const at of placesToTry(enough, effect === "before" ? 1 : 3)) await survive(kind, at, effect);
        expect(chain.replaced).to.deep.equal([]);
      });
    }
  }
});
