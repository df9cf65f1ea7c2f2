import { expect } from "chai";
import { growth, growthOf, named, type Property, vouchersOf } from "./property.ts";

/** Who may give and get units, and when. */
export const TRANSFERS: readonly Property[] = [
  {
    title: "vouchers enter and leave only accounts that the issuer accepts, save by redemption, return or order",
    check: async ({ certifications, vouchers, redemptions }, history, before, after) => {
      if (named(history, "OrderExecuted").length > 0) return;
      const returned = named(history, "RedemptionRefused").length + named(history, "RedemptionDefaulted").length > 0;
      for (const [at, [then, now]] of vouchersOf(before, after).entries()) {
        const voucher = vouchers[at] as (typeof vouchers)[number];
        const [issuer, level] = await Promise.all([voucher.issuer(), voucher.holderLevel()]);
        for (const [holder, change] of growth(then, now)) {
          if (holder === redemptions.target || (returned && change > 0n)) continue;
          const [answer] = await certifications.accepts(issuer, holder, level);
          expect(answer, `${holder} is not accepted`).to.equal(0n);
        }
      }
    },
  },
  {
    title: "nobody's units move but by their holder, whom it approved, or an order",
    check: async ({ vouchers, settlements, everybody }, history, before, after) => {
      if (named(history, "OrderExecuted").length > 0) return;
      const sender = named(history, "Charged")[0]?.args[0] as string;
      for (const [at, [then, now]] of vouchersOf(before, after).entries()) {
        for (const [holder, change] of growth(then, now)) {
          if (change > 0n || !everybody.some(({ address }) => address === holder) || sender === holder) continue;
          const voucher = vouchers[at] as (typeof vouchers)[number];
          const approved = await voucher.isApprovedForAll(holder, sender);
          const taken = named(history, "OfferAccepted").map(({ args }) => args[0] as bigint);
          const makers = await Promise.all(taken.map(async (id) => (await settlements.offerOf(id)).maker));
          expect(approved || makers.includes(holder), `${sender} moved units of ${holder}`).to.equal(true);
        }
      }
    },
  },
  {
    title: "frozen units stay where they are until an order moves them",
    check: async ({ vouchers: [milk] }, history, before, after) => {
      if (named(history, "OrderExecuted").length > 0) return;
      for (const [holder, change] of growthOf(before, after, 0)) {
        if (change > 0n) continue;
        const frozen = await milk.getFrozenTokens(holder, 0);
        expect((after.vouchers[0]?.holdings.get(holder) ?? 0n) >= frozen, `${holder} moved frozen units`).to.equal(
          true,
        );
      }
    },
  },
  {
    title: "nothing moves in a frozen voucher but what returns or an order moves",
    check: async ({ vouchers: [milk], redemptions }, history, before, after) => {
      if (named(history, "OrderExecuted").length > 0 || !(await milk.frozen())) return;
      const changes = growthOf(before, after, 0);
      const fromRedemptions = changes.get(String(redemptions.target)) ?? 0n;
      expect(changes.size === 0 || fromRedemptions < 0n, "a frozen voucher moved").to.equal(true);
    },
  },
  {
    title: "nothing leaves an account while its key is being reset, but by an order",
    check: (_, history, before, after) => {
      if (named(history, "OrderExecuted").length > 0) return;
      for (const [then, now] of vouchersOf(before, after)) {
        for (const [holder, change] of growth(then, now)) {
          const { heldUntil = 0n } = after.accounts.get(holder) ?? {};
          if (change < 0n) expect(heldUntil < BigInt(after.block), `${holder} is held`).to.equal(true);
        }
      }
    },
  },
  {
    title: "what waits for redemption is what was presented and not answered",
    check: async ({ redemptions, vouchers }, _, __, after) => {
      const waiting = new Map(vouchers.map((voucher) => [String(voucher.target), 0n]));
      const count = Number(await redemptions.count());
      const all = await Promise.all(Array.from({ length: count }, (_, at) => redemptions.redemptionOf(at + 1)));
      for (const { voucher, amount, closedBlock } of all) {
        if (closedBlock === 0n) waiting.set(voucher, (waiting.get(voucher) ?? 0n) + amount);
      }
      for (const { address, holdings } of after.vouchers) {
        expect(holdings.get(String(redemptions.target))).to.equal(waiting.get(address));
      }
    },
  },
  {
    title: "units that are refused or overdue go back to who presented them",
    check: async ({ redemptions }, history, before, after) => {
      for (const { args } of [...named(history, "RedemptionRefused"), ...named(history, "RedemptionDefaulted")]) {
        const { voucher, holder, amount } = await redemptions.redemptionOf(args[0] as bigint);
        const at = after.vouchers.findIndex(({ address }) => address === voucher);
        const changes = growthOf(before, after, at);
        expect(changes.get(holder)).to.equal(amount);
        expect(changes.size).to.equal(2);
      }
    },
  },
  {
    title: "a settlement moves both of its legs, between its two sides and nobody else",
    check: async ({ settlements }, history, before, after) => {
      for (const { args } of named(history, "OfferAccepted")) {
        const [id, taker] = args as [bigint, string];
        const { maker, give, want, counterparty } = await settlements.offerOf(id);
        for (const [leg, from, to] of [
          [give, maker, taker],
          [want, taker, maker],
        ] as const) {
          const at = after.vouchers.findIndex(({ address }) => address === leg.voucher);
          const changes = growthOf(before, after, at);
          expect([...changes].sort()).to.deep.equal(
            [
              [from, -leg.amount],
              [to, leg.amount],
            ].sort(),
          );
        }
        if (BigInt(counterparty) !== 0n) expect(taker).to.equal(counterparty);
      }
    },
  },
];
