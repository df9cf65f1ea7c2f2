import { EventFragment } from "ethers";
import type { Changes } from "../../store/changes.ts";
import type { Log } from "../log.ts";

/** Notes down what an event changes. */
export type Handler = (log: Log, changes: Changes) => void;

/** The events of one contract: human-readable declaration, as in `contracts/interfaces`, to its handler. */
export type ContractEvents = Readonly<Record<string, Handler>>;

/** Handlers by topic 0, computed once. */
export function byTopic(events: ContractEvents): ReadonlyMap<string, Handler> {
  return new Map(Object.entries(events).map(([event, handler]) => [EventFragment.from(event).topicHash, handler]));
}
