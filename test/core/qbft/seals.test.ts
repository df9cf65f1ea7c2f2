import { expect } from "chai";
import type { SigningKey } from "ethers";
import fc from "fast-check";
import type { BropError } from "../../../src/core/errors.ts";
import { bytesToHex, hexToBytes } from "../../../src/core/hex.ts";
import { blockHash, headerFromRpc, type QbftHeader, sealDigest } from "../../../src/core/qbft/header.ts";
import { checkSeals, quorumOf, recoverSealers } from "../../../src/core/qbft/seals.ts";
import {
  CONTRACT_MODE_BLOCKS,
  contractModeBlock,
  type RecordedBlock,
  recorded,
  recordedValidators,
} from "../../support/qbft-recordings.ts";
import { addressOfKey, sealedBlock, sealOf, validatorKey, withSeals } from "../../support/sealed-block.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function refusal(header: QbftHeader, validators: readonly string[]): string {
  try {
    checkSeals(header, validators);
  } catch (error) {
    expect((error as BropError).code).to.equal("proof.invalid");
    return (error as BropError).message;
  }
  throw new Error("Nothing was refused");
}

describe("the seals of a block", () => {
  const keys = [1, 2, 3, 4].map(validatorKey);
  const validators = keys.map(addressOfKey);
  const sealedBy = (sealers: SigningKey[], round = 0) => headerFromRpc(sealedBlock({ number: 9, round }, sealers));

  it("are those of a quorum in every recorded block, also of later rounds and other nodes", () => {
    for (const number of CONTRACT_MODE_BLOCKS) {
      checkSeals(headerFromRpc(contractModeBlock(number)), recordedValidators(number));
    }
    for (const name of [42, 53]) {
      checkSeals(headerFromRpc(contractModeBlock(`${name}-other-node`)), recordedValidators(name));
    }
    for (const number of [117, 119]) {
      const header = headerFromRpc(recorded(`header-mode/block-${number}`) as RecordedBlock);
      checkSeals(header, header.extraData.validators.map(bytesToHex));
    }
  });

  it("are not those of the set before a recorded change, nor of the set after it in the block of the change", () => {
    // 42 adds a validator: it may seal from 43 on, and sealed 46.
    expect(refusal(headerFromRpc(contractModeBlock(46)), recordedValidators(42))).to.match(/seals/);
    // 47 removes two of five, 52 brings others.
    expect(refusal(headerFromRpc(contractModeBlock(47)), recordedValidators(48))).to.match(/seals/);
    expect(refusal(headerFromRpc(contractModeBlock(53)), recordedValidators(52))).to.match(/seals/);
  });

  it("are enough from ceil(2n/3) on", () => {
    const expected = [0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7];
    for (const [count, quorum] of expected.entries()) expect(quorumOf(count), String(count)).to.equal(quorum);
    for (let count = 1; count <= 10; count++) {
      const all = Array.from({ length: count }, (_, at) => validatorKey(`of ${count}: ${at}`));
      const addresses = all.map(addressOfKey);
      const quorum = expected[count] as number;
      checkSeals(sealedBy(all.slice(0, quorum)), addresses);
      checkSeals(sealedBy(all), addresses);
      expect(refusal(sealedBy(all.slice(0, quorum - 1)), addresses)).to.match(/are needed/);
    }
  });

  it("count each validator once, in whatever form the seal comes", () => {
    const [first, second] = keys as [SigningKey, SigningKey];
    expect(refusal(sealedBy([first, second, first]), validators)).to.match(/twice/);
    const block = sealedBlock({ number: 9 }, []);
    const digest = bytesToHex(sealDigest(headerFromRpc(block)));
    const seal = sealOf(first, digest);
    // The same signature in its other form: s turned round, v flipped.
    const s = ORDER - BigInt(bytesToHex(seal.subarray(32, 64)));
    const other = hexToBytes(
      `${bytesToHex(seal.subarray(0, 32))}${s.toString(16).padStart(64, "0")}0${1 - (seal[64] as number)}`,
    );
    expect(refusal(withSeals(block, [seal, other, sealOf(second, digest)]), validators)).to.match(/other form/);
  });

  it("name no strangers, even where the others are enough", () => {
    expect(refusal(sealedBy([...keys.slice(0, 3), validatorKey("stranger")]), validators)).to.match(/no validator/);
    expect(refusal(sealedBy([...keys, validatorKey("stranger")]), validators)).to.match(/more than/);
  });

  it("belong to their round: the seals of one do not seal another", () => {
    const [later, first] = [sealedBlock({ number: 9, round: 3 }, keys), sealedBlock({ number: 9, round: 0 }, [])];
    checkSeals(headerFromRpc(later), validators);
    expect(bytesToHex(blockHash(headerFromRpc(later)))).to.equal(first.hash);
    const moved = withSeals(first, headerFromRpc(later).extraData.seals);
    expect(refusal(moved, validators)).to.match(/no validator/);
  });

  it("can not be judged without validators", () => {
    expect(refusal(sealedBy([]), [])).to.match(/without validators/);
  });

  it("are refused before they are recovered when there are more than validators", () => {
    const seals = Array.from({ length: 1_000 }, () => new Uint8Array(65));
    expect(refusal(withSeals(sealedBlock({ number: 9 }, []), seals), validators)).to.match(/more than/);
  });

  it("are refused with a v of another form and with numbers that are no signature", () => {
    const block = sealedBlock({ number: 9 }, []);
    const digest = bytesToHex(sealDigest(headerFromRpc(block)));
    const good = keys.slice(0, 2).map((key) => sealOf(key, digest));
    const spoilt = (change: (seal: Uint8Array) => void) => {
      const seal = sealOf(keys[2] as SigningKey, digest);
      change(seal);
      return withSeals(block, [...good, seal]);
    };
    checkSeals(
      spoilt(() => undefined),
      validators,
    );
    for (const v of [2, 3, 27, 28, 255]) {
      expect(
        refusal(
          spoilt((seal) => seal.fill(v, 64)),
          validators,
        ),
      ).to.match(/recovery number/);
    }
    expect(
      refusal(
        spoilt((seal) => seal.fill(0, 0, 32)),
        validators,
      ),
    ).to.match(/no signature|no validator/);
    expect(
      refusal(
        spoilt((seal) => seal.fill(0, 32, 64)),
        validators,
      ),
    ).to.match(/no signature|no validator/);
    expect(
      refusal(
        spoilt((seal) => seal.fill(255, 0, 32)),
        validators,
      ),
    ).to.match(/no signature|no validator/);
  });

  it("are refused with any bit flipped", function () {
    this.timeout(60_000);
    const header = sealedBy(keys.slice(0, 3));
    const block = sealedBlock({ number: 9 }, []);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 65 * 8 - 1 }), (which, bit) => {
        const seals = header.extraData.seals.map((seal) => Uint8Array.from(seal));
        const seal = seals[which] as Uint8Array;
        seal[bit >> 3] = (seal[bit >> 3] as number) ^ (1 << (bit & 7));
        refusal(withSeals(block, seals), validators);
      }),
      { numRuns: 200 },
    );
  });

  it("tell who sealed, in their order", () => {
    const [first, second, third] = keys as [SigningKey, SigningKey, SigningKey];
    expect(recoverSealers(sealedBy([third, first, second], 1))).to.deep.equal([third, first, second].map(addressOfKey));
  });
});
