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

/** The strongest certification in force at a time, among those that stood at its block; undefined where there is none. */
export function certificationInForce(
  certifications: readonly Certification[],
  time: string,
): Certification | undefined {
  const at = Date.parse(time);
  return certifications
    .filter(({ status, expiresAt }) => status === "active" && Date.parse(expiresAt) > at)
    .sort((a, b) => b.level - a.level)[0];
}
