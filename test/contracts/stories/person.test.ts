import { expect } from "chai";
import { ZeroAddress, ZeroHash, zeroPadValue } from "ethers";
import type { Account, Voucher } from "../../../generated/contracts/index.ts";
import { accountName, NAME_KINDS } from "../../../src/core/account-name.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, mineTo, networkHelpers, now } from "../support/chain.ts";
import { establish, RESET, RESET_KIND, recordEvidence, waitFor } from "../support/key-resets.ts";
import { consentOf, setName } from "../support/names.ts";
import {
  callOf,
  expectEntryPointRefusal,
  expectExecuted,
  expectRefused,
  expectReverted,
} from "../support/operations.ts";
import { certify, LEVEL, makeUser, Participant, signerOf, type Town, town } from "../support/participants.ts";
import { personalSignature } from "../support/personal-signature.ts";
import { accountAt } from "../support/platform.ts";
import { ALGORITHM, recordOf } from "../support/records.ts";
import { makeVoucher, transfer } from "../support/vouchers.ts";

const DAY = 28_800n;
const VALID = "0x1626ba7e";
const INVALID = "0xffffffff";
const VOUCHERS = 16;
const EVIDENCE = 2;
const EFFECTIVE = 2n;
const RECORD_VALID = 1n;
const NAME = "Dora Chen";
const KEY = digestOf("harvest of the northern field");
const LETTER = digestOf("a letter to the co-operative");

/**
 * Dora joins, uses what there is, loses her key and gets a new one, and outlives the partner that certified her. Each
 * step goes on where the one before it ended.
 */
describe("The story of a person", () => {
  let p: Town;
  /** Her account with her first key, and with the one after the reset. */
  let dora: Participant;
  let renewed: Participant;
  let account: Account;
  let milk: Voucher;
  let object: string;
  let agreement: string;
  /** Her signature under the letter, and the block in which she gave it. */
  let signature: string;
  let signedIn: number;
  /** Last moment before the bank was terminated. */
  let lastMoment: { block: number; time: number };

  const append = (who: Participant, previous: string, name: string) =>
    who.call(p.records, "append", [object, previous, recordOf(name)]);
  /** Last link of the object. Its `length` hides the others in the generated type. */
  const head = async () => ((await p.records.objectOf(object)) as unknown as string[])[2];
  const judge = (block: number | bigint) => account.isValidSignatureAt(LETTER, signature, block);
  const held = () => milk.balanceOf(dora.address, 0);
  /** What she had before the loss is hers. */
  const expectHerOwn = async () => {
    expect((await p.accountNames.nameOf(dora.address)).name).to.equal(NAME);
    const record = await p.records.recordId(dora.address, digestOf("sown"), object);
    expect((await p.records.recordOf(record)).status).to.equal(RECORD_VALID);
    expect((await p.agreements.agreementOf(agreement)).status).to.equal(EFFECTIVE);
    expect(await p.agreements.hasConfirmed(agreement, dora.address)).to.equal(true);
  };

  before(async () => {
    p = await town();
  });

  it("begins at the bank, which opens her account and certifies her by her real name", async () => {
    dora = await makeUser(p, p.bank, "dora");
    renewed = new Participant(dora.address, walletOf("dora's new key"));
    account = accountAt(dora.address);
    expect(await p.certifications.levelOf(dora.address)).to.deep.equal([BigInt(LEVEL.realName), p.bank.address]);
  });

  it("she gets a name, because she consents to that very name", async () => {
    const certified = (text: string) => ({ ...accountName(text, "certified"), kind: NAME_KINDS.certified });
    const [input, other] = [certified(NAME), certified("Dora Cheng")];
    const lastBlock = (await blockNumber()) + 10;
    const consent = await consentOf(p, dora, input, p.bank.address, lastBlock);
    const wrong = await p.bank.call(p.accountNames, "setName", [dora.address, other, lastBlock, consent]);
    expectReverted(wrong, "AccountNameConsentInvalid", [dora.address]);
    expectExecuted(await p.bank.call(p.accountNames, "setName", [dora.address, input, lastBlock, consent]));
    expect((await p.accountNames.nameOf(dora.address)).name).to.equal(NAME);
    // Nobody else can pass for her.
    const mimic = certified("DORA CHEN");
    const taken = await setName(p, p.bank, p.bob, mimic);
    expectReverted(taken, "AccountNameTaken", [mimic.letterSkeleton, dora.address, 0]);
  });

  it("she records her harvest link by link, and no link can be slipped in between", async () => {
    object = await p.records.objectId(dora.address, KEY);
    expectExecuted(await dora.call(p.records, "openObject", [KEY, []]));
    expectExecuted(await append(dora, ZeroHash, "sown"));
    expectExecuted(await append(dora, digestOf("sown"), "watered"));
    const between = [object, digestOf("watered"), digestOf("sown")];
    expectReverted(await append(dora, digestOf("sown"), "weeded"), "ObjectHeadMismatch", between);
    expectReverted(await append(p.bob, digestOf("watered"), "stolen"), "ObjectNotWriter", [object, p.bob.address]);
    expect(await head()).to.equal(digestOf("watered"));
  });

  it("she and Bob sign an agreement, which takes effect with the second of them", async () => {
    const parties = [dora.address, p.bob.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const lastBlock = (await blockNumber()) + 100;
    const proposal = { digest: digestOf("lease"), algorithm: ALGORITHM.sha256, lastBlock, salt: ZeroHash, parties };
    agreement = await p.agreements.agreementId(dora.address, proposal);
    const propose = callOf(p.agreements, "propose", [proposal]);
    expectExecuted(await dora.operate([propose, callOf(p.agreements, "confirm", [agreement])]));
    expect((await p.agreements.agreementOf(agreement)).status).not.to.equal(EFFECTIVE);
    const byCarol = await p.carol.call(p.agreements, "confirm", [agreement]);
    expectReverted(byCarol, "AgreementNotParty", [agreement, p.carol.address]);
    expectExecuted(await p.bob.call(p.agreements, "confirm", [agreement]));
    expect((await p.agreements.agreementOf(agreement)).status).to.equal(EFFECTIVE);
  });

  it("she holds a hundred milk coupons, and signs a letter", async () => {
    milk = await makeVoucher(p, p.bank);
    expectExecuted(await p.bank.call(milk, "allocate", [dora.address, 100]));
    signature = personalSignature(dora.address, LETTER, dora.wallet);
    signedIn = await blockNumber();
    expect(await account.isValidSignature(LETTER, signature)).to.equal(VALID);
  });

  it("she loses her key; the bank records her application and its check of who she is, and opens a reset", async () => {
    await establish(p, p.bank, dora.address);
    const evidence = await recordEvidence(p, p.bank, dora.address, "dora's loss");
    const [application] = evidence;
    const open = (...digests: string[]) =>
      p.bank.call(p.keyResets, "open", [dora.address, renewed.wallet.address, ...digests]);
    const record = await p.records.recordId(p.bank.address, application, zeroPadValue(dora.address, 32));
    // The application alone does not stand for the check.
    expectReverted(await open(application, application), "KeyResetEvidenceInvalid", [record, RESET_KIND.check]);
    expectExecuted(await open(...evidence));
    expect(await p.keyResets.statusOf(1)).to.equal(RESET.waiting);
  });

  it("for a day nobody moves her coupons, neither the finder of the old key nor the bank; she can still receive some", async () => {
    const { waitingUntil, startedBlock } = await p.keyResets.resetOf(1);
    expect(waitingUntil - startedBlock).to.equal(DAY);
    const finder = await transfer(milk, dora, p.bob, 1);
    expectReverted(finder, "VoucherSenderHeld", [dora.address, waitingUntil]);
    const early = await p.bank.call(p.keyResets, "complete", [1]);
    expectReverted(early, "KeyResetWrongStatus", [1, RESET.waiting]);
    expectExecuted(await p.bank.call(milk, "allocate", [dora.address, 5]));
    await mineTo(waitingUntil - 1n);
    expectReverted(await transfer(milk, dora, p.bob, 1), "VoucherSenderHeld", [dora.address, waitingUntil]);
    expect(await held()).to.equal(105n);
  });

  it("after it the bank completes the reset: the new key acts, the old one never again", async () => {
    await waitFor(p, 1n);
    expectExecuted(await p.bank.call(p.keyResets, "complete", [1]));
    expect(await signerOf(dora)).to.equal(renewed.wallet.address.toLowerCase());
    expectEntryPointRefusal(await transfer(milk, dora, p.bob, 1), "AA24 signature error");
    expectExecuted(await transfer(milk, renewed, p.bob, 10));
    const back = await renewed.call(account, "setSigner", [dora.wallet.address]);
    expectReverted(back, "AccountSignerLost", [dora.wallet.address.toLowerCase()]);
  });

  it("the letter is still hers: it is judged by the key of its block", async () => {
    expect(await judge(signedIn)).to.equal(VALID);
    expect(await judge(await blockNumber())).to.equal(INVALID);
    expect(await account.isValidSignature(LETTER, signature)).to.equal(INVALID);
  });

  it("name, records, agreement and coupons are still there, and the harvest goes on", async () => {
    await expectHerOwn();
    expect(await held()).to.equal(95n);
    expectExecuted(await append(renewed, digestOf("watered"), "reaped"));
    expect(await head()).to.equal(digestOf("reaped"));
  });

  it("the bank is terminated: Dora has no level any more, and her account waits", async () => {
    lastMoment = { block: await blockNumber(), time: await now() };
    await p.partners.connect(p.operator).terminate(p.bank.address, digestOf("licence lost"));
    await networkHelpers.mine(1);
    expect(await p.certifications.levelOf(dora.address)).to.deep.equal([0n, ZeroAddress]);
    expect(await p.certifications.permits(dora.address, VOUCHERS)).to.equal(false);
    const denied = await append(renewed, digestOf("reaped"), "sold");
    expectReverted(denied, "CertificationNotPermitted", [dora.address, 0, EVIDENCE]);
    // Anybody may tell Quota; from then on not even an operation is accepted.
    expectExecuted(await p.dairy.call(p.certifications, "refresh", [dora.address]));
    expectRefused(await append(renewed, digestOf("reaped"), "sold"), "QuotaUncertified", [dora.address]);
  });

  it("what held in the block before still does, for whoever asks as of it", async () => {
    const { certifications, partners } = p;
    const as = [dora.address, lastMoment.block, lastMoment.time] as const;
    expect(await certifications.levelAt(...as)).to.deep.equal([BigInt(LEVEL.realName), p.bank.address]);
    expect(await certifications.permitsAt(dora.address, VOUCHERS, lastMoment.block, lastMoment.time)).to.equal(true);
    expect([
      await partners.statusAt(p.bank.address, lastMoment.block),
      await partners.statusOf(p.bank.address),
    ]).to.deep.equal([1n, 3n]);
    expect((await p.accountNames.nameAt(dora.address, lastMoment.block)).name).to.equal(NAME);
    expect(await judge(signedIn)).to.equal(VALID);
    await expectHerOwn();
    expect(await held()).to.equal(95n);
  });

  it("ends at the dairy, which certifies her anew: same account, same key, and the harvest goes on", async () => {
    expectExecuted(await certify(p, p.dairy, dora, LEVEL.realName));
    expectExecuted(await append(renewed, digestOf("reaped"), "sold"));
    expect(await head()).to.equal(digestOf("sold"));
    // Coupons of an issuer that is gone stay where they are, unless it recognised whoever certifies her now.
    const NOT_RECOGNISED = 3n;
    expectReverted(await transfer(milk, renewed, p.bob, 1), "VoucherHolderNotEligible", [dora.address, NOT_RECOGNISED]);
  });
});
