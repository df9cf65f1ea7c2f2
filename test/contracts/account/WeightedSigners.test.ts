import { expect } from "chai";
import { AbiCoder, concat, dataSlice, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { expectRevert } from "../support/errors.ts";
import {
  accountKey,
  addressKey,
  encodeSignatures,
  type Key,
  operateWith,
  p256Key,
  passkey,
  rsaKey,
  weightedSignature,
  weightedSigner,
} from "../support/keys.ts";
import { callOf, expectEntryPointRefusal, expectExecuted } from "../support/operations.ts";
import { type Town, town } from "../support/participants.ts";
import { accountAt, deployed } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const YES = "0x024ad318";
const NO = "0xffffffff";
const HASH = digestOf("hash");
const coder = AbiCoder.defaultAbiCoder();
const [ada, ben, cleo, dan] = ["ada", "ben", "cleo", "dan"].map((name) => addressKey(walletOf(name))) as [
  Key,
  Key,
  Key,
  Key,
];

type Verify = (members: readonly [Key, number][], threshold: number, signature: string) => Promise<string>;

async function withVerifier(): Promise<Town & { verify: Verify }> {
  const p = await town();
  const verify: Verify = (members, threshold, signature) =>
    p.weightedSigners.verify(dataSlice(weightedSigner(p, threshold, members), 20), HASH, signature);
  return { ...p, verify };
}

const signedBy = (...keys: Key[]) => weightedSignature(HASH, keys);

describe("WeightedSigners", () => {
  it("says yes when those who signed weigh enough", async () => {
    const { verify } = await withVerifier();
    const members: [Key, number][] = [
      [ada, 1],
      [ben, 1],
      [cleo, 2],
    ];
    const cases: [number, Key[], string][] = [
      [2, [ada, ben], YES],
      [2, [cleo], YES],
      [2, [ada], NO],
      [3, [ada, ben], NO],
      [3, [ada, cleo], YES],
      [4, [ada, ben, cleo], YES],
      [5, [ada, ben, cleo], NO],
    ];
    for (const [threshold, keys, answer] of cases) {
      expect(await verify(members, threshold, signedBy(...keys)), `${threshold} of ${keys.length}`).to.equal(answer);
    }
  });

  it("takes keys of every kind, accounts and sets of signers within a set", async () => {
    const p = await withVerifier();
    const inner: Key = {
      signer: weightedSigner(p, 2, [
        [ben, 1],
        [cleo, 1],
      ]),
      sign: (hash) => weightedSignature(hash, [ben, cleo]),
    };
    const keys = [ada, p256Key(p), passkey(p), rsaKey(p), accountKey(p.bank.address, p.bank.wallet), inner];
    const members = keys.map((key): [Key, number] => [key, 1]);
    expect(await p.verify(members, keys.length, signedBy(...keys))).to.equal(YES);
    for (const missing of keys) {
      const others = keys.filter((key) => key !== missing);
      expect(await p.verify(members, keys.length, signedBy(...others))).to.equal(NO);
    }
  });

  describe("counts nobody twice", () => {
    const members: [Key, number][] = [
      [ada, 1],
      [ben, 1],
    ];

    it("who signs twice", async () => {
      const { verify } = await withVerifier();
      const twice = encodeSignatures([ada.signer, ada.signer], [ada.sign(HASH), ada.sign(HASH)]);
      expect(await verify(members, 2, twice)).to.equal(NO);
      expect(await verify(members, 1, twice)).to.equal(NO);
    });

    it("who stands in the key twice", async () => {
      const { verify } = await withVerifier();
      const doubled: [Key, number][] = [
        [ada, 1],
        [ada, 5],
        [ben, 1],
      ];
      expect(await verify(doubled, 2, signedBy(ada))).to.equal(NO);
      expect(await verify(doubled, 2, signedBy(ada, ben))).to.equal(YES);
      expect(await verify(doubled, 3, signedBy(ada, ben))).to.equal(NO);
    });

    it("who signs under two spellings of a signer: only what the key names counts", async () => {
      const { verify } = await withVerifier();
      const longer: Key = { signer: `${ada.signer}00`, sign: ada.sign };
      expect(await verify(members, 2, signedBy(ada, longer))).to.equal(NO);
    });
  });

  it("wants the signers in ascending order, as many as signatures", async () => {
    const { verify } = await withVerifier();
    const members: [Key, number][] = [
      [ada, 1],
      [ben, 1],
    ];
    const [low, high] = keccak256(ada.signer) < keccak256(ben.signer) ? [ada, ben] : [ben, ada];
    const signatures = [high.sign(HASH), low.sign(HASH)];
    expect(await verify(members, 2, encodeSignatures([low.signer, high.signer], [...signatures].reverse()))).to.equal(
      YES,
    );
    expect(await verify(members, 2, encodeSignatures([high.signer, low.signer], signatures))).to.equal(NO);
    const one = low.sign(HASH);
    expect(await verify(members, 1, encodeSignatures([low.signer], []))).to.equal(NO);
    expect(await verify(members, 1, encodeSignatures([low.signer, high.signer], [one]))).to.equal(NO);
    expect(await verify(members, 1, encodeSignatures([low.signer], [one, one]))).to.equal(NO);
  });

  it("says no to a stranger and to a wrong signature, however much the others weigh", async () => {
    const { verify } = await withVerifier();
    const members: [Key, number][] = [
      [ada, 10],
      [ben, 1],
    ];
    expect(await verify(members, 2, signedBy(ada, cleo))).to.equal(NO);
    expect(await verify(members, 2, signedBy(ada, { ...ben, sign: cleo.sign }))).to.equal(NO);
  });

  it("takes no threshold of zero, which nobody would have to sign for", async () => {
    const { verify } = await withVerifier();
    expect(await verify([[ada, 1]], 0, signedBy(ada))).to.equal(NO);
    expect(await verify([[ada, 1]], 0, encodeSignatures([], []))).to.equal(NO);
    expect(await verify([], 0, encodeSignatures([], []))).to.equal(NO);
    expect(await verify([[ada, 1]], 1, encodeSignatures([], []))).to.equal(NO);
  });

  it("takes a signer without weight for none", async () => {
    const { verify } = await withVerifier();
    const members: [Key, number][] = [
      [ada, 0],
      [ben, 1],
    ];
    expect(await verify(members, 1, signedBy(ben))).to.equal(YES);
    expect(await verify(members, 1, signedBy(ada, ben))).to.equal(NO);
  });

  it("adds the greatest weights without overflow", async () => {
    const { weightedSigners } = await town();
    const most = 2n ** 64n - 1n;
    const key = (threshold: bigint) =>
      coder.encode(
        ["uint64", "bytes[]", "uint64[]"],
        [threshold, [ada.signer, ben.signer, cleo.signer], [most, most, 2]],
      );
    // Modulo 2^64 all of them together would weigh nothing.
    expect(await weightedSigners.verify(key(most), HASH, signedBy(ada, ben, cleo))).to.equal(YES);
    expect(await weightedSigners.verify(key(most), HASH, signedBy(cleo))).to.equal(NO);
  });

  it("answers no, and does not revert, where key or signature are in no encoding", async () => {
    const { weightedSigners } = await town();
    const key = dataSlice(weightedSigner(await town(), 1, [[ada, 1]]), 20);
    const good = signedBy(ada);
    expect(await weightedSigners.verify(key, HASH, good)).to.equal(YES);
    const word = (value: bigint | number) => coder.encode(["uint256"], [value]);
    const broken = [
      "0x",
      "0x00",
      ZeroHash,
      concat([ZeroHash, ZeroHash]),
      concat([word(64), word(2n ** 255n)]),
      concat([word(2n ** 256n - 1n), word(64)]),
      concat([word(64), word(96), word(2n ** 64n), word(0)]),
      concat([word(64), word(96), word(1), word(2n ** 255n), word(1), word(0)]),
      `0x${"ff".repeat(320)}`,
      dataSlice(good, 0, 100),
      dataSlice(good, 0, 250),
    ];
    for (const signature of broken) expect(await weightedSigners.verify(key, HASH, signature)).to.equal(NO);
    const brokenKeys = [
      ...broken,
      dataSlice(key, 0, 200),
      // The threshold and a weight beyond 64 bits; more signers than weights, and more weights than signers.
      concat([`0x01${"00".repeat(31)}`, dataSlice(key, 32)]),
      coder.encode(["uint64", "bytes[]", "uint256[]"], [1, [ada.signer], [2n ** 64n]]),
      coder.encode(["uint64", "bytes[]", "uint64[]"], [1, [ada.signer], []]),
      coder.encode(["uint64", "bytes[]", "uint64[]"], [1, [], [1]]),
    ];
    for (const wrong of brokenKeys) expect(await weightedSigners.verify(wrong, HASH, good)).to.equal(NO);
  });

  it("takes no signer that anybody could sign for", async () => {
    const { verify } = await withVerifier();
    // The identity precompile repeats its input, which begins as a verifier's yes does.
    const identity = "0x0000000000000000000000000000000000000004";
    for (const signer of [
      concat([identity, "0x01"]),
      ZeroAddress,
      identity,
      "0x",
      "0x01",
      concat([ada.signer, "0x01"]),
    ]) {
      for (const signature of ["0x", "0x00", `0x${"00".repeat(65)}`]) {
        const anybody: Key = { signer, sign: () => signature };
        expect(await verify([[anybody, 1]], 1, signedBy(anybody)), signer).to.equal(NO);
      }
    }
  });

  it("gives a hostile signer no more than a no", async () => {
    const p = await withVerifier();
    const hostile = await deployed(p.operator, "testing/HostileSigner", []);
    for (const signer of [hostile.toLowerCase(), concat([hostile, "0x0102"])]) {
      const ways = ["0x01", "0x02", "0x03", "0x05", "0x06", "0x08", "0x09"];
      for (const way of ways) {
        const member: Key = { signer, sign: () => way };
        const members: [Key, number][] = [
          [member, 1],
          [ada, 1],
        ];
        expect(await p.verify(members, 1, signedBy(member, ada)), way).to.equal(NO);
        expect(await p.verify(members, 1, signedBy(ada))).to.equal(YES);
      }
    }
  });

  describe("as the signer of an institution's account", () => {
    /** The bank wants two of its three officers. */
    async function withOfficers() {
      const p = await town();
      const signer = weightedSigner(p, 2, [
        [ada, 1],
        [ben, 1],
        [cleo, 1],
      ]);
      expectExecuted(await p.bank.call(accountAt(p.bank.address), "setSigner", [signer]));
      const operate = (calls: Parameters<typeof operateWith>[1], ...keys: Key[]) =>
        operateWith(p.bank.address, calls, (hash) => weightedSignature(hash, keys));
      return { ...p, operate };
    }

    it("wants four eyes for every operation", async () => {
      const { operate, records, bank } = await withOfficers();
      const calls = [callOf(records, "record", [recordOf("one")])];
      for (const keys of [[ada], [dan, ada], [], [ada, ada]]) {
        expectEntryPointRefusal(await operate(calls, ...keys), "AA24 signature error");
      }
      expectEntryPointRefusal(await bank.operate(calls), "AA24 signature error");
      expectExecuted(await operate(calls, ben, ada));
      expectExecuted(await operate([callOf(records, "record", [recordOf("two")])], ada, ben, cleo));
    });

    it("lets two of them replace the third", async () => {
      const p = await withOfficers();
      const next = weightedSigner(p, 2, [
        [ada, 1],
        [ben, 1],
        [dan, 1],
      ]);
      expectExecuted(await p.operate([callOf(accountAt(p.bank.address), "setSigner", [next])], ada, ben));
      const calls = [callOf(p.records, "record", [recordOf("one")])];
      expectEntryPointRefusal(await p.operate(calls, ada, cleo), "AA24 signature error");
      expectExecuted(await p.operate(calls, ada, dan));
    });
  });

  describe("makes keys", () => {
    const make = async (threshold: number, signers: string[], weights: (number | bigint)[]) =>
      (await town()).weightedSigners.keyOf(threshold, signers, weights);

    it("that it then understands", async () => {
      const { weightedSigners } = await town();
      const key = await weightedSigners.keyOf(2, [ada.signer, ben.signer], [1, 1]);
      expect(await weightedSigners.verify(key, HASH, signedBy(ada, ben))).to.equal(YES);
      expect(await weightedSigners.verify(key, HASH, signedBy(ada))).to.equal(NO);
    });

    it("of sets that make sense only", async () => {
      const both = [ada.signer, ben.signer];
      await expectRevert(make(1, both, [1]), "WeightedSignersLengthsDiffer", []);
      await expectRevert(make(0, both, [1, 1]), "WeightedSignersThresholdInvalid", [0, 2]);
      await expectRevert(make(3, both, [1, 1]), "WeightedSignersThresholdInvalid", [3, 2]);
      await expectRevert(make(1, [], []), "WeightedSignersThresholdInvalid", [1, 0]);
      await expectRevert(make(1, both, [1, 0]), "WeightedSignersWeightMissing", [ben.signer]);
      await expectRevert(make(1, [ada.signer, ben.signer, ada.signer], [1, 1, 1]), "WeightedSignersSignerTwice", [
        ada.signer,
      ]);
      for (const signer of ["0x", "0x0102", ZeroAddress, concat([ada.signer, "0x01"])]) {
        await expectRevert(make(1, [ada.signer, signer], [1, 1]), "WeightedSignersSignerInvalid", [signer]);
      }
      expect(await make(1, both, [2n ** 64n - 1n, 2n ** 64n - 1n])).to.be.a("string");
    });
  });
});
