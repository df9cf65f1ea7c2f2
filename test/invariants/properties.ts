import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { blockNumber, ethers } from "../contracts/support/chain.ts";
import { balancesOf, codesOf, type History, quotasOf, type World } from "./world.ts";

/** State that a step is compared with. */
export interface Before {
  balances: Map<string, bigint>;
  quotas: Awaited<ReturnType<typeof quotasOf>>;
  records: Map<string, bigint[]>;
  codes: string[];
  accounts: bigint;
  seats: string[];
}

export async function observe(world: World, records: Map<string, bigint[]>): Promise<Before> {
  return {
    balances: await balancesOf(world),
    quotas: await quotasOf(world),
    records,
    codes: await codesOf(world),
    accounts: await world.accountFactory.count(),
    seats: [...(await world.council.seats())],
  };
}

/** A property: what must hold after each step, whatever the step was. Titles are those of INVARIANTS.md. */
export interface Property {
  title: string;
  check(world: World, history: History, before: Before, after: Before): Promise<void> | void;
}

export const PROPERTIES: readonly Property[] = [
  {
    title: "what circulates never exceeds the cap",
    check: async ({ voucher }) => {
      expect(await voucher.circulating()).to.be.at.most(await voucher.cap());
    },
  },
  {
    title: "the sum of all balances is what circulates",
    check: async ({ voucher }, _, __, { balances }) => {
      const sum = [...balances.values()].reduce((total, balance) => total + balance, 0n);
      expect(sum).to.equal(await voucher.circulating());
    },
  },
  {
    title: "only the issuer's allocations change what circulates",
    check: (_, { events }, before, after) => {
      const sum = (balances: Map<string, bigint>) => [...balances.values()].reduce((total, one) => total + one, 0n);
      const allocated = events.filter(({ name }) => name === "Allocated").map(({ args }) => args[2] as bigint);
      const grown = allocated.reduce((total, one) => total + one, 0n);
      expect(sum(after.balances) - sum(before.balances)).to.equal(grown);
    },
  },
  {
    title: "vouchers enter and leave only accounts that the issuer accepts",
    check: async ({ certifications, bank, voucher }, _, before, after) => {
      const level = await voucher.holderLevel();
      for (const [holder, balance] of after.balances) {
        if (balance === before.balances.get(holder)) continue;
        const [answer] = await certifications.accepts(bank.address, holder, level);
        expect(answer, `${holder} is not accepted`).to.equal(0n);
      }
    },
  },
  {
    title: "quota never exceeds its ceiling",
    check: (_, __, ___, { quotas }) => {
      for (const { own, ceiling } of quotas.standings.values()) expect(own <= ceiling).to.equal(true);
    },
  },
  {
    title: "quota grows by its periods' grants and shrinks by charges, and by nothing else",
    check: (_, { events }, before, after) => {
      for (const [account, now] of after.quotas.standings) {
        const then = before.quotas.standings.get(account);
        if (then === undefined || then.number !== now.number || now.number === 0n) continue;
        const periods = after.quotas.block / now.period - before.quotas.block / now.period;
        const granted = then.own + periods * now.grant;
        const charges = events.filter(({ name, args }) => name === "Charged" && args[1] === account);
        const charged = charges.reduce((total, { args }) => total + (args[2] as bigint), 0n);
        expect(now.own).to.equal(smaller(granted, now.ceiling) - charged);
      }
    },
  },
  {
    title: "an included operation was charged once, to its account or its sponsor",
    check: async ({ quota }, { events }) => {
      const charges = events.filter(({ name }) => name === "Charged");
      expect(charges.length).to.be.at.most(1);
      for (const { args } of charges) {
        const [account, payer] = args as [string, string];
        const ended = events.some(({ name }) => name === "SponsorChanged");
        if (payer !== account && !ended) expect(await quota.sponsorOf(account)).to.equal(payer);
      }
    },
  },
  {
    title: "an operation is included at most once, and never after its deadline",
    check: async ({ entryPoint }, { signed, included }) => {
      // `send` has thrown by now if either happened; each inclusion also has to have used its serial up.
      const last = signed.at(-1);
      if (last === undefined) return;
      const { sender, nonce } = last.operation;
      const hash = await entryPoint.getFunction("getNonce")(sender, nonce >> 64n);
      expect([nonce, nonce + 1n]).to.include(hash);
      const head = await blockNumber();
      for (const block of included.values()) expect(block).to.be.at.most(head);
    },
  },
  {
    title: "a chained object has no fork: its links are the accepted ones, in their order",
    check: async ({ records, object }, { links, events }) => {
      const [, length, head] = (await records.objectOf(object)) as unknown as [string, bigint, string];
      expect(length).to.equal(BigInt(links.length));
      if (links.length > 0) expect(head).to.equal(links.at(-1));
      for (const { name, args } of events) {
        if (name !== "Linked") continue;
        expect(args[2]).to.equal(BigInt(links.length - 1));
        expect(args[3]).to.equal(links.at(-2) ?? `0x${"0".repeat(64)}`);
      }
    },
  },
  {
    title: "a record never changes but for its status, which goes one way",
    check: async ({ records }, _, before) => {
      for (const [id, [recordedAt, kind, algorithm, status]] of before.records) {
        const now = await records.recordOf(id);
        expect([now.recordedAt, now.kind, now.algorithm]).to.deep.equal([recordedAt, kind, algorithm]);
        expect(status === 1n || now.status === status).to.equal(true);
      }
    },
  },
  {
    title: "a record is made only by an account that may record evidence",
    check: async ({ certifications }, { events }) => {
      for (const { name, args } of events) {
        if (name !== "Recorded") continue;
        const responsible = await certifications.requireEvidence(args[1] as string);
        expect(responsible === ZeroAddress || args.includes(responsible)).to.equal(true);
      }
    },
  },
  {
    title: "an account's code never changes, and its number stays its own",
    check: async ({ accountFactory, everybody }, _, before, after) => {
      expect(after.codes).to.deep.equal(before.codes);
      for (const { address } of everybody) {
        expect(await accountFactory.accountOf(await accountFactory.idOf(address))).to.equal(address);
      }
    },
  },
  {
    title: "the strongest live certification is the account's level, and no other",
    check: async ({ certifications, users }) => {
      const { timestamp = 0 } = (await ethers.provider.getBlock("latest")) ?? {};
      for (const { address } of users) {
        let highest = 0n;
        for (const certifier of await certifications.certifiersOf(address)) {
          const { level, status, expiresAt } = await certifications.certification(address, certifier);
          const { rank } = await certifications.level(level);
          if (status === 1n && expiresAt > BigInt(timestamp) && rank > highest) highest = rank;
        }
        const [number] = await certifications.levelOf(address);
        expect((await certifications.level(number)).rank).to.equal(highest);
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
  {
    title: "operations change neither seats nor the number of accounts, unless one creates an account",
    check: (_, { events }, before, after) => {
      expect(after.seats).to.deep.equal(before.seats);
      const created = events.filter(({ name }) => name === "AccountCreated").length;
      expect(after.accounts - before.accounts).to.equal(BigInt(created));
    },
  },
];

/** Records that exist after a step's events. */
export async function recordsAfter(world: World, history: History, known: Map<string, bigint[]>) {
  const records = new Map<string, bigint[]>();
  const created = history.events.filter(({ name }) => name === "Recorded");
  const ids = [...known.keys()];
  for (const { args } of created) {
    ids.push(await world.records.recordId(args[1] as string, args[0] as string, args[2] as string));
  }
  for (const id of ids) {
    const { recordedAt, kind, algorithm, status } = await world.records.recordOf(id);
    records.set(id, [recordedAt, kind, algorithm, status]);
  }
  return records;
}

function smaller(one: bigint, other: bigint): bigint {
  if (one < other) return one;
  return other;
}
