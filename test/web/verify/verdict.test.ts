import { expect } from "chai";
import type { Certification, EvidenceRecord, RecordStatus } from "../../../src/web/api/types.ts";
import { certificationInForce, judge } from "../../../src/web/verify/verdict.ts";

function record(id: string, status: RecordStatus, blockNumber: number): EvidenceRecord {
  const recordedAt = new Date(blockNumber * 3000).toISOString();
  return { id, status, blockNumber, recordedAt } as EvidenceRecord;
}

function certification(level: number, change: Partial<Certification> = {}): Certification {
  const usual = { status: "active", blockNumber: 10, endedBlock: null, expiresAt: "2027-01-01T00:00:00Z" } as const;
  return { level, ...usual, ...change } as Certification;
}

describe("web: verdicts", () => {
  it("says absent where nothing is on record", () => {
    expect(judge([])).to.deep.equal({ outcome: "absent", record: undefined, others: [] });
  });

  it("lets the earliest valid record decide, whatever order the records come in", () => {
    const [late, early, revoked] = [record("late", "valid", 9), record("early", "valid", 5), record("r", "revoked", 1)];
    const finding = judge([late, revoked, early]);
    expect(finding.outcome).to.equal("recorded");
    expect(finding.record?.id).to.equal("early");
    expect(finding.others.map(({ id }) => id)).to.have.members(["late", "r"]);
  });

  it("says superseded or revoked where no valid record is left", () => {
    expect(judge([record("a", "revoked", 1)]).outcome).to.equal("revoked");
    expect(judge([record("a", "revoked", 1), record("b", "superseded", 2)]).outcome).to.equal("superseded");
  });

  describe("certification in force", () => {
    const moment = { blockNumber: 20, time: "2026-11-20T08:00:00Z" };
    const inForce = (...all: Certification[]) => certificationInForce(all, moment)?.level;

    it("is the strongest one", () => {
      expect(inForce(certification(4), certification(6), certification(5))).to.equal(6);
    });

    it("is none that was suspended, revoked, expired, not yet given or over", () => {
      const out: Partial<Certification>[] = [
        { status: "suspended" },
        { status: "revoked" },
        { expiresAt: "2026-11-20T08:00:00Z" },
        { blockNumber: 21 },
        { endedBlock: 20, status: "superseded" },
      ];
      for (const change of out) expect(inForce(certification(6, change)), JSON.stringify(change)).to.equal(undefined);
    });

    it("counts one that was superseded only later", () => {
      expect(inForce(certification(6, { status: "superseded", endedBlock: 21 }))).to.equal(6);
    });
  });
});
