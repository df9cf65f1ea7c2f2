import { expect } from "chai";
import { id, SigningKey } from "ethers";
import { installFastRecovery } from "../../src/chain/fast-recovery.node.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import { recoverAddress, setRecoverKey } from "../../src/core/qbft/recover-address.ts";
import { addressOfKey, sealOf } from "../support/sealed-block.ts";

describe("recovery of signers by libsecp256k1", () => {
  it("gives the same addresses as the one in JavaScript, and refuses the same bytes", async () => {
    const seals = Array.from({ length: 20 }, (_, at) => {
      const key = new SigningKey(id(`key ${at}`));
      const digest = id(`digest ${at}`);
      return { digest: hexToBytes(digest), seal: sealOf(key, digest), address: addressOfKey(key) };
    });
    const recover = () =>
      seals.flatMap(({ digest, seal }) =>
        [0, 1].map((flip) => {
          const v = (seal[64] as number) ^ flip;
          return [seal.subarray(0, 64), new Uint8Array(64), new Uint8Array(64).fill(0xff)].map((signature) => {
            try {
              return recoverAddress(digest, signature, v);
            } catch {
              return "no signature";
            }
          });
        }),
      );
    const before = recover();
    await installFastRecovery();
    expect(recover()).to.deep.equal(before);
    expect(before.filter((_, at) => at % 2 === 0).map(([address]) => address)).to.deep.equal(
      seals.map(({ address }) => address),
    );
    expect(before.every(([, zero, most]) => zero === "no signature" && most === "no signature")).to.equal(true);
  });

  it("is not taken if it is another function", () => {
    expect(() => setRecoverKey(() => new Uint8Array(65))).to.throw("not the recovery of secp256k1 keys");
  });
});
