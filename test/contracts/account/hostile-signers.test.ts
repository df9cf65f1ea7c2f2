import { expect } from "chai";
import { concat } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { encodeExecute } from "../../../src/core/execution.ts";
import { type UserOperation, userOperationHash } from "../../../src/core/user-operation.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { CHAIN_ID } from "../support/chain.ts";
import {
  callOf,
  draft,
  expectEntryPointRefusal,
  expectExecuted,
  handleOps,
  onlyOutcome,
  signed,
} from "../support/operations.ts";
import { certify, LEVEL, Participant, town } from "../support/participants.ts";
import { personalSignature } from "../support/personal-signature.ts";
import { accountAt, deployed, listed } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

/** Ways in which `HostileSigner` answers, by the signature's first byte. */
const WAY = {
  yes: "0x00",
  no: "0x01",
  nothing: "0x02",
  halfAWord: "0x03",
  huge: "0x04",
  revert: "0x05",
  revertHuge: "0x06",
  burn: "0x07",
  write: "0x08",
  dirty: "0x09",
} as const;

/** The town, and an account whose signer is a hostile contract: by itself, or as the verifier of a key. */
async function withHostile(kind: "signer" | "verifier") {
  const p = await town();
  const hostile = await deployed(p.operator, "testing/HostileSigner", []);
  const signer = kind === "signer" ? hostile : concat([hostile, "0x0102"]);
  // The operator would have to list it: the worst case.
  if (kind === "verifier") await listed(p, "Hostile", hostile);
  const events = expectExecuted(await p.bank.call(p.accountFactory, "create", [signer, digestOf("salt")]));
  const address = events.find(({ name }) => name === "AccountCreated")?.args[0] as string;
  const mallory = new Participant(address, walletOf("mallory"));
  expectExecuted(await certify(p, p.bank, mallory, LEVEL.realName));
  const operation = async (way: string, changes: Partial<UserOperation> = {}) => ({
    ...(await draft(address, encodeExecute([callOf(p.records, "record", [recordOf(way)])]), changes)),
    signature: way,
  });
  return { ...p, mallory, operation };
}

describe("A contract as signer", () => {
  for (const kind of ["signer", "verifier"] as const) {
    describe(`that is a ${kind}`, () => {
      it("opens the account when it says yes", async () => {
        const { operation } = await withHostile(kind);
        expectExecuted(await handleOps([await operation(WAY.yes)]));
      });

      const noes = ["no", "nothing", "halfAWord", "revert", "write"] as const;
      for (const way of noes) {
        it(`opens nothing when its answer is: ${way}`, async () => {
          const { operation } = await withHostile(kind);
          expectEntryPointRefusal(await handleOps([await operation(WAY[way])]), "AA24 signature error");
        });
      }

      it("opens nothing with the right answer in a word that is not clean", async () => {
        const { operation, mallory } = await withHostile(kind);
        const result = await handleOps([await operation(WAY.dirty)]);
        // ERC-1271 compares the whole word too.
        expectEntryPointRefusal(result, "AA24 signature error");
        expect(await accountAt(mallory.address).isValidSignature(digestOf("x"), WAY.dirty)).to.equal("0xffffffff");
      });

      it("can not exhaust a relay: what it burns ends at the operation's own limit", async () => {
        const { operation } = await withHostile(kind);
        const verificationGasLimit = 400_000n;
        for (const way of ["burn", "revertHuge"] as const) {
          const result = await handleOps([await operation(WAY[way], { verificationGasLimit })]);
          expect(result.refused?.index).to.equal(0);
          expect(result.refused?.reason).to.match(/^AA2[346]/);
        }
      });

      it("pays for an answer of half a megabyte itself", async () => {
        const { operation } = await withHostile(kind);
        const result = await handleOps([await operation(WAY.huge, { verificationGasLimit: 300_000n })]);
        expect(result.refused?.reason).to.match(/^AA2[36]/);
      });

      it("spoils only its own operation: the bundle without it goes through", async () => {
        const { operation, alice, records } = await withHostile(kind);
        const honest = signed(
          await draft(alice.address, encodeExecute([callOf(records, "record", [recordOf("honest")])])),
          alice.wallet,
        );
        const spoilt = await handleOps([honest, await operation(WAY.burn, { verificationGasLimit: 400_000n })]);
        expect(spoilt.refused?.index).to.equal(1);
        expectExecuted(await handleOps([honest]));
      });
    });
  }
});

describe("An account as another account's signer", () => {
  it("signs for it in its own name, and its bare key does not", async () => {
    const { alice, bank, records } = await town();
    expectExecuted(await alice.call(accountAt(alice.address), "setSigner", [bank.address]));
    const operation = await draft(alice.address, encodeExecute([callOf(records, "record", [recordOf("one")])]));
    const bare = signed(operation, bank.wallet);
    expectEntryPointRefusal(await handleOps([bare]), "AA24 signature error");
    const hash = userOperationHash(operation, SYSTEM_ADDRESSES.EntryPoint, CHAIN_ID);
    const signature = personalSignature(bank.address, hash, bank.wallet);
    expect(onlyOutcome(await handleOps([{ ...operation, signature }])).success).to.equal(true);
  });

  it("in a circle opens neither, and burns no more than the operation's own gas", async () => {
    const { alice, bob, records } = await town();
    expectExecuted(await alice.call(accountAt(alice.address), "setSigner", [bob.address]));
    expectExecuted(await bob.call(accountAt(bob.address), "setSigner", [alice.address]));
    const operation = await draft(alice.address, encodeExecute([callOf(records, "record", [recordOf("one")])]));
    const signature = personalSignature(bob.address, digestOf("anything"), alice.wallet);
    const result = await handleOps([{ ...operation, signature, verificationGasLimit: 500_000n }]);
    expect(result.refused?.reason).to.match(/^AA2[346]/);
  });
});
