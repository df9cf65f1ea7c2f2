import { zeroPadValue } from "ethers";
import { digestOf, walletOf } from "./actors.ts";
import { blockNumber, mineTo, signerAt } from "./chain.ts";
import { decide } from "./council.ts";
import { startFrom } from "./fixtures.ts";
import { type BundleResult, callOf, expectExecuted } from "./operations.ts";
import { certify, LEVEL, Participant, town } from "./participants.ts";
import { accountAt, type Platform } from "./platform.ts";
import { type RecordInput, recordOf } from "./records.ts";

/** `RecordKinds` of the contracts. */
export const RESET_KIND = { application: 0xffff0001, check: 0xffff0002 } as const;
/** `IKeyResets.Status`. */
export const RESET = {
  none: 0n,
  proposed: 1n,
  waiting: 2n,
  ready: 3n,
  completed: 4n,
  objected: 5n,
  cancelled: 6n,
  lapsed: 7n,
} as const;

/** An account's contract, called as KeyResets calls it. */
export async function asKeyResets(p: Platform, account: string) {
  return accountAt(account).connect(await signerAt(await p.keyResets.getAddress()));
}

/** The two records that a reset of an account rests on. */
export function evidenceFor(account: string, name: string): [application: RecordInput, check: RecordInput] {
  const subject = zeroPadValue(account, 32);
  return [
    recordOf(`${name}: application`, { kind: RESET_KIND.application, subject }),
    recordOf(`${name}: check`, { kind: RESET_KIND.check, subject }),
  ];
}

/** Lets a partner record what a reset rests on. @returns the digests */
export async function recordEvidence(p: Platform, partner: Participant, account: string, name: string) {
  const inputs = evidenceFor(account, name);
  expectExecuted(await partner.operate(inputs.map((input) => callOf(p.records, "record", [input]))));
  return inputs.map(({ digest }) => digest) as [string, string];
}

/** Mines until a certifier can stand behind a reset of an account. */
export async function establish(p: Platform, certifier: { address: string }, account: string): Promise<void> {
  await mineTo((await p.keyResets.establishedFrom(account, certifier.address)) - 1n);
}

/** Lets a partner that is established record fresh evidence and open a reset. */
export async function openReset(
  p: Platform,
  partner: Participant,
  account: string,
  newSigner: string,
): Promise<BundleResult> {
  await establish(p, partner, account);
  const digests = await recordEvidence(p, partner, account, `reset in block ${await blockNumber()}`);
  return partner.call(p.keyResets, "open", [account, newSigner, ...digests]);
}

/** Opens a reset that must succeed. @returns its number */
export async function mustOpen(p: Platform, partner: Participant, account: string, newSigner: string) {
  expectExecuted(await openReset(p, partner, account, newSigner));
  return p.keyResets.count();
}

/** Mines until the next transaction stands in the first block after a reset's waiting period. */
export async function waitFor({ keyResets }: Platform, reset: bigint): Promise<void> {
  await mineTo((await keyResets.resetOf(reset)).waitingUntil);
}

/** Mines the first block in which a reset has lapsed. */
export async function letLapse({ keyResets }: Platform, reset: bigint): Promise<void> {
  await mineTo((await keyResets.resetOf(reset)).lastBlock + 1n);
}

export const GROUND = digestOf("ground");

/** Waiting period of `resetTown`, blocks. */
export const RESET_WAITING = 100;
/** For how many blocks a partner of `resetTown` certifies an account before it can stand behind a reset. */
export const MINIMUM_AGE = 50;

/** A town with short terms, where alice is certified by two partners, the bank and the dairy, both established. */
export const resetTown = () => startFrom(settle);

async function settle() {
  const p = await town();
  await decide(p, [p.keyResets, "setWaitingBlocks", [RESET_WAITING]], [p.keyResets, "setMinimumAge", [MINIMUM_AGE]]);
  expectExecuted(await certify(p, p.dairy, p.alice, LEVEL.realName));
  await establish(p, p.dairy, p.alice.address);
  const account = accountAt(p.alice.address);
  const heldUntil = async () => (await account.resetState()).heldUntil;
  return { ...p, account, heldUntil, renewed: new Participant(p.alice.address, walletOf("alice's new key")) };
}
