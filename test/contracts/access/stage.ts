import { ZeroHash } from "ethers";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber } from "../support/chain.ts";
import { startFrom } from "../support/fixtures.ts";
import { establish, mustOpen } from "../support/key-resets.ts";
import { nameOf, setName } from "../support/names.ts";
import { callOf, expectExecuted } from "../support/operations.ts";
import { ORDER_LOCATION, orderOf } from "../support/orders.ts";
import { certify, LEVEL, type Town, town } from "../support/participants.ts";
import { ALGORITHM, recordOf } from "../support/records.ts";
import { application, leg, makeVoucher } from "../support/vouchers.ts";

/** A town in which each kind of thing exists once, so that every function has something to work on. */
async function settle() {
  const p = await town();
  const reset = await proposeReset(p);
  const voucher = await makeVoucher(p, p.bank);
  const relay = walletOf("the bank's relay").address;
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 10]));
  expectExecuted(await p.bank.call(p.admission, "registerRelay", [relay]));
  expectExecuted(await p.bank.call(p.quota, "sponsor", [p.alice.address, 1_000_000]));
  expectExecuted(await p.bank.call(p.voucherFactory, "applyFor", [application()]));
  const record = recordOf("data");
  const key = digestOf("key");
  const root = digestOf("root");
  const calls = [callOf(p.records, "record", [record]), callOf(p.records, "openObject", [key, []])];
  expectExecuted(await p.alice.operate([...calls, callOf(p.batchAnchors, "anchor", [root, 1])]));
  await p.council.connect(p.seats[0]).propose([], digestOf("ground"));
  const order = await orderOf();
  await p.orders.connect(p.regulator).file(order, ORDER_LOCATION);
  const object = await p.records.objectId(p.alice.address, key);
  const anchor = await p.batchAnchors.anchorId(p.alice.address, root);
  const proposal = agreementFor(p);
  const agreement = await p.agreements.agreementId(p.bank.address, proposal);
  expectExecuted(await p.bank.call(p.agreements, "propose", [proposal]));
  const file = digestOf("file");
  expectExecuted(await p.alice.call(p.hostedFiles, "register", [file, digestOf("location"), 1, 2 ** 39]));
  expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
  expectExecuted(await p.alice.call(p.redemptions, "present", [voucher.target, 0, 1, digestOf("delivery note")]));
  const legs = [leg(voucher, 1), leg(await makeVoucher(p, p.bank), 1)];
  const lastBlock = (await blockNumber()) + 1_000;
  expectExecuted(await p.alice.call(p.settlements, "offer", [...legs, p.bank.address, lastBlock]));
  return { ...p, voucher, relay, record, order, object, anchor, reset, proposal, agreement, file, legs };
}

/** A document that the bank wants alice to confirm. */
function agreementFor({ alice }: Town) {
  const lastBlock = 2 ** 40;
  return {
    digest: digestOf("document"),
    algorithm: ALGORITHM.sha256,
    lastBlock,
    salt: ZeroHash,
    parties: [alice.address],
  };
}

/** A reset of bob's key by the bank that waits for another certifier's endorsement. @returns its number */
async function proposeReset(p: Town): Promise<bigint> {
  const newKey = walletOf("bob's new key").address;
  expectExecuted(await certify(p, p.dairy, p.bob, LEVEL.realName));
  await establish(p, p.dairy, p.bob.address);
  const first = await mustOpen(p, p.bank, p.bob.address, newKey);
  expectExecuted(await p.bank.call(p.keyResets, "cancel", [first, digestOf("ground")]));
  return mustOpen(p, p.bank, p.bob.address, newKey);
}

export type Stage = Awaited<ReturnType<typeof settle>>;

export const stage = (): Promise<Stage> => startFrom(settle);
