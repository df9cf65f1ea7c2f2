import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { encodeRpcTransaction, readTransactionHashes } from "../../src/core/block-transactions.ts";
import { BropError } from "../../src/core/errors.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import { headerFromRpc } from "../../src/core/qbft/header.ts";
import { contractModeBlock, type RecordedBlock, recorded } from "../support/qbft-recordings.ts";

type RpcTransaction = { hash: string; [member: string]: unknown };

function refusal(work: () => unknown): void {
  expect(work).to.throw(BropError, "The proof does not hold");
}

describe("a block's transactions", () => {
  it("give the root and the hashes of recorded blocks", () => {
    const blocks = [
      ...[42, 47, 52].map(contractModeBlock),
      ...[117, 119].map((at) => recorded(`header-mode/block-${at}`)),
    ];
    for (const block of blocks as RecordedBlock[]) {
      const transactions = block.transactions as (string | RpcTransaction)[];
      if (typeof transactions[0] === "string") continue;
      const hashes = transactions.map((one) => (one as RpcTransaction).hash);
      expect(readTransactionHashes(headerFromRpc(block), block)).to.deep.equal(hashes);
    }
    expect(readTransactionHashes(headerFromRpc(contractModeBlock(41)), contractModeBlock(41))).to.deep.equal([]);
  });

  it("are refused when one is forged, missing or added, whatever hash it claims", () => {
    const block = contractModeBlock(42);
    const header = headerFromRpc(block);
    const [one] = block.transactions as [RpcTransaction];
    for (const transactions of [
      ...[[], [one, one], [one.hash], [null], undefined, "0x"],
      ...["nonce", "gas", "value", "input", "v", "r", "s", "gasPrice"].map((name) => [{ ...one, [name]: "0x12" }]),
      [{ ...one, to: null }],
      [{ ...one, type: "0x2" }],
      [{ ...one, type: "0x4" }],
    ]) {
      refusal(() => readTransactionHashes(header, { ...block, transactions }));
    }
    refusal(() => readTransactionHashes(header, null));
  });

  it("come into the form in which they were signed, of each type", async () => {
    const wallet = Wallet.createRandom();
    const call = { to: wallet.address, data: "0x1234", gasLimit: 100_000, nonce: 7, chainId: 5, value: 0 };
    const accessList = [{ address: wallet.address.toLowerCase(), storageKeys: [`0x${"12".repeat(32)}`] }];
    const requests = [
      { ...call, type: 0, gasPrice: 0 },
      { ...call, type: 0, gasPrice: 3, to: null },
      { ...call, type: 1, gasPrice: 0, accessList },
      { ...call, type: 2, maxFeePerGas: 9, maxPriorityFeePerGas: 1, accessList },
      { ...call, type: 2, maxFeePerGas: 0, maxPriorityFeePerGas: 0 },
    ];
    const quantity = (value: number | bigint | null) => `0x${BigInt(value ?? 0).toString(16)}`;
    for (const request of requests) {
      const signed = Transaction.from(await wallet.signTransaction(request));
      const { signature } = signed;
      const rpc = {
        ...{ type: quantity(request.type), nonce: "0x7", gas: quantity(100_000), to: signed.to, value: "0x0" },
        ...{ input: "0x1234", chainId: "0x5", accessList: signed.accessList, gasPrice: quantity(signed.gasPrice) },
        ...{ maxFeePerGas: quantity(signed.maxFeePerGas), maxPriorityFeePerGas: quantity(signed.maxPriorityFeePerGas) },
        ...{ r: quantity(BigInt(signature?.r ?? 0)), s: quantity(BigInt(signature?.s ?? 0)) },
        ...(request.type === 0 ? {} : { yParity: quantity(signature?.yParity ?? 0) }),
        v: quantity(request.type === 0 ? (signature?.networkV ?? 0n) : (signature?.yParity ?? 0)),
      };
      expect(bytesToHex(encodeRpcTransaction(rpc))).to.equal(signed.serialized);
    }
  });
});
