import { expect } from "chai";
import { concat, id, ZeroAddress, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { ethers } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { signerOf, town } from "../support/participants.ts";
import { platform } from "../support/platform.ts";

const KEY = walletOf("somebody new").address;
const SALT = id("salt");

describe("AccountFactory", () => {
  it("creates an account for a partner at the address that it predicts, with the next number", async () => {
    const { accountFactory, bank } = await town();
    const before = await accountFactory.count();
    const predicted = await accountFactory.addressOf(bank.address, KEY, SALT);
    const events = expectExecuted(await bank.call(accountFactory, "create", [KEY, SALT]));
    expectEvent(events, "AccountCreated", [predicted, before + 1n, bank.address, KEY.toLowerCase()]);
    expectEvent(events, "SignerChanged", ["0x", KEY.toLowerCase()]);
    expect(await accountFactory.idOf(predicted)).to.equal(before + 1n);
    expect(await accountFactory.accountOf(before + 1n)).to.equal(predicted);
    expect(await accountFactory.count()).to.equal(before + 1n);
    expect(await accountFactory.isAccount(predicted)).to.equal(true);
    expect(await signerOf({ address: predicted } as never)).to.equal(KEY.toLowerCase());
  });

  it("creates an account for an admission party, whose applicants need one", async () => {
    const { accountFactory, operator, admissionParty } = await platform();
    for (const party of [operator, admissionParty]) {
      const events = await eventsOf(accountFactory.connect(party).create(KEY, SALT));
      expect(events.map(({ name }) => name)).to.include("AccountCreated");
    }
    expect(await accountFactory.count()).to.equal(2n);
  });

  it("creates none for anybody else", async () => {
    const { accountFactory, alice, school, regulator, seats, partners, operator, bank } = await town();
    await partners.connect(operator).suspend(bank.address, digestOf("ground"));
    for (const participant of [alice, school, bank]) {
      const attempt = await participant.call(accountFactory, "create", [KEY, SALT]);
      expectReverted(attempt, "AccountFactoryNotAuthorised", [participant.address]);
    }
    for (const outsider of [regulator, seats[0]]) {
      const attempt = accountFactory.connect(outsider).create(KEY, SALT);
      await expectRevert(attempt, "AccountFactoryNotAuthorised", [outsider?.address]);
    }
  });

  it("gives other creators, signers and salts other addresses: nobody can take another's place", async () => {
    const { accountFactory, bank, dairy } = await town();
    const other = walletOf("other").address;
    const inputs = [
      [bank.address, KEY, SALT],
      [dairy.address, KEY, SALT],
      [bank.address, other, SALT],
      [bank.address, KEY, ZeroHash],
    ] as const;
    const addresses = new Set<string>();
    for (const [creator, signer, salt] of inputs) addresses.add(await accountFactory.addressOf(creator, signer, salt));
    expect(addresses.size).to.equal(inputs.length);
  });

  it("creates the same account once", async () => {
    const { accountFactory, bank } = await town();
    const account = await accountFactory.addressOf(bank.address, KEY, SALT);
    expectExecuted(await bank.call(accountFactory, "create", [KEY, SALT]));
    const again = await bank.call(accountFactory, "create", [KEY, SALT]);
    expectReverted(again, "AccountFactoryExists", [account]);
  });

  it("refuses a signer that no account can have", async () => {
    const { accountFactory, bank, addresses } = await town();
    const account = await accountFactory.addressOf(bank.address, "0x", SALT);
    expect(await accountFactory.isAccount(account)).to.equal(false);
    const wrong = ["0x", "0x00", ZeroAddress, concat([ZeroAddress, "0x01"])];
    for (const signer of wrong) {
      expectReverted(await bank.call(accountFactory, "create", [signer, SALT]), "AccountSignerInvalid", []);
    }
    // A verifier and a key: Directory has to list the verifier.
    const verifier = walletOf("no contract").address;
    const unlisted = await bank.call(accountFactory, "create", [concat([verifier, "0x01"]), SALT]);
    expectReverted(unlisted, "AccountVerifierUnlisted", [verifier]);
    expectExecuted(await bank.call(accountFactory, "create", [concat([addresses.Records ?? "", "0x01"]), SALT]));
  });

  it("makes small clones of one implementation, which stays the same", async () => {
    const { accountFactory, addresses, alice, bank } = await town();
    expect(await accountFactory.implementation()).to.equal(addresses.Account);
    const code = await ethers.provider.getCode(alice.address);
    expect(code).to.equal(await ethers.provider.getCode(bank.address));
    expect(code.toLowerCase()).to.include((addresses.Account ?? "").slice(2).toLowerCase());
    expect(code.length).to.equal(2 + 2 * 45);
  });

  it("knows no accounts but its own", async () => {
    const { accountFactory, addresses } = await town();
    for (const stranger of [KEY, addresses.Account ?? "", ZeroAddress]) {
      expect(await accountFactory.idOf(stranger)).to.equal(0n);
      expect(await accountFactory.isAccount(stranger)).to.equal(false);
    }
    const count = await accountFactory.count();
    for (const number of [0n, count + 1n, 2n ** 64n - 1n]) {
      expect(await accountFactory.accountOf(number)).to.equal(ZeroAddress);
    }
  });
});
