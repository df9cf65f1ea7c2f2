import { expect } from "chai";
import { AbiCoder, encodeBytes32String, keccak256, TypedDataEncoder, toUtf8Bytes, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, mineTo, networkHelpers } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import {
  certify,
  LEVEL,
  makeApplicant,
  makeUser,
  type Participant,
  publishAgreement,
  QUOTA_PERIOD,
  signAgreement,
  town,
} from "../support/participants.ts";
import { nestedSignature, personalSignature, type TypedData } from "../support/personal-signature.ts";
import { AGREEMENT, type Platform } from "../support/platform.ts";

const COPY = digestOf("signed copy");
const WHERE = "https://example.org/copy";
const UNKNOWN = encodeBytes32String("unknown");
const TYPE = "LegalDocument(bytes32 document,uint32 version,bytes32 digest,bytes32 signedDigest,address account)";

/** The town and an institution that may sign, but has not. */
async function withApplicant() {
  const p = await town();
  return { ...p, applicant: await makeApplicant(p, "applicant") };
}

async function signatureFor({ legalDocuments }: Platform, account: Participant, version = 1, copy = COPY) {
  const digest = await legalDocuments.signingDigest(AGREEMENT, version, copy, account.address);
  return personalSignature(account.address, digest, account.wallet);
}

describe("LegalDocuments", () => {
  describe("publishing", () => {
    it("puts a new document into force, and then its next version, from the block of each", async () => {
      const { legalDocuments, operator } = await town();
      const acting = legalDocuments.connect(operator);
      const name = encodeBytes32String("code of conduct");
      expect(await legalDocuments.inForce(name)).to.equal(0n);
      const first = await eventsOf(acting.publish(name, digestOf("one"), "https://example.org/one"));
      expectEvent(first, "DocumentPublished", [name, 1, operator.address, digestOf("one"), "https://example.org/one"]);
      const firstBlock = await blockNumber();
      await mineTo(firstBlock + 3);
      const second = await eventsOf(acting.publish(name, digestOf("two"), "https://example.org/two"));
      expectEvent(second, "DocumentPublished", [name, 2, operator.address, digestOf("two"), "https://example.org/two"]);
      const secondBlock = await blockNumber();
      expect(await legalDocuments.inForce(name)).to.equal(2n);
      expect(await legalDocuments.inForceAt(name, firstBlock - 1)).to.equal(0n);
      expect(await legalDocuments.inForceAt(name, firstBlock)).to.equal(1n);
      expect(await legalDocuments.inForceAt(name, secondBlock - 1)).to.equal(1n);
      expect(await legalDocuments.inForceAt(name, secondBlock)).to.equal(2n);
      expect(await legalDocuments.versionOf(name, 1)).to.deep.equal([
        digestOf("one"),
        BigInt(firstBlock),
        operator.address,
      ]);
    });

    it("is for every admission party, and only for them", async () => {
      const { legalDocuments, admissionParty, regulator, bank, seats } = await town();
      await legalDocuments.connect(admissionParty).publish(UNKNOWN, digestOf("x"), WHERE);
      for (const other of [regulator, seats[0]]) {
        const attempt = legalDocuments.connect(other).publish(UNKNOWN, digestOf("x"), WHERE);
        await expectRevert(attempt, "Unauthorised", [other?.address, 2]);
      }
      const byPartner = await bank.call(legalDocuments, "publish", [UNKNOWN, digestOf("x"), WHERE]);
      expectReverted(byPartner, "Unauthorised", [bank.address, 2]);
    });

    it("needs the text's digest", async () => {
      const { legalDocuments, operator } = await town();
      const attempt = legalDocuments.connect(operator).publish(AGREEMENT, ZeroHash, WHERE);
      await expectRevert(attempt, "LegalDocumentDigestMissing", []);
    });

    it("needs the place where the text can be had", async () => {
      const { legalDocuments, operator } = await town();
      const attempt = legalDocuments.connect(operator).publish(AGREEMENT, digestOf("x"), "");
      await expectRevert(attempt, "LegalDocumentLocationMissing", []);
    });
  });

  describe("signing", () => {
    it("keeps the account's signature of the version in force", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      const signature = await signatureFor(p, applicant);
      expect(await legalDocuments.hasSigned(AGREEMENT, applicant.address)).to.equal(false);
      const events = expectExecuted(
        await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]),
      );
      const text = digestOf("agreement");
      expectEvent(events, "DocumentSigned", [AGREEMENT, 1, applicant.address, text, COPY, WHERE, signature]);
      expect(await legalDocuments.hasSigned(AGREEMENT, applicant.address)).to.equal(true);
      expect(await legalDocuments.signatureOf(AGREEMENT, applicant.address)).to.deep.equal([
        1n,
        BigInt(await blockNumber()),
        COPY,
      ]);
    });

    it("needs the place where the signed copy can be had", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      const signature = await signatureFor(p, applicant);
      const attempt = await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, "", signature]);
      expectReverted(attempt, "LegalDocumentLocationMissing", []);
    });

    it("is told as of any block: which version an account had signed, and each version's copy", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      const signedAt = (block: number) => legalDocuments.signedVersionAt(AGREEMENT, applicant.address, block);
      const sign = async (version: number, copy: string) => {
        const signature = await signatureFor(p, applicant, version, copy);
        expectExecuted(await applicant.call(legalDocuments, "sign", [AGREEMENT, version, copy, WHERE, signature]));
        return blockNumber();
      };
      const first = await sign(1, COPY);
      await publishAgreement(p, "second agreement");
      await mineTo(first + QUOTA_PERIOD);
      const second = await sign(2, digestOf("second copy"));
      const [before, then, between, now] = [first - 1, first, second - 1, second];
      expect(await Promise.all([before, then, between, now].map(signedAt))).to.deep.equal([0n, 1n, 1n, 2n]);
      const copyOf = async (version: number) =>
        (await legalDocuments.signatureOfVersion(AGREEMENT, applicant.address, version)).signedDigest;
      expect([await copyOf(1), await copyOf(2)]).to.deep.equal([COPY, digestOf("second copy")]);
      expect((await legalDocuments.signatureOfVersion(AGREEMENT, applicant.address, 3)).version).to.equal(0n);
      expect((await legalDocuments.signatureOf(AGREEMENT, applicant.address)).version).to.equal(2n);
    });

    it("is of EIP-712 typed data that a wallet can show", async () => {
      const { legalDocuments, applicant } = await withApplicant();
      const domain = {
        name: "BROP LegalDocuments",
        version: "1",
        chainId: CHAIN_ID,
        verifyingContract: await legalDocuments.getAddress(),
      };
      const fields = {
        document: "bytes32",
        version: "uint32",
        digest: "bytes32",
        signedDigest: "bytes32",
        account: "address",
      };
      const types = { LegalDocument: Object.entries(fields).map(([name, type]) => ({ name, type })) };
      const message = {
        document: AGREEMENT,
        version: 1,
        digest: digestOf("agreement"),
        signedDigest: COPY,
        account: applicant.address,
      };
      const digest = await legalDocuments.signingDigest(AGREEMENT, 1, COPY, applicant.address);
      expect(digest).to.equal(TypedDataEncoder.hash(domain, types, message));

      const coder = AbiCoder.defaultAbiCoder();
      const words = ["bytes32", "bytes32", "uint32", "bytes32", "bytes32", "address"];
      const values = [keccak256(toUtf8Bytes(TYPE)), AGREEMENT, 1, message.digest, COPY, applicant.address];
      const data: TypedData = { domain, type: TYPE, contentsHash: keccak256(coder.encode(words, values)) };
      const signature = nestedSignature(applicant.address, data, applicant.wallet);
      expectExecuted(await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]));
    });

    it("is refused with a signature of other data, of another key or of another account", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant, bank } = p;
      const digest = await legalDocuments.signingDigest(AGREEMENT, 1, COPY, applicant.address);
      const wrong = {
        "over another copy": await signatureFor(p, applicant, 1, digestOf("another copy")),
        "over another version": await signatureFor(p, applicant, 2),
        "by another key": personalSignature(applicant.address, digest, walletOf("stranger")),
        "for another account": personalSignature(bank.address, digest, applicant.wallet),
        "on another chain": personalSignature(applicant.address, digest, applicant.wallet, 1),
        "over the bare digest": applicant.wallet.signingKey.sign(digest).serialized,
        "that is empty": "0x",
      };
      for (const [title, signature] of Object.entries(wrong)) {
        await networkHelpers.mine(2 * QUOTA_PERIOD); // an applicant's quota is small
        const attempt = await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]);
        expectReverted(attempt, "LegalDocumentSignatureInvalid", [applicant.address]);
        expect(await legalDocuments.hasSigned(AGREEMENT, applicant.address), title).to.equal(false);
      }
    });

    it("can not be taken over by another account that replays the signature", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      const signature = await signatureFor(p, applicant);
      const thief = await makeApplicant(p, "thief");
      const attempt = await thief.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]);
      expectReverted(attempt, "LegalDocumentSignatureInvalid", [thief.address]);
    });

    it("reaches only the version in force", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      await publishAgreement(p, "agreement of next year");
      const old = await signatureFor(p, applicant, 1);
      const late = await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, old]);
      expectReverted(late, "LegalDocumentNotInForce", [AGREEMENT, 1, 2]);
      const early = await applicant.call(legalDocuments, "sign", [AGREEMENT, 3, COPY, WHERE, old]);
      expectReverted(early, "LegalDocumentNotInForce", [AGREEMENT, 3, 2]);
      const unknown = await applicant.call(legalDocuments, "sign", [UNKNOWN, 1, COPY, WHERE, old]);
      expectReverted(unknown, "LegalDocumentUnknown", [UNKNOWN]);
    });

    it("needs the copy's digest, and is done once a version", async () => {
      const p = await withApplicant();
      const { legalDocuments, applicant } = p;
      const signature = await signatureFor(p, applicant);
      const empty = await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, ZeroHash, WHERE, signature]);
      expectReverted(empty, "LegalDocumentDigestMissing", []);
      expectExecuted(await signAgreement(p, applicant));
      const again = await applicant.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]);
      expectReverted(again, "LegalDocumentAlreadySigned", [AGREEMENT, 1, applicant.address]);
    });

    it("has to be done again for a new version, whose signature replaces the old one", async () => {
      const p = await town();
      const { legalDocuments, bank } = p;
      expect(await legalDocuments.hasSigned(AGREEMENT, bank.address)).to.equal(true);
      await publishAgreement(p, "agreement of next year");
      expect(await legalDocuments.hasSigned(AGREEMENT, bank.address)).to.equal(false);
      expectExecuted(await signAgreement(p, bank));
      expect(await legalDocuments.hasSigned(AGREEMENT, bank.address)).to.equal(true);
      expect((await legalDocuments.signatureOf(AGREEMENT, bank.address)).version).to.equal(2n);
    });

    it("is refused below the level that permits it, and to strangers", async () => {
      const p = await town();
      const { legalDocuments, bank, carol, stranger } = p;
      const signature = await signatureFor(p, carol);
      const byPhone = await carol.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]);
      expectReverted(byPhone, "LegalDocumentNotPermitted", [carol.address]);
      const registered = await makeUser(p, bank, "registered", LEVEL.registered);
      const asRegistered = await registered.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]);
      expectReverted(asRegistered, "LegalDocumentNotPermitted", [registered.address]);
      const direct = legalDocuments.connect(stranger).sign(AGREEMENT, 1, COPY, WHERE, signature);
      await expectRevert(direct, "LegalDocumentNotPermitted", [stranger.address]);
      expectExecuted(await certify(p, bank, carol, LEVEL.realName));
      expectExecuted(await carol.call(legalDocuments, "sign", [AGREEMENT, 1, COPY, WHERE, signature]));
    });
  });

  it("says nothing about documents that do not exist", async () => {
    const { legalDocuments, bank } = await town();
    expect(await legalDocuments.hasSigned(UNKNOWN, bank.address)).to.equal(false);
    expect(await legalDocuments.signatureOf(UNKNOWN, bank.address)).to.deep.equal([0n, 0n, ZeroHash]);
    expect((await legalDocuments.versionOf(UNKNOWN, 1)).digest).to.equal(ZeroHash);
  });
});
