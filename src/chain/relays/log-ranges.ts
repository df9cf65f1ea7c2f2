import { BropError } from "../../core/errors.ts";
import type { Ask } from "./relay.ts";

/** What nodes look through when they say no number: Besu's default. */
const USUAL_RANGE = 5_000;
/** Errors in a row about ever shorter ranges that are still taken for limits and not for a refusal. */
const MOST_SHORTENINGS = 16;
/** More than a search of ten million blocks takes: a relay that allows a block at a time shall not keep us for ever. */
const MOST_QUESTIONS = 10_000;

/**
 * Asks for logs in ranges of blocks as long as the relay takes.
 * @param filter address and topics
 * @param onLogs what the relay claims of a range, lowest range first; `true` ends the search
 * @throws what the relay answered
 */
export async function eachLogRange(
  ask: Ask,
  filter: Readonly<Record<string, unknown>>,
  [from, to]: readonly [from: number, to: number],
  onLogs: (logs: readonly unknown[]) => Promise<boolean> | Promise<void>,
): Promise<void> {
  let range = Math.max(1, to - from + 1);
  let shortenings = 0;
  let questions = 0;
  for (let start = from; start <= to; ) {
    if (++questions > MOST_QUESTIONS) throw new BropError("chain.unreachable", { reason: "it takes too short ranges" });
    const end = Math.min(to, start + range - 1);
    let logs: unknown;
    try {
      logs = await ask("eth_getLogs", [{ ...filter, fromBlock: hex(start), toBlock: hex(end) }]);
    } catch (error) {
      const shorter = shorterRange(error, end - start + 1);
      if (shorter === undefined || ++shortenings > MOST_SHORTENINGS) throw error;
      range = shorter;
      continue;
    }
    shortenings = 0;
    if ((await onLogs(Array.isArray(logs) ? logs : [])) === true) return;
    start = end + 1;
  }
}

/** A range that may do where a longer one was refused, for its length or for its logs; undefined where none can. */
function shorterRange(error: unknown, asked: number): number | undefined {
  const { code, details } = BropError.from(error);
  if (code === "chain.unreachable" || asked <= 1) return undefined;
  if (code === "request.range-too-large" && typeof details.most === "number" && details.blocks !== undefined) {
    return details.most >= 1 && details.most < asked ? details.most : Math.floor(asked / 2);
  }
  return Math.min(USUAL_RANGE, Math.floor(asked / 2));
}

const hex = (value: number) => `0x${value.toString(16)}`;
