import { expect } from "chai";
import fc from "fast-check";
import type { BropError } from "../../../src/core/errors.ts";
import { bytesToHex, hexToBytes } from "../../../src/core/hex.ts";
import {
  blockHash,
  decodeHeader,
  encodeHeader,
  headerFromRpc,
  isSameBlock,
  sealDigest,
} from "../../../src/core/qbft/header.ts";
import { encodeRlp } from "../../../src/core/rlp.ts";
import {
  CONTRACT_MODE_BLOCKS,
  contractModeBlock,
  type RecordedBlock,
  recorded,
} from "../../support/qbft-recordings.ts";
import { sealedBlock, validatorKey } from "../../support/sealed-block.ts";

const ALL: RecordedBlock[] = [
  ...[0, ...CONTRACT_MODE_BLOCKS, "42-other-node", "53-other-node"].map(contractModeBlock),
  ...[117, 119].map((number): RecordedBlock => recorded(`header-mode/block-${number}`)),
];

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect((error as BropError).code).to.equal("proof.invalid");
    return (error as BropError).message;
  }
  throw new Error("Nothing was refused");
}

describe("a QBFT header", () => {
  it("has the hash that Besu gives its block, in every recorded one", () => {
    for (const block of ALL) {
      expect(bytesToHex(blockHash(headerFromRpc(block))), block.number).to.equal(block.hash);
    }
    expect(ALL).to.have.length(19);
  });

  it("is the same block with the seals of another node", () => {
    for (const number of [42, 53]) {
      const [one, other] = [contractModeBlock(number), contractModeBlock(`${number}-other-node`)];
      expect(one.extraData).not.to.equal(other.extraData);
      expect(isSameBlock(headerFromRpc(one), headerFromRpc(other))).to.equal(true);
    }
    expect(isSameBlock(headerFromRpc(contractModeBlock(1)), headerFromRpc(contractModeBlock(2)))).to.equal(false);
  });

  it("is sealed over its hash in round 0, and over something else in later rounds", () => {
    const rounds = new Map<number, number>();
    for (const block of ALL.slice(1)) {
      const header = headerFromRpc(block);
      const isHash = bytesToHex(sealDigest(header)) === block.hash;
      expect(isHash, block.number).to.equal(header.extraData.round === 0);
      rounds.set(header.extraData.round, (rounds.get(header.extraData.round) ?? 0) + 1);
    }
    expect(rounds.get(1)).to.equal(4);
  });

  it("comes out of RLP as it went in, and the same as out of JSON", () => {
    for (const block of ALL) {
      const header = headerFromRpc(block);
      expect(decodeHeader(encodeHeader(header))).to.deep.equal(header);
    }
  });

  it("shows its numbers, roots and validators", () => {
    const block = recorded("header-mode/block-117") as RecordedBlock;
    const header = headerFromRpc(block);
    expect(header.number).to.equal(117);
    expect(header.timestamp).to.equal(Number(block.timestamp));
    for (const root of ["stateRoot", "receiptsRoot", "transactionsRoot"] as const) {
      expect(bytesToHex(header[root])).to.equal(block[root]);
    }
    expect(header.extraData.validators).to.have.length.greaterThan(3);
    expect(headerFromRpc(contractModeBlock(42)).extraData.validators).to.deep.equal([]);
  });

  it("is refused with any member missing, of another length or of another kind", () => {
    const block = contractModeBlock(42);
    const names =
      "parentHash sha3Uncles miner stateRoot transactionsRoot receiptsRoot logsBloom difficulty number gasLimit \
gasUsed timestamp extraData mixHash nonce baseFeePerGas withdrawalsRoot blobGasUsed excessBlobGas parentBeaconBlockRoot \
requestsHash".split(" ");
    expect(names).to.have.length(21);
    for (const name of names) {
      const bad = [undefined, null, 7, {}, [], "", "0x", "42", "0xzz", `0x${"11".repeat(40)}`, `${block[name]}00`];
      for (const value of bad) {
        // Numbers may have any of these lengths, up to 256 bits.
        if (typeof value === "string" && /^0x[0-9a-f]{1,64}$/.test(value) && String(block[name]).length < 20) continue;
        refusal(() => headerFromRpc({ ...block, [name]: value }));
      }
    }
    for (const value of [undefined, null, 1, "0x", [], [block]]) refusal(() => headerFromRpc(value));
  });

  it("is refused without QBFT's mark, and with a height that is none", () => {
    expect(refusal(() => headerFromRpc({ ...contractModeBlock(42), mixHash: `0x${"00".repeat(32)}` }))).to.match(
      /mixHash/,
    );
    expect(refusal(() => headerFromRpc({ ...contractModeBlock(42), number: `0x${"ff".repeat(8)}` }))).to.match(
      /number/,
    );
  });

  it("is refused as RLP that is cut off, longer, of other fields, or in another form", () => {
    const header = headerFromRpc(contractModeBlock(42));
    const rlp = encodeHeader(header);
    for (let length = 0; length < rlp.length; length += 7) refusal(() => decodeHeader(rlp.subarray(0, length)));
    refusal(() => decodeHeader(Uint8Array.from([...rlp, 0])));
    refusal(() => decodeHeader(encodeRlp(header.fields.slice(0, 20))));
    refusal(() => decodeHeader(encodeRlp([...header.fields, new Uint8Array(32)])));
    const numberAt = header.fields.findIndex((field) => field.length === 1 && field[0] === 42);
    const padded = header.fields.map((field, at) => (at === numberAt ? Uint8Array.from([0, 42]) : field));
    expect(refusal(() => decodeHeader(encodeRlp(padded)))).to.match(/number/);
    // The same list with a length in two bytes, of which the first is 0.
    refusal(() => decodeHeader(Uint8Array.from([0xfa, 0, ...rlp.subarray(1)])));
    refusal(() => decodeHeader(new Uint8Array(200_000)));
  });

  it("changes its hash or its sealed digest with any bit, outside of the seals", () => {
    const block = sealedBlock({ number: 7, round: 2 }, [validatorKey(1)]);
    const header = headerFromRpc(block);
    const rlp = encodeHeader(header);
    const seal = header.extraData.seals[0] as Uint8Array;
    const sealAt = bytesToHex(rlp).slice(2).indexOf(bytesToHex(seal).slice(2)) / 2;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: rlp.length * 8 - 1 }), (bit) => {
        const place = bit >> 3;
        fc.pre(place < sealAt || place >= sealAt + seal.length);
        const flipped = Uint8Array.from(rlp);
        flipped[place] = (flipped[place] as number) ^ (1 << (bit & 7));
        try {
          const other = decodeHeader(flipped);
          expect(bytesToHex(sealDigest(other))).not.to.equal(bytesToHex(sealDigest(header)));
        } catch (error) {
          expect((error as BropError).code).to.equal("proof.invalid");
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is refused, and never crashes the reader, whatever bytes come", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        refusal(() => decodeHeader(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        refusal(() => headerFromRpc(value));
      }),
    );
    refusal(() => decodeHeader(hexToBytes("0x")));
  });
});
