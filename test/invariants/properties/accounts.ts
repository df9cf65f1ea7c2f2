import { expect } from "chai";
import { blockNumber } from "../../contracts/support/chain.ts";
import { named, type Property } from "./property.ts";

/** Operations, and the keys and addresses of accounts. */
export const ACCOUNTS: readonly Property[] = [
  {
    title: "an operation is included at most once, and never after its deadline",
    check: async ({ entryPoint }, { signed, included }) => {
      // `send` has thrown by now if either happened; each inclusion also has to have used its serial up.
      const last = signed.at(-1);
      if (last === undefined) return;
      const { sender, nonce } = last.operation;
      const next = await entryPoint.getFunction("getNonce")(sender, nonce >> 64n);
      expect([nonce, nonce + 1n]).to.include(next);
      const head = await blockNumber();
      for (const block of included.values()) expect(block).to.be.at.most(head);
    },
  },
  {
    title: "an account's code never changes, and its number stays its own",
    check: async ({ accountFactory, everybody }, _, before, after) => {
      for (const [address, { code }] of after.accounts) expect(code).to.equal(before.accounts.get(address)?.code);
      for (const { address } of everybody) {
        expect(await accountFactory.accountOf(await accountFactory.idOf(address))).to.equal(address);
      }
    },
  },
  {
    title: "no key changes without its owner's operation or a completed reset",
    check: (_, history, before, after) => {
      const [operation] = named(history, "Charged");
      for (const [address, { signer, resets }] of after.accounts) {
        const then = before.accounts.get(address);
        const completed = named(history, "KeyResetCompleted").filter(({ args }) => args[1] === address);
        expect(resets - (then?.resets ?? 0n)).to.equal(BigInt(completed.length));
        if (signer === then?.signer) continue;
        expect(named(history, "SignerChanged", address)).to.have.length(1);
        const byOwner = operation?.args[0] === address && completed.length === 0;
        expect(byOwner || completed.length === 1, `the key of ${address} changed`).to.equal(true);
      }
    },
  },
  {
    title: "a completed reset rests on two valid records of its opener, which no other reset used",
    check: async ({ keyResets, records }, history, before, after) => {
      for (const { args } of named(history, "KeyResetCompleted")) {
        const id = args[0] as bigint;
        const { application, check, account, opener, waitingUntil, newSigner } = await keyResets.resetOf(id);
        for (const record of [application, check]) {
          expect((await records.recordOf(record)).status).to.equal(1n);
          expect(await keyResets.usedBy(record)).to.equal(id);
        }
        expect(application).not.to.equal(check);
        expect(named(history, "Charged")[0]?.args[0]).to.equal(opener);
        expect(after.block > Number(waitingUntil), "before the waiting period ended").to.equal(true);
        expect(after.accounts.get(account)?.signer).to.equal(newSigner);
        expect(before.statuses.get(`reset ${id}`)).not.to.equal(4n);
      }
    },
  },
  {
    title: "a reset starts only with a certifier behind it that the account has had for the minimum age",
    check: async ({ keyResets }, history, _, { block }) => {
      for (const { args } of named(history, "KeyResetStarted")) {
        const { account, opener, endorser } = await keyResets.resetOf(args[0] as bigint);
        const behind = BigInt(endorser) === 0n ? opener : endorser;
        const from = await keyResets.establishedFrom(account, behind);
        expect(from !== 0n && from <= BigInt(block), "not established").to.equal(true);
      }
    },
  },
  {
    title: "transfers wait only while a reset of the account runs, and for one waiting period at most",
    check: async ({ keyResets, waiting }, _, __, { accounts, block }) => {
      for (const [address, { heldUntil }] of accounts) {
        expect(heldUntil <= BigInt(block + waiting), "held for too long").to.equal(true);
        if (heldUntil < BigInt(block)) continue;
        const running = await keyResets.runningOf(address);
        expect((await keyResets.resetOf(running)).account).to.equal(address);
      }
    },
  },
];
