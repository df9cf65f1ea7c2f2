import fc from "fast-check";
import { digestOf } from "../../contracts/support/actors.ts";
import type { History } from "../history.ts";
import type { World } from "../world.ts";

/** One step of a run. Who and what are picked by numbers, so that a failing run can be made shorter. */
export type Action = (world: World, history: History) => Promise<void>;

export interface Described {
  run: Action;
  toString(): string;
}

export const action = (text: string, run: Action): Described => ({ run, toString: () => text });

export const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
/** A number from 1 to `count`, the latest one most often; one too many now and then. */
export const numbered = (count: bigint, at: number): bigint => {
  if (at === 20) return count + 1n;
  return at < 10 || count === 0n ? count : (BigInt(at) % count) + 1n;
};
export const index = fc.nat({ max: 20 });
export const amount = fc.integer({ min: 0, max: 70 });
export const reason = digestOf("reason");
