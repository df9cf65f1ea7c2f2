import { expect } from "chai";
import { Transaction, verifyTypedData, Wallet } from "ethers";
import { LocalSigner } from "../../../src/chain/signing/local-signer.ts";

const KEY = `0x${"42".repeat(32)}`;
const TRANSACTION = { chainId: 8420n, nonce: 7, to: `0x${"b2".repeat(20)}`, data: "0x1234", gasLimit: 100_000 };

describe("A key in memory", () => {
  it("has the address of its key, with checksum", () => {
    expect(new LocalSigner(KEY).address).to.equal(new Wallet(KEY).address);
  });

  it("signs transactions that are its own, and the same one to the same bytes", async () => {
    const signer = new LocalSigner(KEY);
    const { raw, hash } = await signer.sign(TRANSACTION);
    const read = Transaction.from(raw);
    expect(read.from).to.equal(signer.address);
    expect([read.hash, read.nonce, read.chainId, read.gasPrice]).to.deep.equal([hash, 7, 8420n, 0n]);
    expect((await signer.sign(TRANSACTION)).raw).to.equal(raw);
  });

  it("signs typed data as wallets do", async () => {
    const domain = { name: "ERC4337", version: "1", chainId: 8420n, verifyingContract: `0x${"43".repeat(20)}` };
    const types = { Note: [{ name: "text", type: "string" }] };
    const signer = new LocalSigner(KEY);
    const signature = await signer.signTypedData(domain, types, { text: "匯" });
    expect(signature).to.equal(await new Wallet(KEY).signTypedData(domain, types, { text: "匯" }));
    expect(verifyTypedData(domain, types, { text: "匯" }, signature)).to.equal(signer.address);
  });
});
