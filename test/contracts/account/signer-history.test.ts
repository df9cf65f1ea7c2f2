import { expect } from "chai";
import { concat, ZeroAddress } from "ethers";
import { encodeExecute } from "../../../src/core/execution.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, networkHelpers, signerAt } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { asKeyResets } from "../support/key-resets.ts";
import {
  callOf,
  draft,
  expectEntryPointRefusal,
  expectExecuted,
  expectReverted,
  handleOps,
  signed,
} from "../support/operations.ts";
import { Participant, signerOf, type Town, town } from "../support/participants.ts";
import { nestedSignature, personalDigest, personalSignature, typedDataDigest } from "../support/personal-signature.ts";
import { accountAt, deployed, listed } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const VALID = "0x1626ba7e";
const INVALID = "0xffffffff";
const DIGEST = digestOf("message");
const first = walletOf("alice");
const second = walletOf("alice's second key");
const third = walletOf("alice's third key");
const lower = (address: string) => address.toLowerCase();

/** Changes alice's key twice, some blocks apart. @returns the blocks of the changes */
async function withHistory() {
  const p = await town();
  const account = accountAt(p.alice.address);
  const created = await blockOfCreation(p);
  await networkHelpers.mine(10);
  expectExecuted(await p.alice.call(account, "setSigner", [second.address]));
  const one = await blockNumber();
  await networkHelpers.mine(10);
  expectExecuted(await new Participant(p.alice.address, second).call(account, "setSigner", [third.address]));
  const two = await blockNumber();
  await networkHelpers.mine(10);
  return { ...p, account, created, one, two };
}

async function blockOfCreation({ accountFactory, alice }: Town): Promise<number> {
  const [event] = await accountFactory.queryFilter(accountFactory.filters.AccountCreated(alice.address));
  return event?.blockNumber ?? 0;
}

describe("The history of an account's signer", () => {
  it("tells the signer at the end of each block", async () => {
    const { account, created, one, two } = await withHistory();
    const now = await blockNumber();
    const expected: [number, string][] = [
      [0, "0x"],
      [created - 1, "0x"],
      [created, lower(first.address)],
      [one - 1, lower(first.address)],
      [one, lower(second.address)],
      [two - 1, lower(second.address)],
      [two, lower(third.address)],
      [now, lower(third.address)],
    ];
    for (const [block, signer] of expected) expect(await account.signerAt(block), `block ${block}`).to.equal(signer);
  });

  it("does not tell the future", async () => {
    const { account } = await withHistory();
    const now = await blockNumber();
    // A call is made in the block that is pending.
    for (const block of [now + 2, 2 ** 48 - 1]) {
      await expectRevert(account.signerAt(block), "AccountBlockInFuture");
      await expectRevert(account.isValidSignatureAt(DIGEST, "0x", block), "AccountBlockInFuture");
    }
  });

  it("keeps the last of several signers of one block", async () => {
    const { alice } = await town();
    const account = accountAt(alice.address);
    await networkHelpers.mine(3);
    const calls = [second, third, second].map(({ address }) => callOf(account, "setSigner", [address]));
    expectExecuted(await alice.operate(calls));
    const block = await blockNumber();
    expect(await account.signerAt(block - 1)).to.equal(lower(first.address));
    expect(await account.signerAt(block)).to.equal(lower(second.address));
    const back = callOf(account, "setSigner", [first.address]);
    expectExecuted(await new Participant(alice.address, second).operate([back]));
    expect(await account.signerAt(block)).to.equal(lower(second.address));
    expect(await account.signerAt(block + 1)).to.equal(lower(first.address));
  });

  it("keeps keys of every length apart: verifier and key, an address, another key", async () => {
    const p = await town();
    const account = accountAt(p.alice.address);
    const verifier = await deployed(p.operator, "testing/HostileSigner", []);
    await listed(p, "Hostile", verifier);
    const signers = [
      concat([verifier, `0x${"ab".repeat(64)}`]),
      concat([verifier, "0x01"]),
      lower(second.address),
      concat([verifier, `0x${"cd".repeat(500)}`]),
    ].map(lower);
    const entryPoint = account.connect(await signerAt(await account.entryPoint()));
    const blocks: number[] = [];
    for (const signer of signers) {
      const before = await signerOf(p.alice);
      const events = await eventsOf(entryPoint.setSigner(signer));
      expectEvent(events, "SignerChanged", [before, signer]);
      blocks.push(await blockNumber());
      expect(await signerOf(p.alice)).to.equal(signer);
    }
    for (const [index, block] of blocks.entries()) expect(await account.signerAt(block)).to.equal(signers[index]);
  });
});

describe("A signature as of a block", () => {
  it("is judged by the key of that block, and by no other", async () => {
    const { alice, account, created, one, two } = await withHistory();
    const times = { [created]: first, [one - 1]: first, [one]: second, [two - 1]: second, [two]: third };
    for (const [block, right] of Object.entries(times)) {
      for (const wallet of [first, second, third]) {
        const signature = personalSignature(alice.address, DIGEST, wallet);
        const answer = await account.isValidSignatureAt(DIGEST, signature, block);
        expect(answer, `${block}`).to.equal(wallet === right ? VALID : INVALID);
      }
    }
    const old = personalSignature(alice.address, DIGEST, first);
    expect(await account.isValidSignatureAt(DIGEST, old, created - 1)).to.equal(INVALID);
    expect(await account.isValidSignature(DIGEST, old)).to.equal(INVALID);
  });

  it("may be over typed data of an application, and must not be bare", async () => {
    const { alice, account, one } = await withHistory();
    const mail = {
      domain: { name: "Application", version: "1", chainId: CHAIN_ID, verifyingContract: walletOf("app").address },
      type: "Mail(bytes32 subject)",
      contentsHash: digestOf("contents"),
    };
    const digest = typedDataDigest(mail);
    expect(await account.isValidSignatureAt(digest, nestedSignature(alice.address, mail, first), one - 1)).to.equal(
      VALID,
    );
    expect(await account.isValidSignatureAt(digest, nestedSignature(alice.address, mail, first), one)).to.equal(
      INVALID,
    );
    const bare = first.signingKey.sign(DIGEST).serialized;
    expect(await account.isValidSignatureAt(DIGEST, bare, one - 1)).to.equal(INVALID);
    for (const rubbish of ["0x", "0x00", `0x${"00".repeat(500)}`]) {
      expect(await account.isValidSignatureAt(DIGEST, rubbish, one - 1)).to.equal(INVALID);
    }
  });

  it("of another account as signer is judged by that account's key of the same block", async () => {
    const { alice, bank } = await town();
    const [account, signing] = [accountAt(alice.address), accountAt(bank.address)];
    expectExecuted(await alice.call(account, "setSigner", [bank.address]));
    const block = await blockNumber();
    await networkHelpers.mine(5);
    expectExecuted(await bank.call(signing, "setSigner", [third.address]));
    const now = await blockNumber();

    const domain = (wallet: typeof first) => nestedPersonal(alice.address, bank.address, wallet);
    expect(await account.isValidSignatureAt(DIGEST, domain(bank.wallet), block)).to.equal(VALID);
    expect(await account.isValidSignatureAt(DIGEST, domain(third), block)).to.equal(INVALID);
    expect(await account.isValidSignatureAt(DIGEST, domain(bank.wallet), now)).to.equal(INVALID);
    expect(await account.isValidSignatureAt(DIGEST, domain(third), now)).to.equal(VALID);
  });

  it("of a contract without a history is none", async () => {
    const p = await town();
    const account = accountAt(p.alice.address);
    const hostile = await deployed(p.operator, "testing/HostileSigner", []);
    expectExecuted(await p.alice.call(account, "setSigner", [hostile]));
    expect(await account.isValidSignature(DIGEST, "0x00")).to.equal(VALID);
    expect(await account.isValidSignatureAt(DIGEST, "0x00", await blockNumber())).to.equal(INVALID);
  });
});

describe("A reset of an account's signer", () => {
  it("comes from KeyResets alone, be it the operator, a seat or the account's own key that tries", async () => {
    const { alice, operator, seats, bank } = await town();
    const account = accountAt(alice.address);
    for (const caller of [operator, seats[0], await signerAt(alice.address), await signerAt(bank.address)]) {
      const acting = account.connect(caller);
      const refused = [caller?.address];
      await expectRevert(acting.resetSigner(second.address), "AccountNotKeyResets", refused);
      await expectRevert(acting.hold(1), "AccountNotKeyResets", refused);
      await expectRevert(acting.release(), "AccountNotKeyResets", refused);
    }
  });

  it("voids what the old key signed, and is counted", async () => {
    const p = await town();
    const { alice, records } = p;
    const pending = signed(
      await draft(alice.address, encodeExecute([callOf(records, "record", [recordOf("pending")])])),
      alice.wallet,
    );
    const account = await asKeyResets(p, alice.address);
    const events = await eventsOf(account.resetSigner(second.address));
    expectEvent(events, "SignerChanged", [lower(first.address), lower(second.address)]);
    expect(await account.resetState()).to.deep.equal([0n, 1n]);
    expectEntryPointRefusal(await handleOps([pending]), "AA24 signature error");
    const renewed = new Participant(alice.address, second);
    expectExecuted(await renewed.call(records, "record", [recordOf("renewed")]));
  });

  it("keeps the replaced signer from ever coming back", async () => {
    const p = await town();
    const account = await asKeyResets(p, p.alice.address);
    await account.resetSigner(second.address);
    const renewed = new Participant(p.alice.address, second);
    const attempt = await renewed.call(account, "setSigner", [first.address]);
    expectReverted(attempt, "AccountSignerLost", [lower(first.address)]);
    await expectRevert(account.resetSigner(first.address), "AccountSignerLost", [lower(first.address)]);
    await expectRevert(account.checkSigner(first.address), "AccountSignerLost", [lower(first.address)]);
    // What the owner replaced may come back, and the lost key may serve other accounts.
    expectExecuted(await renewed.call(account, "setSigner", [third.address]));
    const again = new Participant(p.alice.address, third);
    expectExecuted(await again.call(account, "setSigner", [second.address]));
    expectExecuted(await p.bob.call(accountAt(p.bob.address), "setSigner", [first.address]));
  });

  it("to the signer that the account has already does not lock it out", async () => {
    const p = await town();
    const account = await asKeyResets(p, p.alice.address);
    await account.resetSigner(first.address);
    expect(await account.resetState()).to.deep.equal([0n, 1n]);
    expectExecuted(await p.alice.call(p.records, "record", [recordOf("one")]));
    expectExecuted(await p.alice.call(account, "setSigner", [second.address]));
  });

  it("takes a signer whose verifier left Directory meanwhile, and none that nobody can sign for", async () => {
    const p = await town();
    const account = await asKeyResets(p, p.alice.address);
    const unlisted = concat([await deployed(p.operator, "testing/HostileSigner", []), "0x01"]);
    await expectRevert(account.checkSigner(unlisted), "AccountVerifierUnlisted");
    await account.resetSigner(unlisted);
    expect(await signerOf(p.alice)).to.equal(lower(unlisted));
    for (const signer of ["0x", "0x01", ZeroAddress, p.alice.address]) {
      await expectRevert(account.resetSigner(signer), "AccountSignerInvalid", []);
    }
  });

  it("keeps history, and releases what was held", async () => {
    const p = await town();
    const account = await asKeyResets(p, p.alice.address);
    expectEvent(await eventsOf(account.hold(12_345)), "TransfersHeld", [12_345]);
    expect(await account.resetState()).to.deep.equal([12_345n, 0n]);
    expectEvent(await eventsOf(account.release()), "TransfersReleased", []);
    expect(await account.resetState()).to.deep.equal([0n, 0n]);
    await account.hold(23_456);
    const before = await blockNumber();
    await account.resetSigner(second.address);
    expect(await account.resetState()).to.deep.equal([0n, 1n]);
    expect(await account.signerAt(before)).to.equal(lower(first.address));
    expect(await signerOf(p.alice)).to.equal(lower(second.address));
    // An own change leaves hold and count alone.
    await account.hold(34_567);
    expectExecuted(await new Participant(p.alice.address, second).call(account, "setSigner", [third.address]));
    expect(await account.resetState()).to.deep.equal([34_567n, 1n]);
  });
});

/** Signature of `account` by its signer, the account `signing`, whose key is the wallet's. */
function nestedPersonal(account: string, signing: string, wallet: typeof first): string {
  return personalSignature(signing, personalDigest(account, DIGEST), wallet);
}
