import { expect } from "chai";
import { ethers } from "../../contracts/support/chain.ts";
import { named, type Property } from "./property.ts";

/** What each kind of thing may become, by status. What the passing of blocks does is among it. */
const STEPS: Readonly<Record<string, Readonly<Record<string, readonly bigint[]>>>> = {
  order: { 1: [1n, 2n, 3n, 4n, 5n], 2: [2n], 3: [3n], 4: [4n], 5: [5n] },
  reset: {
    1: [1n, 2n, 5n, 6n, 7n],
    2: [2n, 3n, 4n, 5n, 6n, 7n],
    3: [3n, 4n, 5n, 6n, 7n],
    4: [4n],
    5: [5n],
    6: [6n],
    7: [7n],
  },
  redemption: { 1: [1n, 2n, 3n, 4n], 2: [2n], 3: [3n], 4: [4n] },
  settlement: { 1: [1n, 2n, 3n, 4n, 5n], 2: [2n], 3: [3n], 4: [4n], 5: [4n, 5n] },
  agreement: { 1: [1n, 2n, 3n, 4n], 2: [2n], 3: [3n], 4: [4n] },
};

/** Who may decide what, and that what is over is over. */
export const AUTHORITY: readonly Property[] = [
  {
    title: "no enforcement without an order: every measure stands under one that was executed in that very step",
    check: async ({ orders, vouchers }, history) => {
      const executed = named(history, "OrderExecuted").map(({ args }) => args[0] as bigint);
      expect(executed.length).to.be.at.most(1);
      for (const { args, address } of named(history, "MeasureTaken")) {
        expect(executed).to.include(args[0] as bigint);
        const { status, target, subject } = await orders.orderOf(args[0] as bigint);
        expect([status, target]).to.deep.equal([2n, address]);
        if (BigInt(args[2] as string) !== 0n) expect(subject).to.equal(args[2]);
      }
      for (const name of ["FreezeChanged", "PolicyChanged", "CapChanged", "Frozen", "ForcedTransfer"]) {
        for (const voucher of vouchers) {
          if (named(history, name, String(voucher.target)).length > 0) expect(executed).to.have.length(1);
        }
      }
    },
  },
  {
    title: "an order is executed at most once, and not after its last block",
    check: async ({ orders }, history, before, { block }) => {
      for (const { args } of named(history, "OrderExecuted")) {
        const id = args[0] as bigint;
        expect(history.executed.has(id), "executed twice").to.equal(false);
        history.executed.add(id);
        expect(before.statuses.get(`order ${id}`)).to.equal(1n);
        expect(BigInt(block) <= (await orders.orderOf(id)).lastBlock).to.equal(true);
      }
    },
  },
  {
    title: "what has ended stays ended: orders, resets, redemptions, settlements and agreements go one way",
    check: (_, __, before, after) => {
      for (const [id, status] of before.statuses) {
        const kind = id.split(" ")[0] ?? "";
        const allowed = STEPS[kind]?.[String(status)];
        expect(allowed, `${id} was ${status}`).to.include(after.statuses.get(id));
      }
    },
  },
  {
    title: "nobody gets through where only Council, an order or another contract may",
    check: (_, { intrusion }) => {
      expect(intrusion).to.equal(undefined);
    },
  },
  {
    title: "only Council changes seats, validators and classes: no operation and no key does",
    check: (_, __, before, after) => {
      expect(after.seats).to.deep.equal(before.seats);
      expect(after.validators).to.deep.equal(before.validators);
      expect(after.classes).to.deep.equal(before.classes);
    },
  },
  {
    title: "no contract creates code but the factories, and an account only comes with its creation",
    check: (_, history, before, after) => {
      expect(after.accountCount - before.accountCount).to.equal(BigInt(named(history, "AccountCreated").length));
      expect(after.nonces).to.deep.equal(before.nonces);
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
];
