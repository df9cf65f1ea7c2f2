import { expect } from "chai";
import { concat, hashMessage, keccak256, TypedDataEncoder, toUtf8Bytes } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { CHAIN_ID } from "../support/chain.ts";
import { expectExecuted } from "../support/operations.ts";
import { type Participant, town } from "../support/participants.ts";
import {
  accountDomain,
  nestedSignature,
  personalSignature,
  type TypedData,
  typedDataDigest,
} from "../support/personal-signature.ts";
import { accountAt } from "../support/platform.ts";

const VALID = "0x1626ba7e";
const INVALID = "0xffffffff";
const DIGEST = digestOf("message");
const MAIL: TypedData = {
  domain: { name: "Some application", version: "7", chainId: CHAIN_ID, verifyingContract: walletOf("app").address },
  type: "Mail(bytes32 subject)",
  contentsHash: digestOf("contents"),
};

const verify = (account: Participant, digest: string, signature: string) =>
  accountAt(account.address).isValidSignature(digest, signature);

describe("Signatures of an account (ERC-1271 with ERC-7739)", () => {
  it("are valid in the personal form by the owner's key", async () => {
    const { alice } = await town();
    const signature = personalSignature(alice.address, DIGEST, alice.wallet);
    expect(await verify(alice, DIGEST, signature)).to.equal(VALID);
  });

  it("are valid over typed data that names the account inside", async () => {
    const { alice } = await town();
    const signature = nestedSignature(alice.address, MAIL, alice.wallet);
    expect(await verify(alice, typedDataDigest(MAIL), signature)).to.equal(VALID);
  });

  it("can be made with a wallet's ordinary typed-data signing", async () => {
    const { alice } = await town();
    // PersonalSign covers the hash of a prefixed message, as wallets build it.
    const message = toUtf8Bytes("\x19Ethereum Signed Message:\n5hello");
    const types = { PersonalSign: [{ name: "prefixed", type: "bytes" }] };
    const signature = await alice.wallet.signTypedData(accountDomain(alice.address), types, { prefixed: message });
    expect(keccak256(message)).to.equal(hashMessage("hello"));
    expect(await verify(alice, hashMessage("hello"), signature)).to.equal(VALID);
  });

  it("are invalid as bare signatures over the digest: they would hold for every account of that key", async () => {
    const { alice } = await town();
    const bare = alice.wallet.signingKey.sign(DIGEST).serialized;
    expect(await verify(alice, DIGEST, bare)).to.equal(INVALID);
  });

  it("are invalid by another key, over another digest, for another account and on another chain", async () => {
    const { alice, bob } = await town();
    const forged = {
      "another key": personalSignature(alice.address, DIGEST, bob.wallet),
      "another digest": personalSignature(alice.address, digestOf("other"), alice.wallet),
      "another account": personalSignature(bob.address, DIGEST, alice.wallet),
      "another chain": personalSignature(alice.address, DIGEST, alice.wallet, CHAIN_ID + 1),
    };
    for (const [title, signature] of Object.entries(forged)) {
      expect(await verify(alice, DIGEST, signature), title).to.equal(INVALID);
    }
    const nested = nestedSignature(bob.address, MAIL, alice.wallet);
    expect(await verify(alice, typedDataDigest(MAIL), nested)).to.equal(INVALID);
  });

  it("are invalid when a part of the nested form was swapped", async () => {
    const { alice } = await town();
    const other: TypedData = { ...MAIL, domain: { ...MAIL.domain, name: "Phishing" } };
    const signature = nestedSignature(alice.address, MAIL, alice.wallet);
    expect(await verify(alice, typedDataDigest(other), signature)).to.equal(INVALID);
    const contents = nestedSignature(alice.address, { ...MAIL, contentsHash: digestOf("x") }, alice.wallet);
    expect(await verify(alice, typedDataDigest(MAIL), contents)).to.equal(INVALID);
    const renamed = nestedSignature(alice.address, { ...MAIL, type: "Male(bytes32 subject)" }, alice.wallet);
    const honest = nestedSignature(alice.address, MAIL, alice.wallet);
    const spliced = concat([honest.slice(0, 132), `0x${renamed.slice(132)}`]);
    expect(await verify(alice, typedDataDigest(MAIL), spliced)).to.equal(INVALID);
  });

  it("are invalid when they are too short, too long or rubbish", async () => {
    const { alice } = await town();
    const good = personalSignature(alice.address, DIGEST, alice.wallet);
    for (const signature of [
      "0x",
      "0x00",
      good.slice(0, -2),
      `${good}00`,
      `0x${"ff".repeat(65)}`,
      `0x${"00".repeat(500)}`,
    ]) {
      expect(await verify(alice, DIGEST, signature)).to.equal(INVALID);
    }
  });

  it("are invalid with the upper half of s: each signature has one form", async () => {
    const { alice } = await town();
    const good = personalSignature(alice.address, DIGEST, alice.wallet);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = order - BigInt(`0x${good.slice(66, 130)}`);
    const v = good.endsWith("1b") ? "1c" : "1b";
    const mirrored = `${good.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}`;
    expect(await verify(alice, DIGEST, mirrored)).to.equal(INVALID);
  });

  it("say that the account knows ERC-7739", async () => {
    const { alice } = await town();
    expect(await verify(alice, `0x${"7739".repeat(16)}`, "0x")).to.equal("0x77390001");
    expect(await verify(alice, `0x${"7739".repeat(16)}`, "0x00")).to.equal(INVALID);
  });

  it("are by the key that the account has now", async () => {
    const { alice } = await town();
    const newKey = walletOf("alice's new key");
    const old = personalSignature(alice.address, DIGEST, alice.wallet);
    expectExecuted(await alice.call(accountAt(alice.address), "setSigner", [newKey.address]));
    expect(await verify(alice, DIGEST, old)).to.equal(INVALID);
    expect(await verify(alice, DIGEST, personalSignature(alice.address, DIGEST, newKey))).to.equal(VALID);
  });

  it("are checked in the domain that the account tells of", async () => {
    const { alice } = await town();
    const [, name, version, chainId, verifyingContract] = await accountAt(alice.address).eip712Domain();
    const domain = { name, version, chainId, verifyingContract };
    expect(TypedDataEncoder.hashDomain(domain)).to.equal(TypedDataEncoder.hashDomain(accountDomain(alice.address)));
  });

  it("are invalid for the implementation, whoever signs", async () => {
    const { addresses, alice } = await town();
    const implementation = { address: addresses.Account } as Participant;
    const signature = personalSignature(addresses.Account ?? "", DIGEST, alice.wallet);
    expect(await verify(implementation, DIGEST, signature)).to.equal(INVALID);
  });
});
