import type { ContractEvent } from "../../contracts/support/events.ts";
import type { History } from "../history.ts";
import type { Seen, VoucherState } from "../observe.ts";
import type { World } from "../world.ts";

/** A property: what must hold after each step, whatever the step was. Titles are those of INVARIANTS.md. */
export interface Property {
  title: string;
  check(world: World, history: History, before: Seen, after: Seen): Promise<void> | void;
}

export function named({ events }: History, name: string, address?: string): ContractEvent[] {
  return events.filter((event) => event.name === name && (address === undefined || event.address === address));
}

export function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((total, one) => total + one, 0n);
}

/** Each voucher before and after the step. */
export function vouchersOf(before: Seen, after: Seen): [before: VoucherState, after: VoucherState][] {
  return after.vouchers.map((state, at) => [before.vouchers[at] as VoucherState, state]);
}

/** By how much what a holder has of a voucher has grown. */
export function growth(before: VoucherState, after: VoucherState): Map<string, bigint> {
  const all = [...after.holdings].map(
    ([holder, held]) => [holder, held - (before.holdings.get(holder) ?? 0n)] as const,
  );
  return new Map(all.filter(([, change]) => change !== 0n));
}

/** The same of the voucher in a place of `World.vouchers`. */
export function growthOf(before: Seen, after: Seen, at: number): Map<string, bigint> {
  return growth(before.vouchers[at] as VoucherState, after.vouchers[at] as VoucherState);
}
