/** Something that is not as the chain says. */
export interface Finding {
  /** The check that found it. */
  check: string;
  /** Table, or another place. */
  place: string;
  /** Which row or piece of it. */
  key: Record<string, unknown>;
  /** Column or part; undefined: the whole is missing or ought not to be there. */
  part?: string;
  /** What stands there, and what should; null: nothing. */
  is: unknown;
  should: unknown;
}

/** Where a check says how far it is. */
export interface AuditReport {
  /** @param total undefined: not known */
  progress(check: string, what: string, done: number, total?: number): void;
}

/** One way to compare what is kept with what the chain says. It changes nothing that it compares. */
export interface AuditCheck {
  readonly name: string;
  run(report: AuditReport): AsyncIterable<Finding>;
}

/** Findings of one check that are told; a table that is wholly lost would otherwise be told row by row. */
const MOST_FINDINGS = 1_000;

/** What an audit came to. */
export interface AuditOutcome {
  checks: { name: string; findings: number; complete: boolean }[];
}

/** Runs checks one after another. @param found told each finding as it comes */
export async function runAudit(
  checks: readonly AuditCheck[],
  report: AuditReport,
  found: (finding: Finding) => void,
): Promise<AuditOutcome> {
  const outcome: AuditOutcome = { checks: [] };
  for (const check of checks) {
    let findings = 0;
    let complete = true;
    for await (const finding of check.run(report)) {
      if (findings === MOST_FINDINGS) {
        complete = false;
        break;
      }
      findings++;
      found(finding);
    }
    outcome.checks.push({ name: check.name, findings, complete });
  }
  return outcome;
}
