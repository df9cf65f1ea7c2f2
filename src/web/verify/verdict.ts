import type { Certification, EvidenceRecord } from "../api/types.ts";

/** What is on record for one digest, in the words of a layperson. */
export type Outcome = "recorded" | "superseded" | "revoked" | "absent";

export interface Finding {
  readonly outcome: Outcome;
  /** The record that decides it. */
  readonly record: EvidenceRecord | undefined;
  /** Further records of the same content. */
  readonly others: readonly EvidenceRecord[];
}

// The best news that is true comes first: one valid record proves that the content existed, whatever became of others.
const ORDER = ["valid", "superseded", "revoked"] as const;

/** Judges the records of one digest: the earliest of the best status decides. */
export function judge(records: readonly EvidenceRecord[]): Finding {
  for (const status of ORDER) {
    const [record] = records.filter((candidate) => candidate.status === status).sort(byTime);
    if (!record) continue;
    const others = records.filter(({ id }) => id !== record.id);
    return { outcome: status === "valid" ? "recorded" : status, record, others };
  }
  return { outcome: "absent", record: undefined, others: [] };
}

function byTime(a: EvidenceRecord, b: EvidenceRecord): number {
  return a.blockNumber - b.blockNumber || Date.parse(a.recordedAt) - Date.parse(b.recordedAt);
}

/** Block and time of something that an account did. */
export interface Moment {
  readonly blockNumber: number;
  readonly time: string;
}

/**
 * The strongest certification that was in force at a moment; undefined where there was none. One that a later one has
 * superseded since was in force until then.
 */
export function certificationInForce(
  certifications: readonly Certification[],
  { blockNumber, time }: Moment,
): Certification | undefined {
  const at = Date.parse(time);
  return certifications
    .filter(({ status }) => status === "active" || status === "superseded")
    .filter((one) => one.blockNumber <= blockNumber && (one.endedBlock === null || one.endedBlock > blockNumber))
    .filter(({ expiresAt }) => Date.parse(expiresAt) > at)
    .sort((a, b) => b.level - a.level)[0];
}
