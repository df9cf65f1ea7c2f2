import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";
import { Estimator } from "../../src/access/bundler/estimator.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { encodeExecute } from "../../src/core/execution.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import type { UserOperation } from "../../src/core/user-operation.ts";
import { DUMMY_SIGNATURE } from "../../src/core/user-operation.ts";
import { createRecordInput } from "../../src/sdk/index.ts";
import { recordsGas, withGas } from "../../src/uplink/gas-limits.ts";
import { testChain } from "../support/chain.ts";
import { type People, testPeople } from "../support/people.ts";

// The formulas are held against what the chain's node measures.
describe("gas limits that are known without asking", function () {
  this.timeout(120_000);
  let people: People;
  let rpc: RpcClient;
  before(async () => {
    people = await testPeople();
    rpc = new RpcClient((await testChain()).url);
  });
  after(() => rpc?.close());

  async function operationOf(records: number, calls: number): Promise<UserOperation> {
    const { interface: abi } = people.brop.contracts.records;
    const target = people.brop.addresses.records;
    const list = () =>
      Array.from({ length: records }, (_, kind) =>
        createRecordInput({
          ...{ digest: hexlify(randomBytes(32)), subject: hexlify(randomBytes(32)), kind: kind + 0x01010101 },
          ...{ businessKey: hexlify(randomBytes(32)), refersTo: hexlify(randomBytes(32)) },
        }),
      );
    const all = Array.from({ length: calls }, () => ({ target, data: abi.encodeFunctionData("recordMany", [list()]) }));
    return {
      ...{ sender: people.partner.address, nonce: encodeSerial({ deadlineBlock: (await head()) + 100 }) },
      ...{ callData: encodeExecute(all), callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n },
      ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, signature: DUMMY_SIGNATURE },
    };
  }
  const head = async () => Number(await rpc.call<string>("eth_blockNumber"));

  for (const records of [1, 10, 400]) {
    it(`are enough to record ${records} at once, and not far too much`, async () => {
      const operation = await operationOf(records, 1);
      const { callGasLimit } = await new Estimator(rpc, people.brop.chainId).estimate(operation);
      // Without the estimator's own margin.
      const needed = ((callGasLimit - 100_000n) * 5n) / 6n;
      expect(recordsGas(records) >= needed, `${recordsGas(records)} >= ${needed}`).to.equal(true);
      expect(recordsGas(records) < needed * 2n + 100_000n, `${recordsGas(records)} for ${needed}`).to.equal(true);
    });
  }

  // Beyond that the price of the call data itself, which is the bundle's, is most of what a node measures.
  for (const calls of [1, 20]) {
    it(`are enough to validate ${calls} calls, and not far too much`, async () => {
      const operation = await operationOf(1, calls);
      const estimate = await new Estimator(rpc, people.brop.chainId).estimate(operation);
      const { verificationGasLimit } = await withGas(
        { operation, calls, signerBytes: 20, given: {}, known: 1n },
        { callGas: async () => Promise.reject(new Error("it is known")) },
      );
      // With EntryPoint's work, without the margins.
      const needed = ((estimate.verificationGasLimit - 65_000n) * 4n) / 5n + 45_000n;
      expect(verificationGasLimit >= needed, `${verificationGasLimit} >= ${needed}`).to.equal(true);
      expect(verificationGasLimit < needed * 3n, `${verificationGasLimit} for ${needed}`).to.equal(true);
    });
  }

  it("leave room for other kinds of keys, and what the caller names stands", async () => {
    const operation = await operationOf(1, 1);
    const asked = { callGas: async () => 77n };
    const ordinary = await withGas({ operation, calls: 1, signerBytes: 20, given: {} }, asked);
    const passkey = await withGas({ operation, calls: 1, signerBytes: 84, given: {} }, asked);
    expect(ordinary.callGasLimit).to.equal(77n);
    expect(passkey.verificationGasLimit - ordinary.verificationGasLimit >= 1_000_000n).to.equal(true);
    const given = { callGasLimit: 1n, verificationGasLimit: 2n, preVerificationGas: 3n };
    expect(await withGas({ operation, calls: 1, signerBytes: 20, given }, asked)).to.include(given);
  });
});
