import { expect } from "chai";
import { growthOf, named, type Property, sum, vouchersOf } from "./property.ts";

/** How much of a voucher there is, and who brought it into the world. */
export const SUPPLY: readonly Property[] = [
  {
    title: "what circulates never grows beyond the cap, and is above it only where an order put the cap below",
    check: (_, history, before, after) => {
      for (const [then, now] of vouchersOf(before, after)) {
        const lowered = named(history, "OrderExecuted").length > 0 || then.circulating > then.cap;
        if (!lowered || now.circulating > then.circulating)
          expect(now.circulating <= now.cap, "above cap").to.equal(true);
      }
    },
  },
  {
    title: "the sum of all balances is what circulates",
    check: (_, __, ___, { vouchers }) => {
      for (const { holdings, circulating } of vouchers) expect(sum(holdings.values())).to.equal(circulating);
    },
  },
  {
    title: "only allocations and redemptions change what circulates",
    check: (_, history, before, after) => {
      for (const [then, now] of vouchersOf(before, after)) {
        const grown = sum(named(history, "Allocated", now.address).map(({ args }) => args[2] as bigint));
        const ended = sum(named(history, "Redeemed", now.address).map(({ args }) => args[1] as bigint));
        expect(now.circulating - then.circulating).to.equal(grown - ended);
        const confirmed = named(history, "RedemptionConfirmed").length;
        expect(named(history, "Redeemed").length).to.equal(confirmed);
      }
    },
  },
  {
    title: "an agent allocates within its own cap, and every unit of it is counted",
    check: async ({ vouchers: [milk], bank }, history, before, after) => {
      for (const { args } of named(history, "Allocated", String(milk.target))) {
        const [to, , units] = args as [string, bigint, bigint];
        expect(growthOf(before, after, 0).get(to)).to.equal(units);
        // Who allocated is who sent the operation: its charge says so.
        const sender = named(history, "Charged")[0]?.args[0] as string;
        if (sender === bank.address) continue;
        const [cap, allocated] = await milk.agentOf(sender);
        expect(allocated <= cap && allocated >= units, "agent beyond its cap").to.equal(true);
      }
    },
  },
  {
    title: "a lot is whole and with one holder, or redeemed and with none",
    check: async ({ vouchers: [, , lots] }, _, __, { vouchers }) => {
      const { balances } = vouchers[2] as (typeof vouchers)[number];
      for (const [id, holders] of balances.entries()) {
        const { face, redeemed, hands } = await lots.lotOf(id);
        const held = [...holders.values()].filter((units) => units !== 0n);
        expect(held).to.deep.equal(redeemed || id === 0 ? [] : [face]);
        expect(hands <= 3n).to.equal(true);
      }
    },
  },
];
