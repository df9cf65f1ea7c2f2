import { expect } from "chai";
import { immutableAnswer } from "../../../src/access/reads/immutable.ts";

const HEAD = 100;
const HASH = `0x${"ab".repeat(32)}`;
const ADDRESS = `0x${"11".repeat(20)}`;
const FOUND = { blockHash: HASH };

describe("answers that never change", () => {
  const kept: [string, string, unknown[], unknown][] = [
    ["a block by hash", "eth_getBlockByHash", [HASH, false], {}],
    ["a block by the newest number", "eth_getBlockByNumber", ["0x64", true], {}],
    ["receipts of a block", "eth_getBlockReceipts", [HASH], []],
    ["receipts of a block by number", "eth_getBlockReceipts", ["0x1"], []],
    ["a receipt", "eth_getTransactionReceipt", [HASH], FOUND],
    ["an included transaction", "eth_getTransactionByHash", [HASH], FOUND],
    ["code at an old block", "eth_getCode", [ADDRESS, "0x10"], "0x"],
    ["storage at a block by hash (EIP-1898)", "eth_getStorageAt", [ADDRESS, "0x0", { blockHash: HASH }], "0x00"],
    ["a call at an old block", "eth_call", [{ to: ADDRESS }, { blockNumber: "0x10" }], "0x"],
    ["logs of an old range", "eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x50" }], []],
    ["logs of a block by hash", "eth_getLogs", [{ blockHash: HASH }], []],
  ];
  for (const [what, method, params, result] of kept) {
    it(`are ${what}`, () => {
      expect(immutableAnswer(method, params, HEAD)?.(result)).to.equal(true);
    });
  }

  const notKept: [string, string, unknown[], unknown][] = [
    ["null", "eth_getBlockByHash", [HASH, false], null],
    ["a receipt that is not there yet", "eth_getTransactionReceipt", [HASH], null],
    ["a transaction that waits", "eth_getTransactionByHash", [HASH], { blockHash: null }],
    ["a transaction whose block is nonsense", "eth_getTransactionByHash", [HASH], { blockHash: "0x1" }],
    ["what a block says that is not there yet", "eth_getBlockByNumber", ["0x65", false], {}],
    ["the latest block", "eth_getBlockByNumber", ["latest", false], {}],
    ["code at the latest block", "eth_getCode", [ADDRESS, "latest"], "0x"],
    ["code at no block", "eth_getCode", [ADDRESS], "0x"],
    ["a call that is pending", "eth_call", [{ to: ADDRESS }, "pending"], "0x"],
    ["a call at a block that is no block", "eth_call", [{ to: ADDRESS }, { blockHash: "0x12" }], "0x"],
    ["logs up to the latest block", "eth_getLogs", [{ fromBlock: "0x1" }], []],
    ["logs up to a block that a node may not have yet", "eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x60" }], []],
    ["the height", "eth_blockNumber", [], "0x64"],
    ["a method named like a member of Object", "constructor", [HASH], {}],
    ["a number too large to be one", "eth_getCode", [ADDRESS, `0x${"f".repeat(20)}`], "0x"],
  ];
  for (const [what, method, params, result] of notKept) {
    it(`are not ${what}`, () => {
      expect(immutableAnswer(method, params, HEAD)?.(result) ?? false).to.equal(false);
    });
  }
});
