import { expect } from "chai";
import { concat, dataSlice, toBeHex } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber } from "../support/chain.ts";
import { type Key, operateWith, P256_ORDER, p256Key, passkey, rsaKey } from "../support/keys.ts";
import { callOf, expectEntryPointRefusal, expectExecuted } from "../support/operations.ts";
import { certify, LEVEL, Participant, type Town, town } from "../support/participants.ts";
import { personalDigest } from "../support/personal-signature.ts";
import { accountAt } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const VALID = "0x1626ba7e";
const INVALID = "0xffffffff";
const DIGEST = digestOf("message");

/** A certified account that a key opens from its first day. */
async function accountOf(p: Town, { signer }: Key): Promise<string> {
  const events = expectExecuted(await p.bank.call(p.accountFactory, "create", [signer, digestOf("salt")]));
  const address = events.find(({ name }) => name === "AccountCreated")?.args[0] as string;
  expectExecuted(await certify(p, p.bank, new Participant(address, walletOf("nobody")), LEVEL.realName));
  return address;
}

const KEYS: Record<string, (p: Town) => Key> = {
  "a P-256 key": p256Key,
  "a passkey": passkey,
  "the RSA key of a certificate": rsaKey,
};

for (const [title, make] of Object.entries(KEYS)) {
  describe(`An account with ${title}`, () => {
    it("is opened by it, and by no other of its kind", async () => {
      const p = await town();
      const key = make(p);
      const address = await accountOf(p, key);
      const calls = [callOf(p.records, "record", [recordOf("one")])];
      expectEntryPointRefusal(await operateWith(address, calls, make(p).sign), "AA24 signature error");
      expectExecuted(await operateWith(address, calls, key.sign));
    });

    it("signs for others, now and as of a block", async () => {
      const p = await town();
      const key = make(p);
      const account = accountAt(await accountOf(p, key));
      const address = await account.getAddress();
      const signature = key.sign(personalDigest(address, DIGEST));
      expect(await account.isValidSignature(DIGEST, signature)).to.equal(VALID);
      expect(await account.isValidSignature(DIGEST, key.sign(DIGEST))).to.equal(INVALID);
      const block = await blockNumber();
      expectExecuted(await operateWith(address, [callOf(account, "setSigner", [make(p).signer])], key.sign));
      expect(await account.isValidSignature(DIGEST, signature)).to.equal(INVALID);
      expect(await account.isValidSignatureAt(DIGEST, signature, block)).to.equal(VALID);
      expect(await account.isValidSignatureAt(DIGEST, signature, block + 1)).to.equal(INVALID);
    });

    it("is not opened by what is broken, cut off or empty, which hurts nobody else's operation", async () => {
      const p = await town();
      const key = make(p);
      const address = await accountOf(p, key);
      const calls = [callOf(p.records, "record", [recordOf("one")])];
      const broken: ((good: string) => string)[] = [
        () => "0x",
        () => "0x00",
        () => `0x${"00".repeat(64)}`,
        () => `0x${"ff".repeat(256)}`,
        (good) => dataSlice(good, 0, 63),
        (good) => concat([dataSlice(good, 0, 40), "0xdeadbeef", dataSlice(good, 44)]),
      ];
      for (const spoil of broken) {
        const attempt = await operateWith(address, calls, (hash) => spoil(key.sign(hash)));
        expectEntryPointRefusal(attempt, "AA24 signature error");
      }
    });

    it("is not opened by a key that is cut short", async () => {
      const p = await town();
      const key = make(p);
      const calls = [callOf(p.records, "record", [recordOf("one")])];
      const signers = [dataSlice(key.signer, 0, 83), dataSlice(key.signer, 0, 21)];
      for (const signer of signers) {
        const address = await accountOf(p, { ...key, signer });
        expectEntryPointRefusal(await operateWith(address, calls, key.sign), "AA24 signature error");
      }
    });
  });
}

describe("A P-256 signature", () => {
  it("has one form: with the upper half of s it is none", async () => {
    const p = await town();
    const key = p256Key(p);
    const account = accountAt(await accountOf(p, key));
    const good = key.sign(personalDigest(await account.getAddress(), DIGEST));
    const mirrored = concat([dataSlice(good, 0, 32), toBeHex(P256_ORDER - BigInt(dataSlice(good, 32, 64)), 32)]);
    expect(await account.isValidSignature(DIGEST, good)).to.equal(VALID);
    expect(await account.isValidSignature(DIGEST, mirrored)).to.equal(INVALID);
  });
});

describe("A passkey's assertion", () => {
  it("is for this hash, of the type of a sign-in, and with the user verified", async () => {
    const p = await town();
    const key = passkey(p);
    const account = accountAt(await accountOf(p, key));
    const hash = personalDigest(await account.getAddress(), DIGEST);
    expect(await account.isValidSignature(DIGEST, key.assert(hash, { flags: 0x1d }))).to.equal(VALID);
    const wrong = {
      "another challenge": { challenge: digestOf("other") },
      "a registration": { type: "webauthn.create" },
      "nobody present": { flags: 0x04 },
      "nobody verified": { flags: 0x01 },
      "a copy of what can not be copied": { flags: 0x15 },
    };
    for (const [title, options] of Object.entries(wrong)) {
      expect(await account.isValidSignature(DIGEST, key.assert(hash, options)), title).to.equal(INVALID);
    }
  });

  it("does not open an account of the bare P-256 key, nor the other way round", async () => {
    const p = await town();
    const key = passkey(p);
    const bare = concat([p.addresses.P256Verifier ?? "", dataSlice(key.signer, 20)]);
    const account = accountAt(await accountOf(p, { ...key, signer: bare }));
    const hash = personalDigest(await account.getAddress(), DIGEST);
    expect(await account.isValidSignature(DIGEST, key.sign(hash))).to.equal(INVALID);
  });
});

describe("An RSA key", () => {
  it("of fewer than 2,048 bits opens nothing", async () => {
    const p = await town();
    const key = rsaKey(p, 1_024);
    const address = await accountOf(p, key);
    const calls = [callOf(p.records, "record", [recordOf("one")])];
    expectEntryPointRefusal(await operateWith(address, calls, key.sign), "AA24 signature error");
  });
});
