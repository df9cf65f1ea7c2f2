import { expect } from "chai";
import { concat, toBeHex, ZeroAddress } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { BATCH_MODE, encodeExecute, SINGLE_MODE } from "../../../src/core/execution.ts";
import { walletOf } from "../support/actors.ts";
import { ethers, signerAt } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { callOf, expectEntryPointRefusal, expectExecuted, expectReverted, operate } from "../support/operations.ts";
import { Participant, signerOf, town } from "../support/participants.ts";
import { accountAt, deployed } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

const newKey = walletOf("alice's new key");

describe("Account", () => {
  describe("its operations", () => {
    it("make all calls of a batch in order, or none", async () => {
      const { alice, records } = await town();
      const [one, two] = [recordOf("one"), recordOf("two")];
      const events = expectExecuted(
        await alice.operate([callOf(records, "record", [one]), callOf(records, "record", [two])]),
      );
      const digests = events.filter(({ name }) => name === "Recorded").map(({ args }) => args[0]);
      expect(digests).to.deep.equal([one.digest, two.digest]);

      const three = recordOf("three");
      const twice = [callOf(records, "record", [three]), callOf(records, "record", [one])];
      const id = await records.recordId(alice.address, one.digest, one.subject);
      expectReverted(await alice.operate(twice), "RecordExists", [id]);
      const missing = await records.recordId(alice.address, three.digest, three.subject);
      expect((await records.recordOf(missing)).status).to.equal(0n);
    });

    it("are its owner's alone", async () => {
      const { alice, bob, records } = await town();
      const calls = [callOf(records, "record", [recordOf("one")])];
      expectEntryPointRefusal(await operate(alice.address, bob.wallet, calls), "AA24 signature error");
      expectEntryPointRefusal(await operate(alice.address, walletOf("stranger"), calls), "AA24 signature error");
    });

    it("can not carry value, for there is none", async () => {
      const { alice, records } = await town();
      const call = { ...callOf(records, "record", [recordOf("one")]), value: 1n };
      expectReverted(await alice.operate([call]), "unknown", ["0x"]);
    });
  });

  describe("called directly", () => {
    it("executes for EntryPoint and itself only, even for an operator, a seat, a relay or its own key", async () => {
      const { alice, bank, operator, seats, stranger, records } = await town();
      const account = accountAt(alice.address);
      const data = encodeExecute([callOf(records, "record", [recordOf("one")])]);
      const [mode, executionData] = account.interface.decodeFunctionData("execute", data);
      const callers = [
        operator,
        seats[0],
        stranger,
        await signerAt(bank.address),
        await signerAt(alice.wallet.address),
      ];
      for (const caller of callers) {
        const acting = account.connect(caller);
        const refused = [caller?.address];
        await expectRevert(acting.execute(mode, executionData), "AccountUnauthorized", refused);
        await expectRevert(acting.setSigner(newKey.address), "AccountUnauthorized", refused);
      }
      const entryPoint = account.connect(await signerAt(SYSTEM_ADDRESSES.EntryPoint));
      const events = await eventsOf(entryPoint.execute(mode, executionData));
      expect(events.map(({ name }) => name)).to.include("Recorded");
    });

    it("executes in the two modes that Quota prices, and in no other", async () => {
      const { alice } = await town();
      const account = accountAt(alice.address).connect(await signerAt(SYSTEM_ADDRESSES.EntryPoint));
      for (const mode of ["0xff", "0x0101", "0x0001", "0x02"]) {
        await expectRevert(account.execute(mode.padEnd(66, "0"), "0x"), "ExecutionInvalid", []);
      }
      await expectRevert(account.execute(SINGLE_MODE, "0x"), "ExecutionInvalid", []);
      await expectRevert(
        account.execute(BATCH_MODE, concat([toBeHex(32, 32), toBeHex(0, 32)])),
        "ExecutionInvalid",
        [],
      );
    });

    it("validates for EntryPoint only: nobody else can make it spend its quota", async () => {
      const { alice, operator } = await town();
      const account = accountAt(alice.address).connect(operator);
      const operation = {
        sender: alice.address,
        nonce: 0,
        initCode: "0x",
        callData: "0x",
        accountGasLimits: toBeHex(0, 32),
        preVerificationGas: 0,
        gasFees: toBeHex(0, 32),
        paymasterAndData: "0x",
        signature: "0x",
      };
      const attempt = account.validateUserOp(operation, toBeHex(0, 32), 0);
      await expectRevert(attempt, "AccountUnauthorized", [operator.address]);
    });
  });

  describe("its signer", () => {
    it("is changed by the owner; the old key then opens nothing", async () => {
      const { alice, records } = await town();
      const account = accountAt(alice.address);
      const events = expectExecuted(await alice.call(account, "setSigner", [newKey.address]));
      const [before, after] = [alice.wallet.address.toLowerCase(), newKey.address.toLowerCase()];
      expectEvent(events, "SignerChanged", [before, after]);
      expect(await signerOf(alice)).to.equal(after);
      const old = await alice.call(records, "record", [recordOf("one")]);
      expectEntryPointRefusal(old, "AA24 signature error");
      const renewed = new Participant(alice.address, newKey);
      expectExecuted(await renewed.call(records, "record", [recordOf("one")]));
    });

    it("is changed by a call to the zero address too, which means the account itself", async () => {
      const { alice } = await town();
      const call = { ...callOf(accountAt(alice.address), "setSigner", [newKey.address]), target: ZeroAddress };
      expectExecuted(await alice.operate([call]));
      expect(await signerOf(alice)).to.equal(newKey.address.toLowerCase());
    });

    it("can not become what nobody can sign for", async () => {
      const { alice, bank } = await town();
      const account = accountAt(alice.address);
      const wrong = [
        "0x",
        "0x0102",
        ZeroAddress,
        alice.address,
        concat([alice.address, "0x01"]),
        concat([ZeroAddress, "0x01"]),
      ];
      for (const signer of wrong) {
        expectReverted(await alice.call(account, "setSigner", [signer]), "AccountSignerInvalid", []);
      }
      expect(await signerOf(alice)).to.equal(alice.wallet.address.toLowerCase());
      // Another account may sign for it.
      expectExecuted(await alice.call(account, "setSigner", [bank.address]));
    });

    it("is verified by a contract that Directory lists, and by no precompile that says yes to everything", async () => {
      const { alice, bob, operator } = await town();
      const account = accountAt(alice.address);
      // The identity precompile answers every call with the call itself, which begins as a verifier's yes does.
      const identity = "0x0000000000000000000000000000000000000004";
      const unlisted = await deployed(operator, "testing/HostileSigner", []);
      for (const verifier of [identity, unlisted, newKey.address, bob.address]) {
        const attempt = await alice.call(account, "setSigner", [concat([verifier, "0x01"])]);
        expectReverted(attempt, "AccountVerifierUnlisted", [verifier]);
      }
      expect(await signerOf(alice)).to.equal(alice.wallet.address.toLowerCase());
    });

    it("is not changed by another account", async () => {
      const { alice, bank } = await town();
      // An account's functions have a price for the account itself only.
      const attempt = await bank.call(accountAt(alice.address), "setSigner", [newKey.address]);
      expect(attempt.refused?.failure?.name).to.equal("QuotaUnpriced");
    });
  });

  describe("its initialisation", () => {
    it("happens once", async () => {
      const { alice, operator, stranger } = await town();
      for (const caller of [operator, stranger]) {
        const attempt = accountAt(alice.address).connect(caller).initialise(newKey.address);
        await expectRevert(attempt, "AccountInitialised", []);
      }
    });

    it("is closed on the implementation, which nobody has a key for", async () => {
      const { addresses, operator } = await town();
      const implementation = accountAt(addresses.Account ?? "").connect(operator);
      await expectRevert(implementation.initialise(newKey.address), "AccountInitialised", []);
      await expectRevert(implementation.setSigner(newKey.address), "AccountUnauthorized", [operator.address]);
      expect(await signerOf({ address: addresses.Account } as Participant)).to.equal(
        "0x0000000000000000000000000000000000000001",
      );
    });
  });

  describe("its interfaces", () => {
    it("name the EntryPoint of this network", async () => {
      const { alice } = await town();
      const account = accountAt(alice.address);
      expect(await account.entryPoint()).to.equal(SYSTEM_ADDRESSES.EntryPoint);
      expect(await account["getNonce()"]()).to.equal(0n);
      expect(await account["getNonce(uint192)"](7)).to.equal(7n << 64n);
      expect(await account.MAX_DEADLINE_DISTANCE()).to.equal(28_800n);
    });

    it("support batches and no other exotic mode", async () => {
      const { alice } = await town();
      const account = accountAt(alice.address);
      expect(await account.supportsExecutionMode(BATCH_MODE)).to.equal(true);
      const others = ["0xff", "0x0101", "0x01000000000078210001", "0x0100000000007821000200", "0x02"];
      for (const mode of others) expect(await account.supportsExecutionMode(mode.padEnd(66, "0"))).to.equal(false);
    });

    it("receive ERC-1155 tokens, single and in batches", async () => {
      const { alice } = await town();
      const account = accountAt(alice.address);
      expect(await account.onERC1155Received.staticCall(ZeroAddress, ZeroAddress, 0, 1, "0x")).to.equal("0xf23a6e61");
      expect(await account.onERC1155BatchReceived.staticCall(ZeroAddress, ZeroAddress, [0], [1], "0x")).to.equal(
        "0xbc197c81",
      );
      expect(await account.supportsInterface("0x4e2312e0")).to.equal(true);
      expect(await account.supportsInterface("0xffffffff")).to.equal(false);
    });

    it("keep the code of an account as it is: nothing in it can be swapped", async () => {
      const { alice, bank } = await town();
      const code = await ethers.provider.getCode(alice.address);
      expectExecuted(await alice.call(accountAt(alice.address), "setSigner", [newKey.address]));
      expect(await ethers.provider.getCode(alice.address)).to.equal(code);
      expect(await ethers.provider.getCode(bank.address)).to.equal(code);
    });
  });
});
