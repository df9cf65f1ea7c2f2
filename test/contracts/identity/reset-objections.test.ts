import { expect } from "chai";
import { AbiCoder, keccak256, toUtf8Bytes, type Wallet, ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { CHAIN_ID } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { GROUND, mustOpen, RESET, resetTown, waitFor } from "../support/key-resets.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { certify, LEVEL } from "../support/participants.ts";
import { nestedSignature, type TypedData, typedDataDigest } from "../support/personal-signature.ts";

const newKey = walletOf("alice's new key");
const TYPE = "KeyResetObjection(uint256 reset,address account,bytes32 ground)";

/** A reset of alice's key by the bank, and her signed objections. */
async function withReset() {
  const p = await resetTown();
  const reset = await mustOpen(p, p.bank, p.alice.address, newKey.address);
  const verifyingContract = await p.keyResets.getAddress();
  const typedData = (id: bigint, ground: string, account = p.alice.address): TypedData => ({
    domain: { name: "BROP KeyResets", version: "1", chainId: CHAIN_ID, verifyingContract },
    type: TYPE,
    contentsHash: keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "uint256", "address", "bytes32"],
        [keccak256(toUtf8Bytes(TYPE)), id, account, ground],
      ),
    ),
  });
  const objection = (id = reset, ground = GROUND, wallet: Wallet = p.alice.wallet) =>
    nestedSignature(p.alice.address, typedData(id, ground), wallet);
  return { ...p, reset, typedData, objection };
}

describe("A signed objection to a key reset", () => {
  it("is brought by anybody, and counts as the account's own", async () => {
    const p = await withReset();
    const { keyResets, reset, alice, bob } = p;
    expect(await keyResets.objectionDigest(reset, GROUND)).to.equal(typedDataDigest(p.typedData(reset, GROUND)));
    const events = expectExecuted(await bob.call(keyResets, "objectFor", [reset, GROUND, p.objection()]));
    expectEvent(events, "KeyResetObjected", [reset, alice.address, alice.address, GROUND]);
    expectEvent(events, "TransfersReleased", []);
    expect((await keyResets.resetOf(reset)).closedBy).to.equal(alice.address);
    expect(await p.heldUntil()).to.equal(0n);
  });

  it("is heard where the opener took the account's certification away, so that it can not operate", async () => {
    const p = await withReset();
    const { keyResets, certifications, reset, alice, bank, dairy, stranger } = p;
    expectExecuted(await dairy.call(certifications, "revoke", [alice.address, GROUND]));
    expectExecuted(await bank.call(certifications, "suspend", [alice.address, GROUND]));
    const own = await alice.call(keyResets, "objectTo", [reset, GROUND]);
    expect(own.refused?.failure?.name).to.equal("QuotaUncertified");
    await eventsOf(keyResets.connect(stranger).objectFor(reset, GROUND, p.objection()));
    await waitFor(p, reset);
    const attempt = await bank.operate([
      callOf(certifications, "resume", [alice.address, GROUND]),
      callOf(keyResets, "complete", [reset]),
    ]);
    expectReverted(attempt, "KeyResetWrongStatus", [reset, RESET.objected]);
  });

  it("is by the account's key, to this reset, on this ground", async () => {
    const p = await withReset();
    const { keyResets, reset, alice, bob, bank, stranger } = p;
    const other = await mustOpen(p, bank, bob.address, walletOf("bob's new key").address);
    const refused = async (id: bigint, ground: string, signature: string, account = alice.address) =>
      expectRevert(keyResets.connect(stranger).objectFor(id, ground, signature), "KeyResetSignatureInvalid", [account]);
    await refused(reset, GROUND, "0x");
    await refused(reset, GROUND, p.objection(reset, GROUND, newKey));
    await refused(reset, digestOf("another ground"), p.objection());
    await refused(reset, GROUND, p.objection(other));
    await refused(other, GROUND, p.objection(), bob.address);
    await refused(99n, GROUND, p.objection(99n), "0x0000000000000000000000000000000000000000");
    const withoutGround = keyResets.connect(stranger).objectFor(reset, ZeroHash, p.objection(reset, ZeroHash));
    await expectRevert(withoutGround, "KeyResetGroundMissing", []);
    expect(await keyResets.statusOf(reset)).to.equal(RESET.waiting);
  });

  it("is used once, and not after the completion", async () => {
    const p = await withReset();
    const { keyResets, reset, bank, stranger } = p;
    await waitFor(p, reset);
    expectExecuted(await bank.call(keyResets, "complete", [reset]));
    const late = keyResets.connect(stranger).objectFor(reset, GROUND, p.objection());
    await expectRevert(late, "KeyResetSignatureInvalid", [p.alice.address]);
    const byNewKey = keyResets.connect(stranger).objectFor(reset, GROUND, p.objection(reset, GROUND, newKey));
    await expectRevert(byNewKey, "KeyResetWrongStatus", [reset, RESET.completed]);
  });

  it("does not wait for a certifier: one who certifies the account meanwhile may object too", async () => {
    const p = await withReset();
    const { keyResets, reset, alice, bob, dairy, certifications } = p;
    expectExecuted(await dairy.call(certifications, "revoke", [alice.address, GROUND]));
    expectReverted(await dairy.call(keyResets, "objectTo", [reset, GROUND]), "KeyResetNotConcerned");
    expectExecuted(await certify(p, dairy, alice, LEVEL.realName));
    expectExecuted(await dairy.call(keyResets, "objectTo", [reset, GROUND]));
    const twice = await bob.call(keyResets, "objectFor", [reset, GROUND, p.objection()]);
    expectReverted(twice, "KeyResetWrongStatus", [reset, RESET.objected]);
  });
});
