import { expect } from "chai";
import { hashMessage, recoverAddress, SigningKey, Transaction, Wallet } from "ethers";
import { SigningService, type SigningServiceOptions } from "../../../src/chain/signing/signing-service.ts";
import { Web3Signer } from "../../../src/chain/signing/web3-signer.ts";
import { ENTRY_POINT, pack, type UserOperation, userOperationHash } from "../../../src/core/user-operation.ts";
import { rejection, rejectionCode } from "../../support/rejection.ts";
import { makeCertificates, whyNoCertificates } from "./certificates.ts";
import { type FakeWeb3Signer, type Misbehaviour, publicKeyOf, startFakeWeb3Signer } from "./fake-web3-signer.ts";

const KEY = `0x${"42".repeat(32)}`;
const OTHER = `0x${"43".repeat(32)}`;
const ADDRESS = new Wallet(KEY).address;
const PUBLIC_KEY = publicKeyOf(new SigningKey(KEY));
const TRANSACTION = { chainId: 8420n, nonce: 7, to: ENTRY_POINT, data: `0x${"ab".repeat(2_000)}`, gasLimit: 100_000 };

describe("A key at Web3Signer", () => {
  let fake: FakeWeb3Signer;
  const open: SigningService[] = [];

  before(async () => {
    fake = await startFakeWeb3Signer({ privateKeys: [OTHER, KEY] });
  });
  beforeEach(() => {
    fake.misbehaviour = undefined;
    fake.delay = 0;
    fake.requests.length = 0;
  });
  after(async () => {
    for (const service of open) service.close();
    await fake.stop();
  });

  function signerAt(url: string, key = ADDRESS, options: Partial<SigningServiceOptions> = {}): Web3Signer {
    const service = new SigningService({ url, timeout: 5_000, ...options });
    open.push(service);
    return new Web3Signer(service, key);
  }

  it("signs transactions as the key itself would", async () => {
    const { raw, hash } = await signerAt(fake.url, PUBLIC_KEY).sign(TRANSACTION);
    const read = Transaction.from(raw);
    expect(read.from).to.equal(ADDRESS);
    expect(read.hash).to.equal(hash);
    expect(read.data).to.equal(TRANSACTION.data);
    const expected = await new Wallet(KEY).signTransaction({ ...TRANSACTION, type: 0, gasPrice: 0 });
    expect(raw).to.equal(expected);
  });

  it("is found by its address, once", async () => {
    const signer = signerAt(fake.url, ADDRESS.toLowerCase());
    expect(signer.address).to.equal(ADDRESS);
    for (const nonce of [1, 2]) await signer.sign({ ...TRANSACTION, nonce });
    const path = `POST /api/v1/eth1/sign/${PUBLIC_KEY}`;
    expect(fake.requests).to.deep.equal(["GET /api/v1/eth1/publicKeys", path, path]);
  });

  it("signs a user operation's hash, by the bytes that hash to it", async () => {
    const operation: UserOperation = {
      ...{ sender: ENTRY_POINT, nonce: 5n, callData: "0x", signature: "0x" },
      ...{ callGasLimit: 1n, verificationGasLimit: 2n, preVerificationGas: 3n },
      ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
    };
    const { signature: _unsigned, ...value } = pack(operation);
    const domain = { name: "ERC4337", version: "1", chainId: 8420n, verifyingContract: ENTRY_POINT };
    const bytes32 = (name: string) => ({ name, type: "bytes32" });
    const types = {
      PackedUserOperation: [
        { name: "sender", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "initCode", type: "bytes" },
        { name: "callData", type: "bytes" },
        bytes32("accountGasLimits"),
        { name: "preVerificationGas", type: "uint256" },
        bytes32("gasFees"),
        { name: "paymasterAndData", type: "bytes" },
      ],
    };
    const signature = await signerAt(fake.url).signTypedData(domain, types, value);
    expect(fake.signed.at(-1))
      .to.match(/^0x1901/)
      .and.have.length(2 + 2 * 66);
    expect(recoverAddress(userOperationHash(operation, ENTRY_POINT, 8420), signature)).to.equal(ADDRESS);
  });

  it("works behind a path of a proxy", async () => {
    const error = await rejection(signerAt(`${fake.url}/signers/brop`, PUBLIC_KEY).sign(TRANSACTION));
    expect(error?.code).to.equal("signer.key-unknown");
    expect(fake.requests).to.deep.equal([`POST /signers/brop/api/v1/eth1/sign/${PUBLIC_KEY}`]);
  });

  const lies: [Misbehaviour, string, RegExp][] = [
    ["signs with another key", "signer.wrong-signature", /another key or over other bytes/],
    ["signs other bytes", "signer.wrong-signature", /another key or over other bytes/],
    ["gives the high s", "signer.wrong-signature", /EIP-2/],
    ["gives v of EIP-155", "signer.wrong-signature", /neither 1b nor 1c/],
    ["gives r of no point", "signer.wrong-signature", /another key or over other bytes/],
    ["answers with words", "signer.wrong-signature", /65 bytes/],
    ["answers with an error", "signer.refused", /500/],
    ["redirects", "signer.refused", /307/],
    ["cuts the answer off", "signer.unreachable", /reason/],
    ["floods", "signer.unreachable", /too long/],
  ];
  for (const [misbehaviour, code, words] of lies) {
    it(`is not believed when the service ${misbehaviour}`, async () => {
      fake.misbehaviour = misbehaviour;
      const error = await rejection(signerAt(fake.url, PUBLIC_KEY).sign(TRANSACTION));
      expect(error?.code).to.equal(code);
      expect(error?.message).to.match(words);
      fake.misbehaviour = undefined;
      await signerAt(fake.url, PUBLIC_KEY).sign(TRANSACTION);
    });
  }

  it("is waited for until the time is over, however the service spends it", async () => {
    for (const misbehaviour of ["never answers", "drips"] as const) {
      fake.misbehaviour = misbehaviour;
      const error = await rejection(signerAt(fake.url, PUBLIC_KEY, { timeout: 150 }).sign(TRANSACTION));
      expect(error?.code).to.equal("signer.unreachable");
      expect(error?.details.reason).to.equal("no answer in time");
    }
  });

  it("is asked for again after the service was away", async () => {
    const gone = await startFakeWeb3Signer({ privateKeys: [KEY] });
    await gone.stop();
    const signer = signerAt(gone.url);
    const error = await rejection(signer.sign(TRANSACTION));
    expect(error?.code).to.equal("signer.unreachable");
    expect(error?.details.reason).to.equal("ECONNREFUSED");
    fake.misbehaviour = "answers with words";
    const patient = signerAt(fake.url);
    expect(await rejectionCode(patient.sign(TRANSACTION))).to.equal("signer.refused");
    fake.misbehaviour = undefined;
    expect(Transaction.from((await patient.sign(TRANSACTION)).raw).from).to.equal(ADDRESS);
  });

  it("is told to be unknown when the service does not have it, by address or by public key", async () => {
    const nobody = new SigningKey(`0x${"77".repeat(32)}`);
    for (const key of [publicKeyOf(nobody), new Wallet(nobody).address]) {
      const error = await rejection(signerAt(fake.url, key).sign(TRANSACTION));
      expect(error?.code).to.equal("signer.key-unknown");
      expect(error?.details.address).to.equal(new Wallet(nobody).address);
    }
  });

  it("is refused where the host is not on the service's list", async () => {
    const strict = await startFakeWeb3Signer({ privateKeys: [KEY], hosts: ["signer.internal"] });
    const error = await rejection(signerAt(strict.url, PUBLIC_KEY).sign(TRANSACTION));
    await strict.stop();
    expect(error?.code).to.equal("signer.refused");
    expect(error?.details.status).to.equal(403);
  });

  it("signs many things at once, each its own", async () => {
    const signer = signerAt(fake.url);
    fake.delay = 5;
    const nonces = Array.from({ length: 40 }, (_, nonce) => nonce);
    const signed = await Promise.all(nonces.map((nonce) => signer.sign({ ...TRANSACTION, nonce })));
    expect(signed.map(({ raw }) => Transaction.from(raw).nonce)).to.deep.equal(nonces);
    expect(fake.requests.filter((line) => line.startsWith("GET"))).to.have.length(1);
  });

  it("is named by an address or a public key only", () => {
    for (const key of ["", "0x", hashMessage("a"), `0x04${PUBLIC_KEY.slice(2)}`, "operator"]) {
      expect(() => signerAt(fake.url, key), key).to.throw(/must be an address or a public key/);
    }
  });

  describe("over TLS", function () {
    this.timeout(60_000);
    let secure: FakeWeb3Signer;
    let made: ReturnType<typeof makeCertificates>;

    before(async function () {
      const reason = whyNoCertificates();
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        this.skip();
      }
      made = makeCertificates();
      const { server, authority } = made;
      const tls = {
        cert: server.certificate,
        key: server.key,
        ca: authority,
        requestCert: true,
        rejectUnauthorized: true,
      };
      secure = await startFakeWeb3Signer({ privateKeys: [KEY], tls });
    });
    after(() => secure?.stop());

    it("is reached with a client certificate that the service knows", async () => {
      const { client, authority } = made;
      const { raw } = await signerAt(secure.url, ADDRESS, { client, authority }).sign(TRANSACTION);
      expect(Transaction.from(raw).from).to.equal(ADDRESS);
    });

    it("is out of reach without a certificate, with a stranger's, and behind a service that nobody vouches for", async () => {
      const { client, stranger, authority } = made;
      for (const options of [{ authority }, { client: stranger, authority }, { client }]) {
        const error = await rejection(signerAt(secure.url, ADDRESS, options).sign(TRANSACTION));
        expect(error?.code).to.equal("signer.unreachable");
      }
      expect(secure.signed).to.have.length(1);
    });
  });
});
