import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { walletOf } from "../support/actors.ts";
import { blockNumber, mineTo } from "../support/chain.ts";
import { expectEvent } from "../support/events.ts";
import { mustOpen, resetTown, waitFor } from "../support/key-resets.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { Participant, town } from "../support/participants.ts";
import { makeVoucher, transfer, transferMany } from "../support/vouchers.ts";

const FAR = 2 ** 40;

/** 100 units with Alice, of which the dairy may transfer some. */
async function withAllowance(amount: number, lastBlock: number = FAR, start = town) {
  const p = await start();
  const voucher = await makeVoucher(p, p.bank);
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 100]));
  const approve = (units: number | bigint, last = FAR, owner: Participant = p.alice, operator = p.dairy.address) =>
    owner.call(voucher, "approve", [operator, 0, units, last]);
  const events = expectExecuted(await approve(amount, lastBlock));
  const byDairy = (units: number) => transfer(voucher, p.alice, p.bob, units, 0, p.dairy);
  const allowance = async () => [...(await voucher.allowance(p.alice.address, p.dairy.address, 0))];
  return { ...p, voucher, approve, byDairy, allowance, events };
}

describe("Voucher: allowances", () => {
  it("let another transfer up to an amount", async () => {
    const { voucher, alice, bob, dairy, byDairy, allowance, events } = await withAllowance(30);
    expectEvent(events, "AllowanceChanged", [alice.address, dairy.address, 0, 30, FAR]);
    const moved = expectExecuted(await byDairy(20));
    expectEvent(moved, "TransferSingle", [dairy.address, alice.address, bob.address, 0, 20]);
    expect(await allowance()).to.deep.equal([10n, BigInt(FAR)]);
    expectReverted(await byDairy(11), "VoucherAllowanceTooLow", [alice.address, dairy.address, 0, 10, 11]);
    expectExecuted(await byDairy(10));
    expect(await allowance()).to.deep.equal([0n, 0n]);
    expectReverted(await byDairy(0), "ERC1155MissingApprovalForAll", [dairy.address, alice.address]);
    expect(await voucher.balanceOf(bob.address, 0)).to.equal(30n);
  });

  it("hold for one operator and one token only", async () => {
    const { voucher, alice, bob, bank, dairy } = await withAllowance(30);
    const byBank = await transfer(voucher, alice, bob, 1, 0, bank);
    expectReverted(byBank, "ERC1155MissingApprovalForAll", [bank.address, alice.address]);
    const other = await transfer(voucher, alice, bob, 0, 1, dairy);
    expectReverted(other, "ERC1155MissingApprovalForAll", [dairy.address, alice.address]);
    const ofBob = await transfer(voucher, bob, alice, 0, 0, dairy);
    expectReverted(ofBob, "ERC1155MissingApprovalForAll", [dairy.address, bob.address]);
  });

  it("count every item of a batch", async () => {
    const { voucher, alice, bob, dairy, allowance } = await withAllowance(30);
    const batch = (amounts: number[]) =>
      dairy.call(voucher, "safeBatchTransferFrom", [alice.address, bob.address, amounts.map(() => 0), amounts, "0x"]);
    expectReverted(await batch([20, 11]), "VoucherAllowanceTooLow", [alice.address, dairy.address, 0, 10, 11]);
    expectReverted(await batch([30, 1]), "ERC1155MissingApprovalForAll", [dairy.address, alice.address]);
    expectExecuted(await batch([20, 10]));
    expect(await allowance()).to.deep.equal([0n, 0n]);
  });

  it("end with their last block, not before", async () => {
    const last = (await blockNumber()) + 40;
    const { dairy, alice, byDairy, allowance, approve } = await withAllowance(30, last);
    await mineTo(last - 1);
    expectExecuted(await byDairy(1));
    expect(await blockNumber()).to.equal(last);
    expectReverted(await byDairy(1), "ERC1155MissingApprovalForAll", [dairy.address, alice.address]);
    expect(await allowance()).to.deep.equal([0n, 0n]);
    // What has lapsed does not stand in the way of a new one.
    expectExecuted(await approve(5));
    expect(await allowance()).to.deep.equal([5n, BigInt(FAR)]);
  });

  it("are not exchanged while they stand, so that no operator can use the old one and the new one", async () => {
    const { dairy, approve, byDairy, allowance } = await withAllowance(30);
    // The operator sees the change coming and uses the old allowance first.
    expectExecuted(await byDairy(20));
    expectReverted(await approve(15), "VoucherAllowanceStands", [dairy.address, 0, 10]);
    expectExecuted(await approve(0, 0));
    expect(await allowance()).to.deep.equal([0n, 0n]);
    expectExecuted(await approve(15));
    expect(await allowance()).to.deep.equal([15n, BigInt(FAR)]);
  });

  it("take an operator, an amount that fits, and a block to come", async () => {
    const { approve, alice } = await withAllowance(0);
    expectReverted(await approve(1, FAR, alice, ZeroAddress), "ERC1155InvalidOperator", [ZeroAddress]);
    expectReverted(await approve(2n ** 128n), "VoucherAmountTooLarge", [2n ** 128n]);
    const past = await blockNumber();
    expectReverted(await approve(1, past), "VoucherAllowancePast", [past, past + 1]);
    expectExecuted(await approve(1, (await blockNumber()) + 1));
  });

  it("are not needed by whom all is approved to", async () => {
    const { voucher, alice, dairy, byDairy, allowance } = await withAllowance(30);
    expectExecuted(await alice.call(voucher, "setApprovalForAll", [dairy.address, true]));
    expectExecuted(await byDairy(40));
    expect((await allowance())[0]).to.equal(30n);
    const nobody = await alice.call(voucher, "setApprovalForAll", [ZeroAddress, true]);
    expectReverted(nobody, "ERC1155InvalidOperator", [ZeroAddress]);
  });

  it("let nobody go round the rules: owner and receiver are judged, not the operator", async () => {
    const { voucher, alice, carol, dairy } = await withAllowance(30);
    const attempt = await transfer(voucher, alice, carol, 1, 0, dairy);
    expectReverted(attempt, "VoucherHolderNotEligible", [carol.address, 3]);
  });
});

describe("Voucher: a reset of the owner's key (ID-7)", () => {
  /** Alice has approved the dairy in both ways; then the bank opens a reset. */
  async function duringReset() {
    const p = await withAllowance(30, FAR, resetTown as typeof town);
    expectExecuted(await p.alice.call(p.voucher, "setApprovalForAll", [p.bob.address, true]));
    const found = new Participant(p.alice.address, walletOf("alice's new key"));
    const reset = await mustOpen(p, p.bank, p.alice.address, found.wallet.address);
    const byBob = () => transfer(p.voucher, p.alice, p.bob, 1, 0, p.bob);
    return { ...p, found, reset, byBob };
  }

  it("stops her transfers while it waits, and those of whom she approved; she still receives", async () => {
    const { voucher, alice, bob, byDairy, byBob, keyResets, reset, bank } = await duringReset();
    const { waitingUntil } = await keyResets.resetOf(reset);
    const held = [alice.address, waitingUntil];
    expectReverted(await transfer(voucher, alice, bob, 1), "VoucherSenderHeld", held);
    expectReverted(await byDairy(1), "VoucherSenderHeld", held);
    expectReverted(await transferMany(voucher, alice, bob, [0, 0], [1, 1]), "VoucherSenderHeld", held);
    expectReverted(await byBob(), "VoucherSenderHeld", held);
    expect([await voucher.canSend(alice.address), await voucher.canReceive(alice.address)]).to.deep.equal([
      false,
      true,
    ]);
    expect(await voucher.canTransfer(alice.address, bob.address, 0, 1)).to.equal(false);
    expectExecuted(await bank.call(voucher, "allocate", [alice.address, 1]));
  });

  it("stops them up to the last block of the waiting period and no longer, whatever becomes of it", async () => {
    const { voucher, alice, bob, keyResets, reset } = await duringReset();
    const { waitingUntil } = await keyResets.resetOf(reset);
    await mineTo(waitingUntil - 1n);
    expectReverted(await transfer(voucher, alice, bob, 1), "VoucherSenderHeld", [alice.address, waitingUntil]);
    expect(await blockNumber()).to.equal(Number(waitingUntil));
    expectExecuted(await transfer(voucher, alice, bob, 1));
  });

  it("voids every approval that she gave before it completed", async () => {
    const { voucher, alice, bob, bank, dairy, found, byDairy, byBob, allowance, keyResets, reset } =
      await duringReset();
    await waitFor({ keyResets } as Parameters<typeof waitFor>[0], reset);
    expect(await voucher.isApprovedForAll(alice.address, bob.address)).to.equal(true);
    expectExecuted(await bank.call(keyResets, "complete", [reset]));
    expect(await voucher.isApprovedForAll(alice.address, bob.address)).to.equal(false);
    expect(await allowance()).to.deep.equal([0n, 0n]);
    expectReverted(await byDairy(1), "ERC1155MissingApprovalForAll", [dairy.address, alice.address]);
    expectReverted(await byBob(), "ERC1155MissingApprovalForAll", [bob.address, alice.address]);
    expect(await voucher.balanceOf(alice.address, 0)).to.equal(100n);
    const calls = [
      callOf(voucher, "approve", [dairy.address, 0, 7, FAR]),
      callOf(voucher, "setApprovalForAll", [bob.address, true]),
    ];
    expectExecuted(await found.operate(calls));
    expectExecuted(await byDairy(7));
    expectExecuted(await byBob());
    expectExecuted(await transfer(voucher, found, bob, 92));
  });
});
