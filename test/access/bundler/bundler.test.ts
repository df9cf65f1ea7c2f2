import { expect } from "chai";
import fc from "fast-check";
import { pack } from "../../../src/access/bundler/bundler.ts";
import { BUNDLE_GAS_BUDGET, bundleGasLimit, TRANSACTION_GAS_CAP } from "../../../src/access/bundler/gas.ts";
import { newEntry, type PoolEntry } from "../../../src/access/bundler/operation-pool.ts";
import { encodeHandleOps } from "../../../src/core/handle-ops.ts";
import { encodeSerial } from "../../../src/core/serial.ts";

function entry(nonce: bigint, callGasLimit: number, bytes: number): PoolEntry {
  const operation = {
    sender: "0x00000000000000000000000000000000000000Aa",
    nonce,
    callData: `0x${"11".repeat(bytes)}`,
    callGasLimit: BigInt(callGasLimit),
    verificationGasLimit: 100_000n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: `0x${"22".repeat(65)}`,
  };
  return newEntry(`0x${nonce.toString(16)}`, operation, 0, 0);
}

describe("packing of bundles", () => {
  const anyEntry = fc
    .record({
      key: fc.integer({ min: -1, max: 1 }),
      callGasLimit: fc.integer({ min: 0, max: 5_000_000 }),
      bytes: fc.integer({ min: 0, max: 20_000 }),
    })
    .map(({ key, callGasLimit, bytes }) => ({ key, callGasLimit, bytes }));

  it("carries each operation once, within a transaction's gas and size, ordinary nonces in order", () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 40 }), (parts) => {
        const sequences = [0n, 0n];
        const entries = parts.map(({ key, callGasLimit, bytes }) => {
          const nonce =
            key < 0 ? encodeSerial({ deadlineBlock: 9 }) : (BigInt(key) << 64n) | (sequences[key]!++ as bigint);
          return entry(nonce, callGasLimit, bytes);
        });
        const shuffled = [...entries].sort((a, b) => (a.hash.slice(-3) < b.hash.slice(-3) ? -1 : 1));
        const bundles = pack(shuffled);
        expect(bundles.flat()).to.have.members(entries);
        for (const bundle of bundles) {
          const gas = bundle.reduce((sum, one) => sum + one.gas, 0);
          expect(bundleGasLimit(gas)).to.be.at.most(TRANSACTION_GAS_CAP);
          if (bundle.length > 1) expect(gas).to.be.at.most(BUNDLE_GAS_BUDGET);
          const data = encodeHandleOps(
            bundle.map(({ packed }) => packed),
            bundle[0]!.operation.sender,
          );
          if (bundle.length > 1) expect(data.length / 2).to.be.below(128 * 1024);
        }
        for (const key of [0n, 1n]) {
          const order = bundles.flat().filter(({ operation }) => operation.nonce >> 64n === key);
          const nonces = order.map(({ operation }) => operation.nonce);
          expect(nonces).to.deep.equal([...nonces].sort((a, b) => (a < b ? -1 : 1)));
        }
      }),
    );
  });
});
