import { expect } from "chai";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { encodeExecute } from "../../../src/core/execution.ts";
import { encodeSerial, MAX_DEADLINE_DISTANCE } from "../../../src/core/serial.ts";
import { walletOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, mineTo } from "../support/chain.ts";
import {
  callOf,
  draft,
  expectEntryPointRefusal,
  expectExecuted,
  expectRefused,
  expectReverted,
  handleOps,
  signed,
} from "../support/operations.ts";
import { Participant, town } from "../support/participants.ts";
import { accountAt, otherRelayAddress, relayAddress } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

async function withCalls() {
  const p = await town();
  const callsFor = (name: string) => [callOf(p.records, "record", [recordOf(name)])];
  return { ...p, callsFor };
}

/** Block in which the next transaction will be. */
const nextBlock = async () => (await blockNumber()) + 1;

describe("Random serials with a deadline (CH-5)", () => {
  it("need no order: operations signed in one order are included in another", async () => {
    const { alice, callsFor } = await withCalls();
    const deadlineBlock = (await blockNumber()) + 50;
    const operations = [];
    for (const name of ["one", "two", "three"]) {
      const operation = await draft(alice.address, encodeExecute(callsFor(name)), {
        nonce: encodeSerial({ deadlineBlock }),
      });
      operations.push(signed(operation, alice.wallet));
    }
    const result = await handleOps(operations.reverse());
    expect(result.refused).to.equal(undefined);
    expect(result.refused === undefined && result.outcomes.map(({ success }) => success)).to.deep.equal([
      true,
      true,
      true,
    ]);
  });

  it("are used once: the second inclusion is refused, by the same relay and another", async () => {
    const { alice, callsFor } = await withCalls();
    const operation = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    expectExecuted(await handleOps([operation]));
    expectEntryPointRefusal(await handleOps([operation]), "AA25 invalid account nonce");
    expectEntryPointRefusal(await handleOps([operation], otherRelayAddress), "AA25 invalid account nonce");
  });

  it("are used once within a bundle too", async () => {
    const { alice, callsFor } = await withCalls();
    const operation = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    expectEntryPointRefusal(await handleOps([operation, operation]), "AA25 invalid account nonce", 1);
    expectExecuted(await handleOps([operation]));
  });

  it("are used up by an operation whose execution failed", async () => {
    const { alice, callsFor } = await withCalls();
    expectExecuted(await alice.operate(callsFor("one")));
    const failing = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    expectReverted(await handleOps([failing]), "RecordExists");
    expectEntryPointRefusal(await handleOps([failing]), "AA25 invalid account nonce");
  });

  it("are one account's own: another may use the same", async () => {
    const { alice, bob, callsFor } = await withCalls();
    const nonce = encodeSerial({ deadlineBlock: (await blockNumber()) + 50 });
    expectExecuted(await alice.operate(callsFor("one"), { nonce }));
    expectExecuted(await bob.operate(callsFor("one"), { nonce }));
  });

  it("are included up to and in the deadline's block", async () => {
    const { alice, callsFor } = await withCalls();
    const deadlineBlock = (await nextBlock()) + 5;
    const nonce = encodeSerial({ deadlineBlock });
    await mineTo(deadlineBlock - 1);
    const result = await alice.operate(callsFor("one"), { nonce });
    expectExecuted(result);
    expect(result.refused === undefined && result.blockNumber).to.equal(deadlineBlock);
  });

  it("are refused one block after the deadline, and for ever", async () => {
    const { alice, callsFor } = await withCalls();
    const deadlineBlock = await nextBlock();
    const nonce = encodeSerial({ deadlineBlock });
    await mineTo(deadlineBlock);
    for (const late of [0, 1, 1_000]) {
      await mineTo(deadlineBlock + late);
      const block = await nextBlock();
      const attempt = await alice.operate(callsFor("one"), { nonce });
      expectRefused(attempt, "AccountDeadlinePassed", [deadlineBlock, block]);
    }
  });

  it("are refused with deadline 0", async () => {
    const { alice, callsFor } = await withCalls();
    const attempt = await alice.operate(callsFor("one"), { nonce: encodeSerial({ deadlineBlock: 0 }) });
    expectRefused(attempt, "AccountDeadlinePassed");
  });

  it("lie at most a day of blocks ahead", async () => {
    const { alice, callsFor } = await withCalls();
    const furthest = (await nextBlock()) + MAX_DEADLINE_DISTANCE;
    const tooFar = encodeSerial({ deadlineBlock: furthest + 1 });
    const attempt = await alice.operate(callsFor("one"), { nonce: tooFar });
    expectRefused(attempt, "AccountDeadlineTooFar", [furthest + 1, furthest]);
    // The refusal took a block, so the same deadline is near enough now.
    expectExecuted(await alice.operate(callsFor("one"), { nonce: tooFar }));
  });

  it("are refused with the greatest deadline that there is", async () => {
    const { alice, callsFor } = await withCalls();
    const attempt = await alice.operate(callsFor("one"), { nonce: encodeSerial({ deadlineBlock: 2 ** 48 - 1 }) });
    expectRefused(attempt, "AccountDeadlineTooFar");
  });

  it("have sequence 0: a used serial can not go on with 1", async () => {
    const { alice, callsFor } = await withCalls();
    const nonce = encodeSerial({ deadlineBlock: (await blockNumber()) + 50 });
    expectExecuted(await alice.operate(callsFor("one"), { nonce }));
    for (const sequence of [1n, 2n, 2n ** 64n - 1n]) {
      const attempt = await alice.operate(callsFor("two"), { nonce: nonce + sequence });
      expectRefused(attempt, "AccountSerialSequence", [sequence]);
    }
  });

  it("are covered by the signature: another random part or deadline is another operation", async () => {
    const { alice, callsFor } = await withCalls();
    const deadlineBlock = (await blockNumber()) + 50;
    const operation = signed(
      await draft(alice.address, encodeExecute(callsFor("one")), {
        nonce: encodeSerial({ random: 1n, deadlineBlock }),
      }),
      alice.wallet,
    );
    for (const nonce of [
      encodeSerial({ random: 2n, deadlineBlock }),
      encodeSerial({ random: 1n, deadlineBlock: deadlineBlock + 1 }),
    ]) {
      expectEntryPointRefusal(await handleOps([{ ...operation, nonce }]), "AA24 signature error");
    }
  });
});

describe("Ordinary ERC-4337 nonces", () => {
  it("are accepted in their order, without a deadline", async () => {
    const { alice, callsFor } = await withCalls();
    for (const key of [0n, 0x42524f51n << 160n, BigInt(Date.now())]) {
      const nonce = key << 64n;
      expectEntryPointRefusal(
        await alice.operate(callsFor(`${key} b`), { nonce: nonce + 1n }),
        "AA25 invalid account nonce",
      );
      expectExecuted(await alice.operate(callsFor(`${key} a`), { nonce }));
      expectEntryPointRefusal(await alice.operate(callsFor(`${key} b`), { nonce }), "AA25 invalid account nonce");
      expectExecuted(await alice.operate(callsFor(`${key} b`), { nonce: nonce + 1n }));
    }
  });
});

describe("Replaying an operation", () => {
  it("fails for another account, even one with the same key", async () => {
    const p = await withCalls();
    const { alice, callsFor } = p;
    const operation = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    // A second account of the same person, operated by the same key.
    expectExecuted(await p.bob.call(accountAt(p.bob.address), "setSigner", [alice.wallet.address]));
    const replay = await handleOps([{ ...operation, sender: p.bob.address }]);
    expectEntryPointRefusal(replay, "AA24 signature error");
  });

  it("fails on another chain", async () => {
    const { alice, callsFor } = await withCalls();
    const operation = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet, CHAIN_ID + 1);
    expectEntryPointRefusal(await handleOps([operation]), "AA24 signature error");
  });

  it("fails with any field changed on the way by a relay", async () => {
    const { alice, bob, callsFor } = await withCalls();
    const operation = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    const changes = [
      { callData: encodeExecute(callsFor("two")) },
      { callGasLimit: 1n },
      { verificationGasLimit: operation.verificationGasLimit + 1n },
      { preVerificationGas: 1n },
    ];
    for (const change of changes) {
      expectEntryPointRefusal(await handleOps([{ ...operation, ...change }]), "AA24 signature error");
    }
    const renamed = await handleOps([{ ...operation, sender: bob.address }]);
    expectEntryPointRefusal(renamed, "AA24 signature error");
    expectExecuted(await handleOps([operation]));
  });

  it("fails after the key was changed: what the old key signed is void", async () => {
    const { alice, callsFor } = await withCalls();
    const waiting = signed(await draft(alice.address, encodeExecute(callsFor("one"))), alice.wallet);
    const newKey = walletOf("alice's new key");
    expectExecuted(await alice.call(accountAt(alice.address), "setSigner", [newKey.address]));
    expectEntryPointRefusal(await handleOps([waiting]), "AA24 signature error");
    const renewed = new Participant(alice.address, newKey);
    expectExecuted(await renewed.operate(callsFor("one")));
  });
});

describe("Accounts from an operation", () => {
  it("do not come into being: initCode of an existing account is refused", async () => {
    const { alice, callsFor, accountFactory } = await withCalls();
    const operation = await draft(alice.address, encodeExecute(callsFor("one")), {
      factory: await accountFactory.getAddress(),
      factoryData: "0x",
    });
    expectEntryPointRefusal(await handleOps([signed(operation, alice.wallet)]), "AA10 sender already constructed");
  });

  it("do not come into being: the factory does not know EntryPoint's creator", async () => {
    const { accountFactory, callsFor, bank } = await withCalls();
    const wallet = walletOf("uninvited");
    const salt = `0x${"11".repeat(32)}`;
    const { SenderCreator } = SYSTEM_ADDRESSES;
    for (const creator of [SenderCreator, bank.address]) {
      const sender = await accountFactory.addressOf(creator, wallet.address, salt);
      const operation = await draft(sender, encodeExecute(callsFor("one")), {
        factory: await accountFactory.getAddress(),
        factoryData: accountFactory.interface.encodeFunctionData("create", [wallet.address, salt]),
      });
      expectEntryPointRefusal(await handleOps([signed(operation, wallet)]), "AA13 initCode failed or OOG");
      expect(await accountFactory.isAccount(sender)).to.equal(false);
    }
  });

  it("are refused for an address that is no account", async () => {
    const { callsFor } = await withCalls();
    const wallet = walletOf("uninvited");
    const operation = await draft(wallet.address, encodeExecute(callsFor("one")));
    expectEntryPointRefusal(await handleOps([signed(operation, wallet)]), "AA20 account not deployed");
  });

  it("are refused with a paymaster: no contract of the platform is one", async () => {
    const { alice, bank, records, callsFor } = await withCalls();
    for (const paymaster of [bank.address, await records.getAddress(), SYSTEM_ADDRESSES.EntryPoint]) {
      const operation = await draft(alice.address, encodeExecute(callsFor("one")), {
        paymaster,
        paymasterVerificationGasLimit: 100_000n,
        paymasterPostOpGasLimit: 0n,
        paymasterData: "0x",
      });
      const result = await handleOps([signed(operation, alice.wallet)]);
      expect(result.refused?.reason).to.match(/^AA3[13]/);
    }
  });

  it("are handled for admitted relays, whoever that is to the chain itself", async () => {
    const { alice, callsFor } = await withCalls();
    // The rule who may call handleOps is the validators'; EntryPoint itself takes operations from every key.
    for (const relay of [relayAddress, otherRelayAddress]) {
      const operation = signed(await draft(alice.address, encodeExecute(callsFor(relay))), alice.wallet);
      expectExecuted(await handleOps([operation], relay));
    }
  });
});
