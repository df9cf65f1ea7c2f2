import { ZeroAddress, ZeroHash } from "ethers";
import type { TypedEventLog } from "../../generated/contracts/common.ts";
import type { RecordedEvent } from "../../generated/contracts/contracts/evidence/Records.ts";
import { type DigestAlgorithm, digestAlgorithmOf } from "../core/digest.ts";
import { levelName } from "../core/levels.ts";
import { recordId } from "../core/record-id.ts";
import { bytes32, type Digest32 } from "../core/record-input.ts";
import type { Brop } from "./connect.ts";
import { bropErrorFrom } from "./errors.ts";
import { placeOf, searchEvents } from "./log-search.ts";

export type RecordStatus = "valid" | "revoked" | "superseded";

/** Who answers for an account. */
export interface Certified {
  /** Name of the level; `none` where no certification was live. */
  level: string;
  certifier?: string;
  /** The certifier's public name, where it is a partner. */
  certifierName?: string;
  /** Whether it is the certification at the time of the record, or, where the node has no history, the one of now. */
  asOf: "record" | "now";
}

/** A record as it stands on the chain. */
export interface Evidence {
  id: string;
  digest: string;
  algorithm: DigestAlgorithm | undefined;
  kind: number;
  owner: string;
  /** The owner's public name, where it is a partner. */
  ownerName?: string;
  certified: Certified;
  /** Partner that answers for an anonymous owner. */
  responsible?: string;
  subject?: string;
  businessKey?: string;
  refersTo?: string;
  status: RecordStatus;
  recordedAt: Date;
  block: number;
  transaction: string;
}

/** What the chain says about a digest. */
export interface DigestVerification {
  digest: string;
  /** In the chain's order; none: the data is not on record. */
  records: Evidence[];
  /** True if a record is valid: neither revoked nor superseded. */
  valid: boolean;
}

const STATUSES: readonly (RecordStatus | undefined)[] = [undefined, "valid", "revoked", "superseded"];

/**
 * Finds every record of a digest: whose it is, from when, and whether it still stands (EV-3). Events lead to the
 * records, the contract's state confirms each.
 *
 * @example
 * const digest = await digestStream(file.stream());
 * const { valid, records } = await verifyDigest(brop, digest);
 */
export async function verifyDigest(brop: Brop, digest: Digest32): Promise<DigestVerification> {
  const hex = bytes32(digest, "digest");
  const { records } = brop.contracts;
  const events = await searchEvents(brop, records, records.filters.Recorded(hex));
  const found = await Promise.all(events.map((event) => readEvidence(brop, event)));
  const confirmed = found.filter((record) => record !== undefined);
  return { digest: hex, records: confirmed, valid: confirmed.some(({ status }) => status === "valid") };
}

/**
 * Reads a record from its event, and its status from the contract's state.
 * @returns undefined for an event that the state does not confirm
 */
export async function readEvidence(
  brop: Brop,
  event: TypedEventLog<RecordedEvent.Event>,
): Promise<Evidence | undefined> {
  const { digest, owner, subject, algorithm, kind, responsible, businessKey, refersTo } = event.args;
  const id = recordId(owner, digest, subject);
  const { records, partners } = brop.contracts;
  try {
    const [state, { name }, certified] = await Promise.all([
      records.recordOf(id),
      partners.partner(owner),
      certifiedAt(brop, owner, event.blockNumber),
    ]);
    const status = STATUSES[Number(state.status)];
    if (status === undefined || state.algorithm !== algorithm || state.kind !== kind) return undefined;
    return {
      id,
      digest,
      algorithm: digestAlgorithmOf(algorithm),
      kind: Number(kind),
      owner,
      ...(name === "" ? {} : { ownerName: name }),
      certified,
      ...(responsible === ZeroAddress ? {} : { responsible }),
      ...given({ subject, businessKey, refersTo }),
      status,
      recordedAt: new Date(Number(state.recordedAt) * 1000),
      ...placeOf(event),
    };
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

async function certifiedAt(brop: Brop, account: string, block: number): Promise<Certified> {
  const { certifications, partners } = brop.contracts;
  const read = async (blockTag: number | "latest"): Promise<Omit<Certified, "asOf">> => {
    const { number, certifier } = await certifications.levelOf(account, { blockTag });
    if (number === 0n) return { level: "none" };
    const { name } = await partners.partner(certifier);
    return { level: levelName(number), certifier, ...(name === "" ? {} : { certifierName: name }) };
  };
  try {
    return { ...(await read(block)), asOf: "record" };
  } catch {
    // Only nodes that keep old states know what was then.
    return { ...(await read("latest")), asOf: "now" };
  }
}

/** The members that say something. */
function given<Name extends string>(words: Record<Name, string>): Partial<Record<Name, string>> {
  const entries = Object.entries<string>(words).filter(([, value]) => value !== ZeroHash);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
