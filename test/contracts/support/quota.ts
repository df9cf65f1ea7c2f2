import { type Call, encodeExecute } from "../../../src/core/execution.ts";
import { decide } from "./council.ts";
import { LEVEL, type Participant, type Town } from "./participants.ts";

/** Points of a class, small enough that a test can count them. */
export interface SmallClass {
  ceiling: number;
  grant: number;
  initial: number;
  periodBlocks: number;
}

/** Lets Council give a level's class other numbers. */
export async function setClass(p: Town, id: number, values: SmallClass): Promise<void> {
  await decide(p, [p.quota, "setClass", [id, values]]);
}

/** What an operation of these calls costs. */
export async function priceOf({ quota }: Town, account: Participant, calls: readonly Call[]): Promise<bigint> {
  return quota.priceOf(account.address, encodeExecute(calls));
}

/** An account's own points as of the last block. */
export async function ownPoints({ quota }: Town, account: Participant): Promise<bigint> {
  return (await quota.pointsOf(account.address)).own;
}

/** Class of the level that users of the tests have. */
export const USER_CLASS = LEVEL.realName;
