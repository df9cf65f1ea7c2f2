import { ZeroAddress, ZeroHash } from "ethers";
import type { TypedEventLog } from "../../generated/contracts/common.ts";
import type { LinkedEvent, RecordedEvent } from "../../generated/contracts/contracts/evidence/Records.ts";
import { BropError } from "../core/errors.ts";
import { recordId } from "../core/record-id.ts";
import { bytes32, type Digest32 } from "../core/record-input.ts";
import type { Brop } from "./connect.ts";
import { bropErrorFrom } from "./errors.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { searchEvents } from "./log-search.ts";

/** One link of an object's chain of records. */
export interface TimelineLink {
  /** Its place in the chain, from 0. */
  index: number;
  /** Digest of the link before it; absent for the first. */
  previous?: string;
  digest: string;
  record: Evidence;
}

export type ChainFaultCode =
  | "link.missing"
  | "link.position"
  | "link.previous"
  | "link.record"
  | "object.length"
  | "object.head";

/** What is wrong with a chain of records. The contract lets none of it happen: the node that answered does not tell the truth. */
export interface ChainFault {
  code: ChainFaultCode;
  /** Index of the link; absent for the whole object. */
  index?: number;
  explanation: string;
}

/** The verified history of an object (EV-4). */
export interface Timeline {
  object: string;
  /** Who opened it and admits its writers. */
  owner: string;
  length: number;
  /** In the chain's order. */
  links: TimelineLink[];
  /** None for a chain that is whole. */
  faults: ChainFault[];
}

/**
 * Reads an object's chain of records and checks it again: each link names the digest before it, record identifiers
 * follow from their content, and length and head are those of the object's state.
 * @throws BropError `evidence.not-found` where there is no such object
 */
export async function timeline(brop: Brop, object: Digest32): Promise<Timeline> {
  const id = bytes32(object, "object");
  const { records } = brop.contracts;
  const state = await readObject(brop, id);
  const { length } = state;
  if (state.owner === ZeroAddress) throw new BropError("evidence.not-found", { object: id });
  const [linked, recorded] = await Promise.all([
    searchEvents(brop, records, records.filters.Linked(id), length),
    searchEvents(brop, records, records.filters.Recorded(undefined, undefined, id), length),
  ]);
  const { pairs, faults } = pair(id, linked, recorded);
  const links: TimelineLink[] = [];
  for (const { link, event } of pairs) {
    const record = await readEvidence(brop, event);
    const { previous, digest } = link.args;
    const index = Number(link.args.index);
    if (record === undefined) faults.push(fault("link.record", index, "its record does not stand in the registry"));
    else links.push({ index, ...(previous === ZeroHash ? {} : { previous }), digest, record });
  }
  faults.push(...checkChain(state, links));
  return { object: id, owner: state.owner, length, links, faults };
}

async function readObject(brop: Brop, id: string): Promise<{ owner: string; length: number; head: string }> {
  try {
    // By place: the member `length` of ethers' result is the number of its members.
    const [owner, length, head] = (await brop.contracts.records.objectOf(id)) as unknown as [string, bigint, string];
    return { owner, length: Number(length), head };
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

/**
 * Checks the links of an object against each other and against its state.
 * @param state.head digest of the last link; zero before the first
 */
export function checkChain(state: { length: number; head: string }, links: readonly TimelineLink[]): ChainFault[] {
  const faults: ChainFault[] = [];
  let previous: string | undefined;
  let expected = 0;
  for (const link of links) {
    const { index } = link;
    if (index > expected) {
      for (let missing = expected; missing < index; missing++) {
        faults.push(fault("link.missing", missing, "the chain goes on without it"));
      }
    } else if (index < expected) {
      faults.push(fault("link.position", index, `it stands where link ${expected} belongs`));
    } else if (link.previous !== previous) {
      faults.push(fault("link.previous", index, "it does not name the digest of the link before it"));
    }
    previous = link.digest;
    expected = index + 1;
  }
  if (links.length !== state.length) {
    const explanation = `The object has ${state.length} links, and ${links.length} were found`;
    faults.push({ code: "object.length", explanation });
  }
  if ((previous ?? ZeroHash) !== state.head) {
    faults.push({ code: "object.head", explanation: "The object's head is not the digest of the last link" });
  }
  return faults;
}

/** Finds each link's record; a link without one is a fault. */
function pair(
  object: string,
  linked: TypedEventLog<LinkedEvent.Event>[],
  recorded: TypedEventLog<RecordedEvent.Event>[],
) {
  const events = new Map(recorded.map((event) => [recordId(event.args.owner, event.args.digest, object), event]));
  const faults: ChainFault[] = [];
  const pairs: { link: TypedEventLog<LinkedEvent.Event>; event: TypedEventLog<RecordedEvent.Event> }[] = [];
  for (const link of linked) {
    const event = events.get(link.args.id);
    if (event !== undefined && event.args.digest === link.args.digest) pairs.push({ link, event });
    else faults.push(fault("link.record", Number(link.args.index), "no record has its identifier and digest"));
  }
  return { pairs, faults };
}

function fault(code: ChainFaultCode, index: number, words: string): ChainFault {
  return { code, index, explanation: `Link ${index}: ${words}` };
}
