import { expect } from "chai";
import { named, type Property } from "./property.ts";

export const QUOTA: readonly Property[] = [
  {
    title: "quota never exceeds its ceiling",
    check: (_, __, ___, { quotas }) => {
      for (const { own, ceiling } of quotas.standings.values()) expect(own <= ceiling).to.equal(true);
    },
  },
  {
    title: "quota grows by its periods' grants and shrinks by charges, and by nothing else",
    check: (_, history, before, after) => {
      for (const [account, now] of after.quotas.standings) {
        const then = before.quotas.standings.get(account);
        if (then === undefined || then.number !== now.number || now.number === 0n) continue;
        const periods = after.quotas.block / now.period - before.quotas.block / now.period;
        const granted = then.own + periods * now.grant;
        const charges = named(history, "Charged").filter(({ args }) => args[1] === account);
        const charged = charges.reduce((total, { args }) => total + (args[2] as bigint), 0n);
        // The smaller one of two bigints, which Math.min does not take.
        const [least = 0n] = [granted, now.ceiling].sort((a, b) => (a < b ? -1 : 1));
        expect(now.own).to.equal(least - charged);
      }
    },
  },
  {
    title: "an included operation was charged once, to its account or its sponsor",
    check: async ({ quota }, history) => {
      const charges = named(history, "Charged");
      expect(charges.length).to.be.at.most(1);
      for (const { args } of charges) {
        const [account, payer] = args as [string, string];
        const ended = named(history, "SponsorChanged").length > 0;
        if (payer !== account && !ended) expect(await quota.sponsorOf(account)).to.equal(payer);
      }
    },
  },
  {
    title: "Quota goes by the level that Certifications tells",
    check: async ({ certifications, quota, users }) => {
      for (const { address } of users) {
        const [number] = await certifications.levelOf(address);
        expect(await quota.classOf(address)).to.equal(number);
      }
    },
  },
];
