import { expect } from "chai";
import { Interface, id, Wallet, ZeroAddress } from "ethers";
import type { AccessNode } from "../../../src/access/access-node.ts";
import type { RpcAnswer } from "../../../src/access/json-rpc.ts";
import { encodeSerial, MAX_DEADLINE_DISTANCE } from "../../../src/core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation } from "../../../src/core/user-operation.ts";
import { ask, codeOf } from "../rpc-caller.ts";
import { hashOf, type Owner, params, signedOperation, TestNetwork, walletOf } from "../test-network.ts";

interface Status {
  state: string;
  success?: boolean;
  block?: number;
  deadline?: number;
  transaction?: string;
  reason?: Record<string, unknown>;
}

describe("user operations", function () {
  this.timeout(90_000);
  let network: TestNetwork;
  let node: AccessNode;
  let alice: Owner;
  let poor: Owner;
  let stranger: Owner;
  let lastText = 0;

  before(async () => {
    network = await TestNetwork.start();
    node = await network.accessNode();
    alice = await network.account("alice");
    poor = await network.account("poor", { quotaClass: 0, applicant: true });
    stranger = await network.account("stranger", { certified: false });
  });
  after(() => network.stop());

  const ask_ = (method: string, parameters: unknown[]) => ask(node.gateway, method, parameters);
  const send = (operation: UserOperation) => ask_("eth_sendUserOperation", params(operation));
  const freshRecord = () => network.recordCall(`text ${++lastText}`);
  const soon = async () => (await network.head()) + 40;

  async function recordBy(owner: Owner, changes: Parameters<typeof signedOperation>[2] = {}): Promise<UserOperation> {
    return signedOperation(owner, [freshRecord()], { deadlineBlock: await soon(), ...changes });
  }

  async function untilEnded(hash: string): Promise<Status> {
    for (;;) {
      const found = (await ask_("brop_getOperationStatus", [hash])).result as Status;
      if (found.state !== "received" && found.state !== "submitted") return found;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  function expectRefusal(answer: RpcAnswer, code: string, rpcCode: number) {
    expect(codeOf(answer), JSON.stringify(answer)).to.equal(code);
    expect(answer.error?.code).to.equal(rpcCode);
    expect(answer.error?.data).to.have.property("remedy");
  }

  const dataOf = (answer: RpcAnswer) => (answer.error?.data ?? {}) as Record<string, string>;

  describe("that are good", () => {
    it("are answered with their hash, included, and found with receipt and by hash", async () => {
      const operation = await recordBy(alice);
      const hash = hashOf(operation);
      expect((await send(operation)).result).to.equal(hash);
      const before = (await ask_("eth_getUserOperationByHash", [hash])).result as Record<string, unknown>;
      expect(before.userOperation).to.deep.equal(toRpc(operation));

      const ended = await untilEnded(hash);
      expect(ended).to.include({ state: "included", success: true });
      const receipt = (await ask_("eth_getUserOperationReceipt", [hash])).result as Record<string, unknown>;
      expect(receipt).to.include({ userOpHash: hash, success: true, sender: alice.address, actualGasCost: "0x0" });
      expect(receipt.entryPoint).to.equal(ENTRY_POINT);
      expect((receipt.receipt as { transactionHash: string }).transactionHash).to.equal(ended.transaction);
      const found = (await ask_("eth_getUserOperationByHash", [hash])).result as Record<string, unknown>;
      expect(found).to.include({ entryPoint: ENTRY_POINT, transactionHash: ended.transaction });
      expect(Number(found.blockNumber)).to.equal(ended.block);
    });

    it("share a bundle, and each receipt has its own logs only", async () => {
      const operations = await Promise.all(Array.from({ length: 8 }, () => recordBy(alice)));
      await Promise.all(operations.map(send));
      const ends = await Promise.all(operations.map((operation) => untilEnded(hashOf(operation))));
      expect(new Set(ends.map(({ transaction }) => transaction)).size).to.equal(1);
      const records = network.contract("Records").interface;
      for (const operation of operations) {
        const { result } = await ask_("eth_getUserOperationReceipt", [hashOf(operation)]);
        const { logs } = result as { logs: { address: string; topics: string[] }[] };
        const recorded = logs.filter(({ topics }) => topics[0] === records.getEvent("Recorded")?.topicHash);
        expect(recorded).to.have.lengthOf(1);
        expect(operation.callData).to.contain(recorded[0]?.topics[1]?.slice(2));
        expect(logs.at(-1)?.topics[1]).to.equal(hashOf(operation));
      }
    });

    it("are answered with the same hash when they are sent again: waiting, included, and at another relay", async () => {
      const operation = await recordBy(alice);
      const hash = hashOf(operation);
      const answers = await Promise.all([send(operation), send(operation), send(operation)]);
      expect(answers.map(({ result }) => result)).to.deep.equal([hash, hash, hash]);
      await untilEnded(hash);
      expect((await send(operation)).result).to.equal(hash);
      const other = await network.accessNode({ relayKey: walletOf("relay 2").privateKey });
      expect((await ask(other.gateway, "eth_sendUserOperation", params(operation))).result).to.equal(hash);
      const seen = (await ask(other.gateway, "brop_getOperationStatus", [hash])).result;
      expect(seen).to.include({ state: "included", success: true });
      const byHash = (await ask(other.gateway, "eth_getUserOperationByHash", [hash])).result;
      expect((byHash as { userOperation: unknown }).userOperation).to.deep.equal(toRpc(operation));
      expect((await ask(other.gateway, "eth_getUserOperationReceipt", [hash])).result).to.include({ success: true });
      await other.stop();
    });

    it("with ordinary nonces are included in their order, though sent together", async () => {
      const key = 77n << 64n;
      const operations = [];
      for (const sequence of [2n, 0n, 1n]) operations.push(await recordBy(alice, { nonce: key | sequence }));
      const answers = await Promise.all(operations.map(send));
      expect(answers.map(({ result }) => result)).to.deep.equal(operations.map(hashOf));
      for (const operation of operations) {
        expect(await untilEnded(hashOf(operation))).to.include({ state: "included", success: true });
      }
    });

    it("are included as failed when their execution reverts, with the reason", async () => {
      const call = freshRecord();
      const first = signedOperation(alice, [call], { deadlineBlock: await soon() });
      await send(first);
      await untilEnded(hashOf(first));
      const again = signedOperation(alice, [call], { deadlineBlock: await soon() });
      await send(again);
      const ended = await untilEnded(hashOf(again));
      expect(ended).to.include({ state: "included", success: false });
      expect(ended.reason).to.include({ code: "evidence.exists" });
      const receipt = (await ask_("eth_getUserOperationReceipt", [hashOf(again)])).result as { reason: string };
      expect(receipt).to.include({ success: false });
      expect(receipt.reason).to.match(/already recorded/);
    });
  });

  describe("that are bad", () => {
    it("of an uncertified account are refused", async () => {
      expectRefusal(await send(await recordBy(stranger)), "account.uncertified", -32500);
    });

    it("with a wrong signature are refused", async () => {
      const forged = await recordBy({ ...alice, wallet: new Wallet(id("thief")) });
      expectRefusal(await send(forged), "operation.signature-invalid", -32507);
      expectRefusal(await send({ ...(await recordBy(alice)), signature: "0x" }), "operation.signature-invalid", -32507);
    });

    it("with a used serial are refused", async () => {
      const operation = await recordBy(alice);
      await send(operation);
      await untilEnded(hashOf(operation));
      const other = await recordBy(alice, { nonce: operation.nonce });
      expectRefusal(await send(other), "operation.serial-used", -32500);
    });

    it("with the serial of an operation that waits are refused", async () => {
      const operation = await recordBy(alice);
      const other = await recordBy(alice, { nonce: operation.nonce });
      const answers = await Promise.all([send(operation), send(other)]);
      expect(answers[0]?.result).to.equal(hashOf(operation));
      expectRefusal(answers[1] as RpcAnswer, "operation.serial-used", -32500);
    });

    it("with an ordinary nonce out of order are refused", async () => {
      expectRefusal(
        await send(await recordBy(alice, { nonce: (5n << 64n) | 3n })),
        "operation.nonce-out-of-order",
        -32500,
      );
    });

    it("with a passed deadline, also the present block, are refused", async () => {
      const head = node.status().followed;
      for (const deadlineBlock of [0, head - 1, head]) {
        expectRefusal(await send(await recordBy(alice, { deadlineBlock })), "operation.deadline-passed", -32503);
      }
    });

    it("with a deadline too far ahead are refused", async () => {
      const deadlineBlock = (await network.head()) + MAX_DEADLINE_DISTANCE + 100;
      expectRefusal(await send(await recordBy(alice, { deadlineBlock })), "operation.deadline-too-far", -32503);
    });

    it("with a random serial and a sequence are refused", async () => {
      const nonce = encodeSerial({ deadlineBlock: await soon() }) | 1n;
      expectRefusal(await send(await recordBy(alice, { nonce })), "operation.serial-sequence", -32602);
    });

    it("beyond the quota are refused, with what is missing and when it is there", async () => {
      // An applicant begins with 10,000 points and can have 20,000; a record costs 500 and its bytes.
      const records = async (count: number) =>
        signedOperation(poor, Array.from({ length: count }, freshRecord), { deadlineBlock: await soon() });
      const costly = await send(await records(14));
      expectRefusal(costly, "quota.exhausted", -32500);
      const { missing, availableAtBlock } = dataOf(costly);
      expect(Number(missing)).to.be.within(1, 10_000);
      expect(Number(availableAtBlock)).to.be.greaterThan(await network.head());
      const impossible = await send(await records(40));
      expectRefusal(impossible, "quota.exhausted", -32500);
      expect(impossible.error?.data).to.include({ availableAtBlock: "never" });
      expect((await send(await records(2))).error).to.equal(undefined);
    });

    it("are counted together: no more come in than the account can pay for", async () => {
      const clerk = await network.account("clerk", { quotaClass: 0, applicant: true });
      const operations: UserOperation[] = [];
      for (let index = 0; index < 5; index++) {
        const calls = [freshRecord(), freshRecord(), freshRecord()];
        operations.push(signedOperation(clerk, calls, { deadlineBlock: await soon() }));
      }
      // About 2,900 points each of 10,000.
      const answers = await Promise.all(operations.map(send));
      expect(
        answers.filter(({ result }) => result !== undefined),
        JSON.stringify(answers),
      ).to.have.lengthOf(3);
      for (const answer of answers) {
        if (answer.error === undefined) continue;
        expectRefusal(answer, "quota.exhausted", -32500);
      }
      for (const [index, operation] of operations.entries()) {
        if (answers[index]?.error === undefined) {
          expect(await untilEnded(hashOf(operation))).to.include({ state: "included" });
        }
      }
    });

    it("that call no contract of the platform are refused", async () => {
      const target = "0x00000000000000000000000000000000000000AA";
      const operation = signedOperation(alice, [{ target, data: "0x12345678" }], { deadlineBlock: await soon() });
      const answer = await send(operation);
      expectRefusal(answer, "quota.unpriced", -32500);
      expect(answer.error?.data).to.include({ target, selector: "0x12345678" });
    });

    it("that are no batch are refused", async () => {
      const operation = { ...(await recordBy(alice)), callData: "0x" };
      const signature = alice.wallet.signingKey.sign(hashOf(operation)).serialized;
      expectRefusal(await send({ ...operation, signature }), "operation.rejected", -32500);
    });

    it("that would create their account are refused", async () => {
      const creating = { ...(await recordBy(alice)), factory: ZeroAddress, factoryData: "0x" };
      expectRefusal(await send(creating), "operation.initcode-refused", -32602);
    });

    it("with an EIP-7702 marker or authorisation are refused", async () => {
      const marked = { ...toRpc(await recordBy(alice)), factory: "0x7702", factoryData: "0x" };
      expectRefusal(await ask_("eth_sendUserOperation", [marked, ENTRY_POINT]), "operation.delegation-refused", -32602);
      const authorised = { ...toRpc(await recordBy(alice)), eip7702Auth: { chainId: "0x1" } };
      const answer = await ask_("eth_sendUserOperation", [authorised, ENTRY_POINT]);
      expectRefusal(answer, "operation.delegation-refused", -32602);
    });

    it("of an address whose code is an EIP-7702 delegation are refused", async () => {
      const wallet = new Wallet(id("delegator"));
      await network.rpc.call("anvil_setCode", [wallet.address, `0xef0100${alice.address.slice(2)}`]);
      const operation = await recordBy({ address: wallet.address, wallet });
      expectRefusal(await send(operation), "operation.delegation-refused", -32602);
    });

    it("with a paymaster are refused", async () => {
      const sponsored = {
        ...(await recordBy(alice)),
        paymaster: alice.address,
        paymasterVerificationGasLimit: 1n,
        paymasterPostOpGasLimit: 1n,
        paymasterData: "0x",
      };
      expectRefusal(await send(sponsored), "operation.paymaster-refused", -32602);
    });

    it("of an address without code are refused", async () => {
      const wallet = new Wallet(id("nobody"));
      const operation = await recordBy({ address: wallet.address, wallet });
      expectRefusal(await send(operation), "operation.account-unknown", -32500);
    });

    it("that offer fees are refused", async () => {
      expectRefusal(await send(await recordBy(alice, { maxFeePerGas: 1n })), "request.invalid", -32602);
    });

    it("with too little or too much gas are refused", async () => {
      expectRefusal(
        await send(await recordBy(alice, { verificationGasLimit: 30_000n })),
        "operation.gas-too-low",
        -32602,
      );
      expectRefusal(await send(await recordBy(alice, { callGasLimit: 17_000_000n })), "operation.gas-too-high", -32602);
      expectRefusal(
        await send(await recordBy(alice, { verificationGasLimit: 6_000_000n })),
        "operation.gas-too-high",
        -32602,
      );
    });

    it("for another EntryPoint are refused", async () => {
      const answer = await ask_("eth_sendUserOperation", [toRpc(await recordBy(alice)), alice.address]);
      expectRefusal(answer, "operation.entry-point-unsupported", -32602);
    });

    it("with broken fields are refused by name", async () => {
      const answer = await ask_("eth_sendUserOperation", [
        { ...toRpc(await recordBy(alice)), nonce: "one" },
        ENTRY_POINT,
      ]);
      expectRefusal(answer, "request.invalid", -32602);
      expect(answer.error?.data).to.include({ field: "nonce" });
    });

    it("do not hold up the good ones that come with them", async () => {
      const good = await Promise.all(Array.from({ length: 6 }, () => recordBy(alice)));
      const bad = [await recordBy(stranger), await recordBy({ ...alice, wallet: new Wallet(id("thief")) })];
      const mixed = [good[0], bad[0], good[1], good[2], bad[1], good[3], good[4], good[5]] as UserOperation[];
      const answers = await Promise.all(mixed.map(send));
      expect(answers.map((answer) => answer.result ?? codeOf(answer))).to.deep.equal(
        mixed.map((operation) =>
          operation === bad[0]
            ? "account.uncertified"
            : operation === bad[1]
              ? "operation.signature-invalid"
              : hashOf(operation),
        ),
      );
      for (const operation of good) expect(await untilEnded(hashOf(operation))).to.include({ success: true });
    });
  });

  describe("estimates", () => {
    const estimate = async (operation: UserOperation) =>
      ask_("eth_estimateUserOperationGas", [{ ...toRpc(operation), callGasLimit: undefined }, ENTRY_POINT]);

    it("suffice, with a dummy signature and without limits", async () => {
      const operation = await recordBy(alice, { signature: `0x${"11".repeat(64)}1b` });
      const { sender, nonce, callData, signature } = toRpc(operation);
      const answer = await ask_("eth_estimateUserOperationGas", [{ sender, nonce, callData, signature }, ENTRY_POINT]);
      const limits = answer.result as Record<string, string>;
      expect(Number(limits.verificationGasLimit), JSON.stringify(answer)).to.be.within(80_000, 300_000);
      expect(Number(limits.callGasLimit)).to.be.within(40_000, 200_000);
      const sent = signedOperation(alice, [freshRecord()], {
        deadlineBlock: await soon(),
        callGasLimit: BigInt(limits.callGasLimit as string),
        verificationGasLimit: BigInt(limits.verificationGasLimit as string),
        preVerificationGas: BigInt(limits.preVerificationGas as string),
      });
      expect((await send(sent)).result).to.equal(hashOf(sent));
      expect(await untilEnded(hashOf(sent))).to.include({ state: "included", success: true });
    });

    it("say why the execution would revert, with the revert data", async () => {
      const call = freshRecord();
      const first = signedOperation(alice, [call], { deadlineBlock: await soon() });
      await send(first);
      await untilEnded(hashOf(first));
      const answer = await estimate(signedOperation(alice, [call], { deadlineBlock: await soon() }));
      expectRefusal(answer, "operation.reverted", -32521);
      expect(dataOf(answer).cause).to.equal("evidence.exists");
      const parsed = new Interface(["error RecordExists(bytes32 id)"]).parseError(dataOf(answer).revertData ?? "");
      expect(parsed?.name).to.equal("RecordExists");
    });

    it("say why validation would refuse", async () => {
      expectRefusal(await estimate(await recordBy(stranger)), "account.uncertified", -32500);
      expectRefusal(await estimate(await recordBy(alice, { deadlineBlock: 1 })), "operation.deadline-passed", -32503);
    });
  });

  it("that nobody has seen have no status and no receipt", async () => {
    const hash = id("never");
    for (const method of ["brop_getOperationStatus", "eth_getUserOperationReceipt", "eth_getUserOperationByHash"]) {
      expect((await ask_(method, [hash])).result).to.equal(null);
      expect(codeOf(await ask_(method, ["0x12"]))).to.equal("request.invalid");
    }
  });

  it("are taken by one EntryPoint only", async () => {
    expect((await ask_("eth_supportedEntryPoints", [])).result).to.deep.equal([ENTRY_POINT]);
    expect((await ask_("eth_chainId", [])).result).to.equal("0x20e4");
  });
});
