import { expect } from "chai";
import { id } from "ethers";
import { nonceSlot } from "../../../src/chain/operation-end/nonce-slot.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import { readStorage } from "../../../src/core/account-proof.ts";
import { hexToBytes } from "../../../src/core/hex.ts";
import { ENTRY_POINT } from "../../../src/core/user-operation.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";
import { testChain } from "../../support/chain.ts";
import { testPeople } from "../../support/people.ts";

describe("the slot of a serial in EntryPoint's storage", function () {
  this.timeout(120_000);

  it("is 1 once the real EntryPoint included the operation, 0 before, and proven against the state of the block", async () => {
    const [{ brop, user }, chain] = [await testPeople(), await testChain()];
    const rpc = new RpcClient(chain.url);
    try {
      const data = brop.contracts.records.interface.encodeFunctionData("record", [
        createRecordInput({ digest: id("slot of a serial") }),
      ]);
      const operation = await user.signCalls([{ to: brop.addresses.records, data }]);
      const { blockNumber } = await (await user.sendOperation(operation)).wait();
      const key = operation.nonce >> 64n;
      const slots = [nonceSlot(user.address, key), nonceSlot(user.address, key + 1n), nonceSlot(user.address, key)];
      const valuesAt = async (number: number) => {
        const tag = `0x${number.toString(16)}`;
        const { stateRoot } = await rpc.call<{ stateRoot: string }>("eth_getBlockByNumber", [tag, false]);
        const proof = await rpc.call("eth_getProof", [ENTRY_POINT, slots, tag]);
        return readStorage(hexToBytes(stateRoot), ENTRY_POINT, slots, proof);
      };
      expect(await valuesAt(blockNumber)).to.deep.equal([1n, 0n, 1n]);
      expect(await valuesAt(blockNumber - 1)).to.deep.equal([0n, 0n, 0n]);
    } finally {
      rpc.close();
    }
  });
});
