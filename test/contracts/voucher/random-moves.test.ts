import { expect } from "chai";
import fc from "fast-check";
import { blockNumber, networkHelpers, signerAt } from "../support/chain.ts";
import { attempt, compareCustody, Ledger, type Moves, movesTown } from "../support/voucher-ledger.ts";
import { asRedemptions, ordered, policy } from "../support/vouchers.ts";

const RUNS = 12 * Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 100);
const KEEPER = 3;

type Step = (world: Moves, ledger: Ledger, count: (what: string) => void) => Promise<void>;

const user = fc.nat(2);
const amount = fc.oneof(fc.nat(12), fc.nat(70));

const allocate = fc.tuple(user, amount).map(
  ([to, units]): Step =>
    async (p, ledger, count) => {
      const bank = await signerAt(p.bank.address);
      const allowed = units > 0 && ledger.circulating + units <= ledger.cap;
      const send = () => p.splittable.connect(bank).allocate(p.holders[to] as string, units);
      if (!(await attempt(send, allowed, `allocate ${units}`))) return count("allocation refused");
      ledger.move(undefined, to, units);
      ledger.receive(to, units, await blockNumber());
      count("allocated");
    },
);

const transfer = fc.tuple(user, user, fc.array(amount, { minLength: 1, maxLength: 3 })).map(
  ([from, to, parts]): Step =>
    async (p, ledger, count) => {
      const units = parts.reduce((sum, one) => sum + one, 0);
      const block = (await blockNumber()) + 1;
      const allowed = ledger.mayTransfer(from, to, parts, block);
      const [sender, receiver] = [p.holders[from] as string, p.holders[to] as string];
      const voucher = p.splittable.connect(await signerAt(sender));
      const possible = await voucher.canTransfer(sender, receiver, 0, units, { blockTag: "pending" });
      expect(possible, `${from} could transfer ${units} to ${to}`).to.equal(
        ledger.mayTransfer(from, to, [units], block),
      );
      const ids = parts.map(() => 0);
      const single = () => voucher.safeTransferFrom(sender, receiver, 0, units, "0x");
      const batch = () => voucher.safeBatchTransferFrom(sender, receiver, ids, parts, "0x");
      if (!(await attempt(parts.length === 1 ? single : batch, allowed, `${from} -> ${to}: ${units} in ${block}`))) {
        return count("transfer refused");
      }
      count("transferred");
      if (from === to) return;
      ledger.move(from, to, units);
      if (ledger.period.blocks > 0) ledger.sent.push({ who: from, block, amount: units });
      ledger.receive(to, units, block);
    },
);

/** Mostly what the holder has, and now and then what it has not. */
const escrow = fc.tuple(user, amount, fc.nat(3)).map(
  ([holder, asked, beyond]): Step =>
    async (p, ledger, count) => {
      const keeper = await asRedemptions(p, p.splittable);
      const movable = Math.max((ledger.balances[holder] as number) - (ledger.frozen[holder] as number), 0);
      const units = beyond === 0 ? asked : asked % (movable + 1);
      const allowed = units > 0 && units <= movable;
      if (!(await attempt(() => keeper.escrow(p.holders[holder] as string, 0, units), allowed, `escrow ${units}`)))
        return;
      ledger.move(holder, KEEPER, units);
      count("escrowed");
    },
);

/** Mostly of what is there: units that wait are few. */
const release = fc.tuple(user, amount, fc.boolean(), fc.nat(3)).map(
  ([holder, asked, redeem, beyond]): Step =>
    async (p, ledger, count) => {
      const keeper = await asRedemptions(p, p.splittable);
      const waiting = ledger.balances[KEEPER] as number;
      const units = beyond === 0 ? asked : asked % (waiting + 1);
      const send = () => (redeem ? keeper.redeem(0, units) : keeper.giveBack(p.holders[holder] as string, 0, units));
      if (!(await attempt(send, units <= waiting, `release ${units}`))) return count("release refused");
      ledger.move(KEEPER, redeem ? undefined : holder, units);
      if (units > 0) count(redeem ? "redeemed" : "given back");
    },
);

const freeze = fc.tuple(user, amount).map(
  ([holder, units]): Step =>
    async (p, ledger) => {
      await ordered(p, p.splittable, "setFrozenTokens", [p.holders[holder], 0, units]);
      ledger.frozen[holder] = units;
    },
);

const force = fc.tuple(user, user, amount).map(
  ([from, to, units]): Step =>
    async (p, ledger, count) => {
      const balance = ledger.balances[from] as number;
      const frozen = ledger.frozen[from] as number;
      const allowed = units > 0 && units <= balance;
      const args = [p.holders[from], p.holders[to], 0, units];
      const done = ordered(p, p.splittable, "forcedTransfer", args).then(() => ({ wait: async () => undefined }));
      if (!(await attempt(() => done, allowed, `force ${units}`))) return;
      ledger.frozen[from] = frozen - Math.max(units - Math.max(balance - frozen, 0), 0);
      count("forced");
      if (from === to) return;
      ledger.move(from, to, units);
      ledger.receive(to, units, await blockNumber());
    },
);

const regulate = fc.tuple(fc.nat(12), fc.nat(12), fc.integer({ min: 1, max: 40 })).map(
  ([holding, period, most]): Step =>
    async (p, ledger) => {
      const limit = period === 0 ? {} : { periodBlocks: period, periodAmount: BigInt(most) };
      await ordered(p, p.splittable, "setPolicy", [policy({ holdingBlocks: holding, ...limit })]);
      ledger.holding = holding;
      ledger.period = { blocks: period, amount: period === 0 ? 0 : most };
    },
);

const recap = fc.nat(80).map(
  (cap): Step =>
    async (p, ledger) => {
      await ordered(p, p.splittable, "setCap", [cap, true]);
      ledger.cap = cap;
    },
);

const rest = fc.integer({ min: 1, max: 10 }).map(
  (blocks): Step =>
    async () => {
      await networkHelpers.mine(blocks);
    },
);

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: allocate },
    { weight: 9, arbitrary: transfer },
    { weight: 4, arbitrary: escrow },
    { weight: 4, arbitrary: release },
    { weight: 1, arbitrary: freeze },
    { weight: 2, arbitrary: force },
    { weight: 1, arbitrary: regulate },
    { weight: 1, arbitrary: recap },
    { weight: 3, arbitrary: rest },
  ),
  { minLength: 30, maxLength: 50, size: "max" },
);

async function compare(p: Moves, ledger: Ledger): Promise<void> {
  const voucher = p.splittable;
  const balances = await voucher.balanceOfBatch(p.holders, [0, 0, 0, 0]);
  expect(balances.map(Number)).to.deep.equal(ledger.balances);
  expect(Number(await voucher.circulating())).to.equal(ledger.circulating);
  expect(Number(await voucher.cap())).to.equal(ledger.cap);
  for (const [holder, frozen] of ledger.frozen.entries()) {
    expect(Number(await voucher.getFrozenTokens(p.holders[holder] as string, 0))).to.equal(frozen);
  }
  ledger.custody.push([await blockNumber(), ledger.balances[0] as number]);
}

describe("Vouchers under random allocations, transfers, presentations and orders", function () {
  this.timeout(RUNS * 60_000);

  it("do what a plain ledger of all that happened says: balances, cap, freezes, windows, custody as of each block", async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
    const play = fc.asyncProperty(steps, async (all) => {
      const p = await movesTown();
      const ledger = new Ledger();
      for (const step of all) {
        await step(p, ledger, count);
        await compare(p, ledger);
      }
      await compareCustody(p, p.splittable, ledger.custody);
    });
    await fc.assert(play, { numRuns: RUNS, endOnFailure: true });
    const wanted = ["allocated", "transferred", "escrowed", "redeemed", "given back", "forced"];
    for (const what of [...wanted, "allocation refused", "transfer refused", "release refused"]) {
      expect(counts.get(what) ?? 0, what).to.be.greaterThan(0);
    }
  });
});
