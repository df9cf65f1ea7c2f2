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
/** A number from 1 to `count`: mostly the latest one that is still open, now and then any, or one too many. */
export async function numbered(count: bigint, at: number, isOpen: (id: bigint) => Promise<boolean>): Promise<bigint> {
  if (at === 20 || count === 0n) return count + 1n;
  for (let id = count; at < 16 && id > 0n; id--) if (await isOpen(id)) return id;
  return (BigInt(at) % count) + 1n;
}
export const index = fc.nat({ max: 20 });
export const amount = fc.integer({ min: 0, max: 70 });
export const reason = digestOf("reason");
