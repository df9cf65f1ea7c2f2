import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Contract, hashMessage, type InterfaceAbi, id, TypedDataEncoder, ZeroHash } from "ethers";
import { abi } from "../../generated/abi.ts";
import { accountAt } from "../../src/chain/contracts.ts";
import { BropError } from "../../src/core/errors.ts";
import { decodeSerial } from "../../src/core/serial.ts";
import { connect, createRecordInput, recordId } from "../../src/sdk/index.ts";
import { newUser, newWallet, type People, testPeople } from "../support/people.ts";
import { rejection, rejectionCode } from "../support/rejection.ts";

describe("Account", () => {
  let people: People;

  before("certify a user", async function () {
    this.timeout(120_000);
    people = await testPeople();
  });

  const input = (text: string) => createRecordInput({ digest: id(text) });

  it("records through an ordinary contract call, and its receipt holds the operation's logs only", async () => {
    const { brop, user } = people;
    // Two at once, so that they may share a bundle.
    const [response, other] = await Promise.all([
      brop.contracts.records.connect(user).record(input("first")),
      brop.contracts.records.connect(user).record(input("second")),
    ]);
    const [receipt, otherReceipt] = await Promise.all([response.wait(), other.wait()]);
    expect(receipt?.status).to.equal(1);
    expect(receipt?.hash).to.equal(response.hash);
    expect(receipt?.from).to.equal(user.address);
    for (const [one, text] of [
      [receipt, "first"],
      [otherReceipt, "second"],
    ] as const) {
      const recorded = one?.logs.filter(({ address }) => address === brop.addresses.records) ?? [];
      expect(recorded.map(({ topics }) => topics[1])).to.deep.equal([id(text)]);
    }
    const record = await brop.contracts.records.recordOf(recordId(user.address, id("first"), ZeroHash));
    expect(record.status).to.equal(1n);
  });

  it("signs each operation with a random serial and a deadline", async () => {
    const { brop, user } = people;
    const head = await brop.provider.getBlockNumber();
    const call = {
      to: brop.addresses.records,
      data: brop.contracts.records.interface.encodeFunctionData("record", [input("serial")]),
    };
    const operation = await user.signCalls([call], { deadlineBlocks: 50 });
    const serial = decodeSerial(operation.nonce);
    expect(serial).to.include({ tagged: true, sequence: 0n });
    expect(serial.tagged && serial.deadlineBlock - head).to.be.within(50, 53);
    expect((await user.signCalls([call])).nonce).not.to.equal(operation.nonce);
  });

  it("works with any ethers contract of the reader's own", async () => {
    const { brop, user } = people;
    const records = new Contract(brop.addresses.records, abi.Records as InterfaceAbi, user);
    const response = await records.getFunction("record")(input("own contract"));
    expect((await response.wait()).status).to.equal(1);
  });

  it("makes several calls in one operation, all or none", async () => {
    const { brop, user } = people;
    const { records } = brop.contracts;
    const call = (text: string) => ({
      to: brop.addresses.records,
      data: records.interface.encodeFunctionData("record", [input(text)]),
    });
    const receipt = await (await user.sendCalls([call("batch 1"), call("batch 2")])).wait();
    expect(receipt.logs.filter(({ address }) => address === brop.addresses.records)).to.have.length(2);
    expect(await rejectionCode(user.sendCalls([call("batch 3"), call("batch 3")]))).to.equal("operation.reverted");
    expect((await records.recordOf(recordId(user.address, id("batch 3"), ZeroHash))).status).to.equal(0n);
  });

  it("says why a call would revert, before it is sent", async () => {
    const { brop, user } = people;
    await (await brop.contracts.records.connect(user).record(input("twice"))).wait();
    const error = await rejection(brop.contracts.records.connect(user).record(input("twice")));
    expect(error?.code).to.equal("operation.reverted");
    expect(error?.details).to.include({ cause: "evidence.exists", error: "RecordExists" });
  });

  it("rejects the wait of an operation that reverts on chain, with the contract's reason", async () => {
    const { brop, user } = people;
    await (await brop.contracts.records.connect(user).record(input("on chain"))).wait();
    const gas = { callGasLimit: 300_000n, verificationGasLimit: 300_000n, preVerificationGas: 100_000n };
    const data = brop.contracts.records.interface.encodeFunctionData("record", [input("on chain")]);
    const response = await user.sendCalls([{ to: brop.addresses.records, data }], gas);
    const error = await rejection(response.wait());
    expect(error?.code).to.equal("operation.reverted");
    expect(error?.details).to.include({ cause: "evidence.exists", operation: response.hash });
    // The receipt itself is there to read.
    const receipt = await brop.provider.getTransactionReceipt(response.hash);
    expect(receipt?.status).to.equal(0);
    expect(receipt?.logs.filter(({ address }) => address === brop.addresses.records)).to.deep.equal([]);
  });

  it("rejects the wait of a contract's method that reverts on chain", async () => {
    const { brop, user } = people;
    const careless = brop.account(user.address, user.owner, {
      callGasLimit: 300_000n,
      verificationGasLimit: 300_000n,
      preVerificationGas: 100_000n,
    });
    const response = await brop.contracts.records.connect(careless).record(input("on chain"));
    expect(await rejectionCode(response.wait())).to.equal("operation.reverted");
  });

  it("gives up waiting after the caller's timeout, and the operation goes on", async () => {
    const { brop, user } = people;
    const response = await brop.contracts.records.connect(user).record(input("impatient"));
    const error = await response.wait(1, 1).catch((thrown) => thrown);
    expect(error.code).to.equal("TIMEOUT");
    expect((await response.wait())?.status).to.equal(1);
  });

  it("finds its operation by hash", async () => {
    const { brop, user } = people;
    const response = await brop.contracts.records.connect(user).record(input("by hash"));
    expect((await brop.provider.getTransaction(response.hash))?.from).to.equal(user.address);
    await response.wait();
    expect((await brop.provider.getTransactionReceipt(response.hash))?.status).to.equal(1);
  });

  it("refuses an operation signed with another key", async () => {
    const { brop, user } = people;
    const stranger = brop.account(user.address, newWallet());
    const code = await rejectionCode(brop.contracts.records.connect(stranger).record(input("stranger")));
    expect(code).to.equal("operation.signature-invalid");
  });

  it("refuses value, contract creation, another sender and an account on another network", async () => {
    const { brop, user } = people;
    const to = brop.addresses.records;
    expect(await rejectionCode(user.sendTransaction({ to, value: 1n }))).to.equal("request.invalid");
    expect(await rejectionCode(user.sendTransaction({ data: "0x6000" }))).to.equal("deployment.refused");
    expect(await rejectionCode(user.sendTransaction({ to, from: to }))).to.equal("request.invalid");
    expect(await rejectionCode(user.signTransaction())).to.equal("request.invalid");
    expect(await rejectionCode(user.sendCalls([]))).to.equal("request.invalid");
    expect(() => user.connect(null)).to.throw(BropError);
    expect(() => brop.account("0x12", newWallet())).to.throw(BropError);
  });

  it("says that a target outside of the platform has no price", async () => {
    const { user } = people;
    const error = await rejection(user.sendTransaction({ to: newWallet().address, data: "0x12345678" }));
    expect(error?.code).to.equal("quota.unpriced");
  });

  it("takes any key that signs hashes", async () => {
    const { brop, partner } = people;
    const wallet = newWallet();
    const { address } = await newUser(brop, partner, wallet);
    const account = brop.account(address, { sign: async (hash) => wallet.signingKey.sign(hash).serialized });
    const response = await brop.contracts.records.connect(account).record(input("hash signer"));
    expect((await response.wait())?.status).to.equal(1);
    const signature = await account.signMessage("hash signer");
    expect(await isValid(account.address, hashMessage("hash signer"), signature)).to.equal(true);
  });

  it("takes a signer that only signs typed data, as browser wallets do", async () => {
    const { brop, user, userWallet } = people;
    const browserWallet = {
      getAddress: async () => userWallet.address,
      signTypedData: userWallet.signTypedData.bind(userWallet),
    };
    const account = brop.account(user.address, browserWallet as never);
    const response = await brop.contracts.records.connect(account).record(input("browser wallet"));
    expect((await response.wait())?.status).to.equal(1);
  });

  const MAGIC = "0x1626ba7e";
  async function isValid(address: string, hash: string, signature: string): Promise<boolean> {
    return (await accountAt(address, people.brop.provider).isValidSignature(hash, signature)) === MAGIC;
  }

  it("signs messages that the account confirms (ERC-1271, ERC-7739)", async () => {
    const { user, userWallet } = people;
    for (const message of ["I agree", "同意", "", new Uint8Array([0, 1, 255])]) {
      const signature = await user.signMessage(message);
      expect(await isValid(user.address, hashMessage(message), signature)).to.equal(true);
      expect(await isValid(user.address, hashMessage("something else"), signature)).to.equal(false);
    }
    // The key alone signs for itself, not for the account.
    expect(await isValid(user.address, hashMessage("I agree"), await userWallet.signMessage("I agree"))).to.equal(
      false,
    );
  });

  const domain = { name: "Shop", version: "2", chainId: 8420, verifyingContract: `0x${"12".repeat(20)}` };
  const cases = {
    "one type": {
      types: { Order: [{ name: "item", type: "string" }] },
      value: { item: "tea" },
    },
    "types before and after the signed one in the alphabet": {
      types: {
        Order: [
          { name: "buyer", type: "Person" },
          { name: "goods", type: "Article[]" },
        ],
        Person: [{ name: "name", type: "string" }],
        Article: [
          { name: "name", type: "string" },
          { name: "count", type: "uint" },
        ],
      },
      value: { buyer: { name: "Ann" }, goods: [{ name: "tea", count: 2 }] },
    },
  };
  for (const [name, { types, value }] of Object.entries(cases)) {
    it(`signs typed data that the account confirms: ${name}`, async () => {
      const { user } = people;
      const signature = await user.signTypedData(domain, types, value);
      expect(await isValid(user.address, TypedDataEncoder.hash(domain, types, value), signature)).to.equal(true);
      const elsewhere = TypedDataEncoder.hash({ ...domain, name: "Other" }, types, value);
      expect(await isValid(user.address, elsewhere, signature)).to.equal(false);
    });
  }

  it("does not let a signature for one account count for another with the same key", async () => {
    const { brop, partner, user, userWallet } = people;
    const twin = brop.account(await partnerTwin(), userWallet);
    const signature = await twin.signMessage("pay");
    expect(await isValid(twin.address, hashMessage("pay"), signature)).to.equal(true);
    expect(await isValid(user.address, hashMessage("pay"), signature)).to.equal(false);

    async function partnerTwin(): Promise<string> {
      const { accountFactory } = brop.contracts;
      const address = await accountFactory.addressOf(partner.address, userWallet.address, id("twin"));
      await (await accountFactory.connect(partner).create(userWallet.address, id("twin"))).wait();
      return address;
    }
  });

  it("ends an operation that nobody included as expired", async function () {
    this.timeout(30_000);
    const { brop, user } = people;
    const head = await brop.provider.getBlockNumber();
    const call = {
      to: brop.addresses.records,
      data: brop.contracts.records.interface.encodeFunctionData("record", [input("late")]),
    };
    const operation = await user.signCalls([call], { deadlineBlocks: 3 });
    const serial = decodeSerial(operation.nonce);
    const deadlineBlock = serial.tagged ? serial.deadlineBlock : 0;
    // Followed as if an access node had taken it and then died.
    const end = await user.provider.follower.follow(
      { hash: id("never sent"), sender: user.address, nonce: operation.nonce, deadlineBlock, sentAfterBlock: head },
      {},
    );
    expect(end.error?.code).to.equal("operation.expired");
    expect(end.error?.details).to.include({ deadline: deadlineBlock });
    // The access node may look at the block before; two blocks on it knows as well.
    while ((await brop.provider.getBlockNumber()) < deadlineBlock + 2) await sleep(200);
    expect(await rejectionCode(user.sendOperation(operation))).to.equal("operation.deadline-passed");
  });

  it("takes the same signed operation twice, also from a second connection, and executes it once", async () => {
    const { brop, user } = people;
    const call = {
      to: brop.addresses.records,
      data: brop.contracts.records.interface.encodeFunctionData("record", [input("once")]),
    };
    const operation = await user.signCalls([call]);
    const [first, second] = await Promise.all([user.sendOperation(operation), user.sendOperation(operation)]);
    expect(first.hash).to.equal(second.hash);
    expect((await first.wait()).blockNumber).to.equal((await second.wait()).blockNumber);
    const again = await connect(brop.provider.endpoints.urls[0] as string, { pollingInterval: 100 });
    try {
      const response = await again.account(user.address, user.owner).sendOperation(operation);
      expect((await response.wait()).blockNumber).to.equal((await first.wait()).blockNumber);
    } finally {
      again.close();
    }
  });
});
