import { BropError } from "../../core/errors.ts";
import type { Ask } from "./relay.ts";

/** What nodes look through when they say no number: Besu's default. */
const USUAL_RANGE = 5_000;

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
  for (let start = from; start <= to; ) {
    const end = Math.min(to, start + range - 1);
    let logs: unknown;
    try {
      logs = await ask("eth_getLogs", [{ ...filter, fromBlock: hex(start), toBlock: hex(end) }]);
    } catch (error) {
      const shorter = shorterRange(error, end - start + 1);
      if (shorter === undefined) throw error;
      range = shorter;
      continue;
    }
    if ((await onLogs(Array.isArray(logs) ? logs : [])) === true) return;
    start = end + 1;
  }
}

/** A range that may do where a longer one was refused; undefined where the refusal is about something else. */
function shorterRange(error: unknown, asked: number): number | undefined {
  const { code, details } = BropError.from(error);
  if (code === "chain.unreachable") return undefined;
  if (code === "request.range-too-large" && typeof details.most === "number") {
    return details.most >= 1 && details.most < asked ? details.most : undefined;
  }
  return asked > USUAL_RANGE ? USUAL_RANGE : undefined;
}

const hex = (value: number) => `0x${value.toString(16)}`;
