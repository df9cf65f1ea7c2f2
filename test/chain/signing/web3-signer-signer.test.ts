import { expect } from "chai";
import {
  ContractFactory,
  FeeData,
  JsonRpcProvider,
  SigningKey,
  Transaction,
  verifyMessage,
  verifyTypedData,
  Wallet,
} from "ethers";
import { SigningService } from "../../../src/chain/signing/signing-service.ts";
import { Web3SignerSigner } from "../../../src/chain/signing/web3-signer-signer.ts";
import { rejection } from "../../support/rejection.ts";
import { makeCertificates, whyNoCertificates } from "./certificates.ts";
import { type FakeWeb3Signer, publicKeyOf, startFakeWeb3Signer } from "./fake-web3-signer.ts";

const KEY = `0x${"42".repeat(32)}`;
const wallet = new Wallet(KEY);
const TARGET = `0x${"b2".repeat(20)}`;
const COMMON = { chainId: 8420n, nonce: 7, to: TARGET, data: "0x1234", value: 0n };

describe("Web3Signer as ethers' signer", () => {
  let fake: FakeWeb3Signer;
  let signer: Web3SignerSigner;

  before(async () => {
    fake = await startFakeWeb3Signer({ privateKeys: [KEY] });
    signer = new Web3SignerSigner(wallet.address, { url: fake.url });
  });
  beforeEach(() => {
    fake.misbehaviour = undefined;
    fake.requests.length = 0;
  });
  after(async () => {
    signer.close();
    await fake.stop();
  });

  it("signs transactions of each type as the key itself would, byte by byte", async () => {
    const accessList = [{ address: TARGET, storageKeys: [`0x${"01".repeat(32)}`] }];
    const fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    for (const request of [
      { ...COMMON, type: 0, gasPrice: 0n, gasLimit: 100_000n },
      { ...COMMON, type: 1, gasPrice: 0n, gasLimit: 100_001n, accessList },
      { ...COMMON, type: 2, ...fees, gasLimit: 16_777_216n, accessList },
      { chainId: 8420n, nonce: 0, data: "0x6001", type: 0, gasPrice: 0n, gasLimit: 60_000n },
    ]) {
      const raw = await signer.signTransaction({ ...request, from: wallet.address });
      expect(raw).to.equal(await wallet.signTransaction(request));
      const read = Transaction.from(raw);
      // The service's own eth_signTransaction would have put 90,000 and no access list.
      expect(read.gasLimit).to.equal(request.gasLimit);
      expect(read.accessList ?? []).to.have.length("accessList" in request ? 1 : 0);
    }
    expect(fake.requests.every((line) => /\/api\/v1\/eth1\/(sign|publicKeys)/.test(line))).to.equal(true);
  });

  it("signs messages as wallets do, text and bytes, of any length", async () => {
    for (const message of ["", "登録", "a".repeat(1_000), new Uint8Array([0, 255, 25])]) {
      const signature = await signer.signMessage(message);
      expect(signature).to.equal(await wallet.signMessage(message));
      expect(verifyMessage(message, signature)).to.equal(wallet.address);
    }
  });

  it("signs typed data as wallets do, structures in structures too", async () => {
    const domain = { name: "BROP ValidatorSet", version: "1", chainId: 8420, verifyingContract: TARGET };
    const types = {
      Order: [
        { name: "from", type: "Person" },
        { name: "lots", type: "Lot[]" },
      ],
      Person: [{ name: "key", type: "address" }],
      Lot: [{ name: "weight", type: "uint256" }],
    };
    const value = { from: { key: TARGET }, lots: [{ weight: 1n }, { weight: 2n ** 255n }] };
    const signature = await signer.signTypedData(domain, types, value);
    expect(signature).to.equal(await wallet.signTypedData(domain, types, value));
    expect(verifyTypedData(domain, types, value, signature)).to.equal(wallet.address);
  });

  it("refuses a transaction from another address before anything is asked of the service", async () => {
    const error = await signer.signTransaction({ ...COMMON, from: TARGET }).catch((cause) => cause);
    expect(error.message).to.contain("from address mismatch");
    expect(fake.requests).to.deep.equal([]);
  });

  it("passes on what the key's own checks find, with their codes", async () => {
    fake.misbehaviour = "signs with another key";
    for (const attempt of [
      signer.signMessage("x"),
      signer.signTransaction({ ...COMMON, type: 0, gasLimit: 1n, gasPrice: 0n }),
    ]) {
      expect((await rejection(attempt))?.code).to.equal("signer.wrong-signature");
    }
    const nobody = new Web3SignerSigner(publicKeyOf(new SigningKey(`0x${"77".repeat(32)}`)), { url: fake.url });
    expect((await rejection(nobody.signMessage("x")))?.code).to.equal("signer.key-unknown");
    nobody.close();
  });

  it("sends through the network's node, and not through the service, which is no node", async () => {
    const sent: string[] = [];
    const provider = new JsonRpcProvider("http://127.0.0.1:1", 8420, { staticNetwork: true });
    provider.getFeeData = async () => new FeeData(0n);
    provider.send = async (method, params) => {
      if (method === "eth_sendRawTransaction") {
        const [raw] = params as [string];
        sent.push(raw);
        return Transaction.from(raw).hash;
      }
      if (method === "eth_blockNumber") return "0x1";
      throw new Error(`not expected: ${method}`);
    };
    const factory = new ContractFactory([], "0x6001600155", signer.connect(provider));
    await factory.deploy({ nonce: 3, gasLimit: 200_000, gasPrice: 0, type: 0 });
    provider.destroy();
    const [raw = "0x"] = sent;
    expect(Transaction.from(raw)).to.include({ from: wallet.address, nonce: 3, to: null, gasLimit: 200_000n });
  });

  it("is no provider: what is asked of the service in a node's place has no answer", async () => {
    const service = new SigningService({ url: fake.url });
    const { status } = await service.post("", { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
    service.close();
    expect(status).to.equal(504);
    const raw = await signer.signTransaction({ ...COMMON, type: 0, gasPrice: 0n, gasLimit: 21_000n });
    expect(Transaction.from(raw).from).to.equal(wallet.address);
    const error = await signer.sendTransaction({ ...COMMON }).catch((cause) => cause);
    expect(error.message).to.contain("missing provider");
  });

  it("is reached over TLS with a client certificate only, and believes only the authority that it was given", async function () {
    this.timeout(60_000);
    const reason = whyNoCertificates();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    const { server, authority, client, stranger } = makeCertificates();
    const tls = {
      cert: server.certificate,
      key: server.key,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const secure = await startFakeWeb3Signer({ privateKeys: [KEY], tls });
    const at = (more: object) => new Web3SignerSigner(wallet.address, { url: secure.url, ...more });
    try {
      expect(await at({ client, authority }).signMessage("a")).to.equal(await wallet.signMessage("a"));
      for (const wrong of [{ authority }, { client: stranger, authority }, { client }]) {
        expect((await rejection(at(wrong).signMessage("a")))?.code).to.equal("signer.unreachable");
      }
      expect(secure.signed).to.have.length(1);
    } finally {
      await secure.stop();
    }
  });
});
