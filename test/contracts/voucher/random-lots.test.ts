import { expect } from "chai";
import fc from "fast-check";
import { digestOf } from "../support/actors.ts";
import { blockNumber, signerAt } from "../support/chain.ts";
import { attempt, compareCustody, type Ledger, type Moves, movesTown } from "../support/voucher-ledger.ts";

const RUNS = 12 * Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 100);
/** Face of each lot by its number, and who gets it first. */
const FACES = [0, 3, 5, 7, 11] as const;
const FIRST_OWNERS = [-1, 0, 1, 2, 0];
const LOTS = [1, 2, 3, 4];
const MOST_HANDS = 3;

type Item = [lot: number, how: string];

const user = fc.nat(2);
const item: fc.Arbitrary<Item> = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.constantFrom("whole", "whole", "whole", "nothing", "part"),
);
const transfer = fc.tuple(user, user, fc.array(item, { minLength: 1, maxLength: 3 }));

const faceOf = (lot: number) => FACES[lot] as number;
const sumOf = (lots: readonly number[]) => lots.reduce((sum, lot) => sum + faceOf(lot), 0);

/** Who has which lot, and through how many hands it went. */
class LotLedger {
  owners = [...FIRST_OWNERS];
  hands = FACES.map(() => 0);

  held(who: number): number {
    return sumOf(LOTS.filter((lot) => this.owners[lot] === who));
  }

  mayTransfer(from: number, to: number, items: readonly Item[]): boolean {
    const whole = wholeOf(items);
    if (items.some(([, how]) => how === "part")) return false;
    if (!whole.every((lot) => this.owners[lot] === from)) return false;
    // What is named twice counts twice, also where it would stay where it is.
    if (from === to) return sumOf(whole) <= this.held(from);
    return new Set(whole).size === whole.length && whole.every((lot) => (this.hands[lot] as number) < MOST_HANDS);
  }

  transfer(from: number, to: number, items: readonly Item[]): void {
    for (const lot of wholeOf(items)) {
      this.owners[lot] = to;
      if (from !== to) this.hands[lot] = (this.hands[lot] as number) + 1;
    }
  }
}

function wholeOf(items: readonly Item[]): number[] {
  return items.filter(([, how]) => how === "whole").map(([lot]) => lot);
}

function amountOf([lot, how]: Item): number {
  if (how === "whole") return faceOf(lot);
  return how === "part" ? faceOf(lot) - 1 : 0;
}

async function compare({ lots, holders }: Moves, ledger: LotLedger): Promise<void> {
  for (const lot of LOTS) {
    const balances = await lots.balanceOfBatch(holders, Array(holders.length).fill(lot));
    const wanted = holders.map((_, who) => (ledger.owners[lot] === who ? faceOf(lot) : 0));
    expect(balances.map(Number)).to.deep.equal(wanted);
    expect(Number((await lots.lotOf(lot)).hands)).to.equal(ledger.hands[lot]);
  }
  for (const who of [0, 1, 2]) {
    expect(Number(await lots.holdingOf(holders[who] as string))).to.equal(ledger.held(who));
  }
}

describe("Vouchers of lots under random transfers", function () {
  this.timeout(RUNS * 60_000);

  it("keep lots whole, each with one holder, and holdings the sums of their faces", async () => {
    let moved = 0;
    const transfers = fc.array(transfer, { minLength: 20, maxLength: 30, size: "max" });
    const play = fc.asyncProperty(transfers, async (all) => {
      const p = await movesTown();
      const addressOf = (who: number) => p.holders[who] as string;
      const ledger = new LotLedger();
      const custody: Ledger["custody"] = [];
      const first = FIRST_OWNERS.slice(1).map(addressOf);
      const digests = LOTS.map((lot) => digestOf(`lot ${lot}`));
      await p.lots.connect(await signerAt(p.bank.address)).allocateLots(first, FACES.slice(1), digests);
      for (const [from, to, items] of all) {
        const voucher = p.lots.connect(await signerAt(addressOf(from)));
        const [ids, amounts] = [items.map(([id]) => id), items.map(amountOf)];
        const send = () => voucher.safeBatchTransferFrom(addressOf(from), addressOf(to), ids, amounts, "0x");
        const allowed = ledger.mayTransfer(from, to, items);
        if (await attempt(send, allowed, `${from} -> ${to}: ${JSON.stringify(items)}`)) {
          ledger.transfer(from, to, items);
          moved += wholeOf(items).length;
        }
        await compare(p, ledger);
        custody.push([await blockNumber(), ledger.held(0)]);
      }
      await compareCustody(p, p.lots, custody);
    });
    await fc.assert(play, { numRuns: RUNS, endOnFailure: true });
    expect(moved).to.be.greaterThan(RUNS);
  });
});
