import type { EventLog } from "ethers";
import type { TypedContractEvent, TypedDeferredTopicFilter, TypedEventLog } from "../../generated/contracts/common.ts";
import { BropError } from "../core/errors.ts";
import type { Brop } from "./connect.ts";
import { bropErrorFrom } from "./errors.ts";

/** What a search needs of a typed contract. */
interface Searchable<Event extends TypedContractEvent> {
  queryFilter(filter: TypedDeferredTopicFilter<Event>, from: number, to: number): Promise<TypedEventLog<Event>[]>;
}

/** Most blocks that access nodes look through at once, unless they say otherwise. */
const RANGE = 10_000;
/** Ranges that are asked for at the same time; ethers puts them into one request. */
const RANGES_A_STEP = 16;

/**
 * Searches a contract's events over the whole chain, needing JSON-RPC only. It goes from the newest block backward.
 * @param enough stop once this many are found; all of them by default
 * @returns the events in the chain's order
 * @throws BropError
 */
export async function searchEvents<Event extends TypedContractEvent>(
  brop: Brop,
  contract: Searchable<Event>,
  filter: TypedDeferredTopicFilter<Event>,
  enough = Number.POSITIVE_INFINITY,
): Promise<TypedEventLog<Event>[]> {
  let range = RANGE;
  let found: TypedEventLog<Event>[] = [];
  try {
    let to = await brop.provider.getBlockNumber();
    while (to >= 0 && found.length < enough) {
      const ranges = rangesBelow(to, range);
      try {
        const step = await Promise.all(ranges.map(([from, until]) => contract.queryFilter(filter, from, until)));
        found = [...step.flat(), ...found];
        to = (ranges[0] as [number, number])[0] - 1;
      } catch (error) {
        const most = smallerRange(error);
        if (most === undefined || most >= range) throw error;
        range = most;
      }
    }
  } catch (error) {
    throw bropErrorFrom(error);
  }
  return found;
}

/** Ranges of blocks up to `to`, lowest first. */
function rangesBelow(to: number, size: number): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let end = to; end >= 0 && ranges.length < RANGES_A_STEP; end -= size) {
    ranges.unshift([Math.max(0, end - size + 1), end]);
  }
  return ranges;
}

function smallerRange(error: unknown): number | undefined {
  if (!(error instanceof BropError) || error.code !== "request.range-too-large") return undefined;
  const { most } = error.details;
  return typeof most === "number" && most > 0 ? most : undefined;
}

/** The place of an event on the chain. */
export function placeOf({ blockNumber, transactionHash }: Pick<EventLog, "blockNumber" | "transactionHash">) {
  return { block: blockNumber, transaction: transactionHash };
}
