import type { EventFilter } from "../../../src/core/event-filter.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import type { Receivers } from "../machine/receivers.ts";
import type { StreamReader } from "../workload/streams.ts";
import type { Wanted } from "../workload/subscribers.ts";
import { canonical } from "./actual-tables.ts";
import type { ExpectedEvent } from "./expected-tables.ts";

interface Told {
  id: string;
  event: ExpectedEvent;
}

/** Whether an event fits one of the filters that the simulation uses; written apart from the platform's own. */
function fits({ types, where = {} }: EventFilter, event: ExpectedEvent): boolean {
  const byType = types === undefined || types.some((type) => matchesType(type, event.type));
  return (
    byType &&
    Object.entries(where).every(([field, condition]) => {
      const value = event.data[field];
      if (value === undefined) return false;
      if (Array.isArray(condition)) return condition.includes(value as string);
      if (typeof condition === "object" && condition !== null) {
        return Number(value) >= Number((condition as { gte: string | number }).gte);
      }
      return value === condition;
    })
  );
}

function matchesType(pattern: string, type: string): boolean {
  return pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)));
}

function toldTo(filter: EventFilter, chain: ConsortiumChain, events: readonly ExpectedEvent[]): Told[] {
  return events
    .filter((event) => fits(filter, event))
    .map((event) => {
      const hash = String(chain.blocks[event.block]?.block.hash);
      return { id: `${event.block}-${event.log}-${hash.slice(2, 10)}`, event };
    });
}

/**
 * What a subscription's receiver got: in order, nothing left out, nothing that does not fit; the same event only with the
 * same identifier and content. Only a replay goes back.
 */
export function checkSubscription(
  one: Wanted,
  chain: ConsortiumChain,
  receivers: Receivers,
  events: readonly ExpectedEvent[],
): string[] {
  const differences: string[] = [];
  const say = (text: string) => differences.push(`subscription ${one.url} ${JSON.stringify(one.filter)}: ${text}`);
  const expected = toldTo(one.filter, chain, events).filter(({ event }) => event.block >= (one.fromBlock ?? 0));
  const places = new Map(expected.map(({ id }, index) => [id, index]));
  const taken = new Set<string>();
  const contents = new Map<string, string>();
  // Whoever answered 410 is told no more; if they come back, what they refused comes later.
  const ordered = !receivers.hasLeft(one.url);
  let last = -1;
  let back = 0;
  for (const { id, body, taken: noted } of receivers.arrivals(one.url)) {
    const place = places.get(id);
    if (place === undefined) {
      say(`was told ${id}, which is not for it`);
      continue;
    }
    const content = JSON.stringify({ ...JSON.parse(body), time: undefined });
    if ((contents.get(id) ?? content) !== content) say(`was told ${id} in two ways`);
    contents.set(id, content);
    if (!sameData(body, expected[place] as Told)) {
      say(`was told ${id} with other data: ${body}`);
    }
    if (last >= 0 && place < last) back++;
    const before = expected[place - 1];
    const first = last < 0;
    if (ordered && !first && place > last && before !== undefined && !taken.has(before.id)) {
      say(`was told ${id} before it had taken ${before.id}`);
    }
    if (first && one.fromBlock !== undefined && place > 0) say(`began with ${id} instead of ${expected[0]?.id}`);
    last = place;
    if (noted) taken.add(id);
  }
  if (ordered && back > one.replays) say(`was told earlier events ${back} times with ${one.replays} replays`);
  if (one.ended || one.id === undefined || !ordered) return differences;
  for (const { id, event } of expected) {
    const due = one.fromBlock !== undefined || event.block > (one.answeredAt ?? Number.MAX_SAFE_INTEGER);
    if (due && !taken.has(id)) {
      say(`was not told ${id} ${event.type}`);
      break;
    }
  }
  return differences;
}

function sameData(body: string, { event }: Told): boolean {
  const { data, type, blocknumber, logindex } = JSON.parse(body);
  return (
    type === `brop.${event.type}` &&
    blocknumber === event.block &&
    logindex === event.log &&
    canonical(data) === canonical(event.data)
  );
}

/** What a reader of the stream got: exactly its events, each once, in order. */
export function checkStream(reader: StreamReader, chain: ConsortiumChain, events: readonly ExpectedEvent[]): string[] {
  const expected = toldTo(reader.filter, chain, events)
    .filter(({ event }) => event.block >= reader.fromBlock)
    .map(({ id }) => id);
  const got = reader.received;
  for (let index = 0; index < Math.max(expected.length, got.length); index++) {
    if (expected[index] === got[index]) continue;
    const what = JSON.stringify(reader.filter);
    return [`stream ${what} from ${reader.fromBlock}: event ${index} is ${got[index]}, expected ${expected[index]}`];
  }
  return [];
}
