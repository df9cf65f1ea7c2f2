import { expect } from "chai";
import { keccak256, Transaction, Wallet } from "ethers";
import fc from "fast-check";
import { joinSignature, unsignedBytes } from "../../src/chain/legacy-transaction.ts";

const WALLET = new Wallet(`0x${"42".repeat(32)}`);
const TO = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";

describe("A legacy transaction", () => {
  it("is signed and encoded as ethers does it", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(20_000_000),
        fc.bigInt({ min: 1n, max: 1n << 40n }),
        fc.uint8Array({ maxLength: 300 }),
        (nonce, gasLimit, chainId, bytes) => {
          const data = `0x${Buffer.from(bytes).toString("hex")}`;
          const byEthers = Transaction.from({ type: 0, chainId, nonce, to: TO, data, gasLimit, gasPrice: 0n });
          byEthers.signature = WALLET.signingKey.sign(byEthers.unsignedHash);
          const transaction = { chainId, nonce, to: TO, data, gasLimit };
          const signature = WALLET.signingKey.sign(keccak256(unsignedBytes(transaction)));
          const { raw, hash } = joinSignature(transaction, signature);
          expect(raw).to.equal(byEthers.serialized);
          expect(hash).to.equal(byEthers.hash);
        },
      ),
      { numRuns: 50 },
    );
  });
});
