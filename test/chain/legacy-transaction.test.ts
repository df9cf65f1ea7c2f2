import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import fc from "fast-check";
import { signFreeTransaction } from "../../src/chain/legacy-transaction.ts";

const WALLET = new Wallet(`0x${"42".repeat(32)}`);
const TO = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";

describe("signFreeTransaction", () => {
  it("signs and encodes as ethers does", () => {
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
          const { raw, hash } = signFreeTransaction({ chainId, nonce, to: TO, data, gasLimit }, WALLET.signingKey);
          expect(raw).to.equal(byEthers.serialized);
          expect(hash).to.equal(byEthers.hash);
        },
      ),
      { numRuns: 50 },
    );
  });
});
