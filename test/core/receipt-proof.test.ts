import { expect } from "chai";
import fc from "fast-check";
import { BropError } from "../../src/core/errors.ts";
import { bytesToHex, hexToBytes } from "../../src/core/hex.ts";
import { encodeHeader, headerFromRpc } from "../../src/core/qbft/header.ts";
import { checkSeals } from "../../src/core/qbft/seals.ts";
import { decodeReceipt, encodeRpcReceipt } from "../../src/core/receipt.ts";
import { buildReceiptProof, readBlockReceipts, readReceiptProof } from "../../src/core/receipt-proof.ts";
import { encodeRlp, numberBytes } from "../../src/core/rlp.ts";
import { buildTrie } from "../../src/core/trie/build-trie.ts";
import { contractModeBlock, type RecordedBlock, recorded, recordedValidators } from "../support/qbft-recordings.ts";

type RpcReceipt = { logs: { address: string; topics: string[]; data: string }[]; [member: string]: unknown };

const indexKey = (index: number) => encodeRlp(numberBytes(index));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    expect(error.code).to.equal("proof.invalid");
    return error.message;
  }
  throw new Error("Nothing was refused");
}

describe("a receipt proof", () => {
  const block = recorded("header-mode/block-119") as RecordedBlock;
  const receipts = recorded("header-mode/receipts-119") as RpcReceipt[];
  const header = headerFromRpc(block);

  it("shows every receipt of a recorded block", () => {
    expect(receipts).to.have.length(100);
    for (const [index, recordedReceipt] of receipts.entries()) {
      const proof = JSON.parse(JSON.stringify(buildReceiptProof(header, receipts, index)));
      const { receipt, transactionIndex, header: found } = readReceiptProof(proof);
      expect(transactionIndex).to.equal(index);
      expect(found).to.deep.equal(header);
      expect(receipt.success).to.equal(recordedReceipt.status === "0x1");
      expect(receipt.cumulativeGasUsed).to.equal(BigInt(recordedReceipt.cumulativeGasUsed as string));
      const logs = recordedReceipt.logs.map(({ address, topics, data }) => ({ address, topics, data }));
      expect(receipt.logs).to.deep.equal(logs);
    }
    checkSeals(header, header.extraData.validators.map(bytesToHex));
  });

  it("has the size that verifiers can carry: under 3,100 bytes", () => {
    const { header: rlp, nodes } = buildReceiptProof(header, receipts, 50);
    const bytes = [rlp, ...nodes].reduce((sum, hex) => sum + (hex.length - 2) / 2, 0);
    expect(bytes).to.be.within(1_000, 3_100);
  });

  it("shows the recorded changes of validators in blocks that the set before sealed", () => {
    for (const number of [42, 47, 52]) {
      const change = headerFromRpc(contractModeBlock(number));
      checkSeals(change, recordedValidators(number));
      const proof = buildReceiptProof(change, recorded(`contract-mode/receipts-${number}`), 0);
      const { receipt } = readReceiptProof(proof);
      expect(receipt.logs[0]?.address).to.equal("0x0000000000000000000000000000000000008888");
      expect(BigInt(receipt.logs[0]?.topics[1] as string)).to.equal(BigInt([42, 47, 52].indexOf(number) + 1));
    }
  });

  it("is not built from receipts of another block, or with one changed, left out, added or moved", () => {
    const build = (some: unknown[]) => refusal(() => buildReceiptProof(header, some, 0));
    build(recorded("header-mode/receipts-117"));
    build(receipts.slice(1));
    build([...receipts, receipts[0]]);
    build([receipts[1], receipts[0], ...receipts.slice(2)]);
    const [first, ...others] = receipts as [RpcReceipt, ...RpcReceipt[]];
    build([{ ...first, status: "0x0" }, ...others]);
    build([{ ...first, logs: [] }, ...others]);
    build([{ ...first, type: "0x2" }, ...others]);
    build([{ ...first, cumulativeGasUsed: "0x1" }, ...others]);
    expect(refusal(() => buildReceiptProof(header, receipts, 100))).to.match(/none of the block's/);
    expect(refusal(() => buildReceiptProof(header, receipts, -1))).to.match(/none of the block's/);
  });

  it("is refused for another place in the block", () => {
    const proof = buildReceiptProof(header, receipts, 3);
    for (const transactionIndex of [0, 2, 4, 99, 100, 1_000])
      refusal(() => readReceiptProof({ ...proof, transactionIndex }));
    for (const transactionIndex of [-1, 1.5, Number.NaN, "3", null, undefined, 2 ** 60]) {
      refusal(() => readReceiptProof({ ...proof, transactionIndex }));
    }
  });

  it("of a receipt that is not there is refused, though its nodes are right", () => {
    const trie = buildTrie(receipts.map((receipt, index) => [indexKey(index), encodeRpcReceipt(receipt)]));
    const nodes = trie.prove(indexKey(100)).map(bytesToHex);
    const proof = { header: bytesToHex(encodeHeader(header)), transactionIndex: 100, nodes };
    expect(refusal(() => readReceiptProof(proof))).to.match(/none of the block's/);
  });

  it("is refused with any bit flipped, by its nodes or by its seals", function () {
    this.timeout(60_000);
    const proof = buildReceiptProof(header, receipts, 42);
    const validators = header.extraData.validators.map(bytesToHex);
    const judge = (some: unknown) => {
      const read = readReceiptProof(some);
      checkSeals(read.header, validators);
    };
    judge(proof);
    const flip = (hex: string, bit: number) => {
      const bytes = hexToBytes(hex);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      return bytesToHex(bytes);
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: proof.nodes.length }), (random, part) => {
        const hex = part === 0 ? proof.header : (proof.nodes[part - 1] as string);
        const changed = flip(hex, random % ((hex.length - 2) * 4));
        const forged =
          part === 0 ? { ...proof, header: changed } : { ...proof, nodes: proof.nodes.with(part - 1, changed) };
        refusal(() => judge(forged));
      }),
      { numRuns: 400 },
    );
  });

  it("is refused, and crashes nobody, in any shape", () => {
    const proof = buildReceiptProof(header, receipts, 0);
    fc.assert(fc.property(fc.anything(), (value) => void refusal(() => readReceiptProof(value))));
    for (const member of ["header", "nodes"] as const) {
      fc.assert(
        fc.property(fc.anything(), (value) => void refusal(() => readReceiptProof({ ...proof, [member]: value }))),
      );
    }
  });
});

describe("all receipts of a block", () => {
  const header = headerFromRpc(recorded("header-mode/block-117") as RecordedBlock);
  const receipts = recorded("header-mode/receipts-117") as RpcReceipt[];

  it("are believed when they give the header's root", () => {
    const read = readBlockReceipts(header, receipts);
    expect(read).to.have.length(receipts.length);
    const empty = headerFromRpc(contractModeBlock(41));
    expect(readBlockReceipts(empty, [])).to.deep.equal([]);
  });

  it("are refused when one is missing, forged, or when they are no receipts", () => {
    for (const answer of [[], null, undefined, {}, "0x", [null], [{}], [...receipts, ...receipts]]) {
      refusal(() => readBlockReceipts(header, answer));
    }
    const [receipt] = receipts as [RpcReceipt];
    for (const member of ["status", "cumulativeGasUsed", "logsBloom", "logs"]) {
      for (const value of [undefined, null, "0x", "0x2", [], {}, 1, [{}]]) {
        if (JSON.stringify(value) === JSON.stringify(receipt[member])) continue;
        refusal(() => readBlockReceipts(header, [{ ...receipt, [member]: value }]));
      }
    }
    refusal(() => readBlockReceipts(headerFromRpc(contractModeBlock(41)), receipts));
  });
});

describe("a receipt", () => {
  const [usual] = recorded("contract-mode/receipts-42") as [RpcReceipt];

  it("comes back from the trie's form, with its type", () => {
    for (const type of ["0x0", "0x1", "0x2", "0x4"]) {
      const { type: found, success, logs } = decodeReceipt(encodeRpcReceipt({ ...usual, type }));
      expect(found).to.equal(Number(type));
      expect(success).to.equal(true);
      expect(logs[0]?.data).to.equal(usual.logs[0]?.data);
    }
  });

  it("is refused in another form", () => {
    const good = encodeRpcReceipt(usual);
    for (const bytes of [
      Uint8Array.from([]),
      Uint8Array.from([0, ...good]),
      Uint8Array.from([2]),
      Uint8Array.from([0x80]),
      good.subarray(0, -1),
      Uint8Array.from([...good, 0]),
      encodeRlp([Uint8Array.from([2]), Uint8Array.from([1]), new Uint8Array(256), []]),
      encodeRlp([Uint8Array.from([1]), Uint8Array.from([1]), new Uint8Array(255), []]),
      encodeRlp([Uint8Array.from([1]), Uint8Array.from([1]), new Uint8Array(256), [[]]]),
      encodeRlp([
        Uint8Array.from([1]),
        Uint8Array.from([1]),
        new Uint8Array(256),
        [[new Uint8Array(20), [new Uint8Array(31)], new Uint8Array(0)]],
      ]),
    ]) {
      refusal(() => decodeReceipt(bytes));
    }
    for (const type of ["0x80", "0xff", "x", null, 2]) refusal(() => encodeRpcReceipt({ ...usual, type }));
  });
});
